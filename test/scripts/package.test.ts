/**
 * The package, installed in a copy of this system. It takes minutes, so that it is tried on demand, as root:
 *
 *     npm run package -- --fast && MODTRAIL_PACKAGE=1 npx vitest run --project scripts test/scripts/package.test.ts
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { describe, expect, test } from 'vitest';
import { ROOT, SAMPLE } from '../../scripts/places.ts';
import { folderFor, giveTo, testUser } from '../e2e/user.ts';

const OUT = join(ROOT, 'out');
const MINUTES = 60_000;

describe.runIf(process.env['MODTRAIL_PACKAGE'] === '1')('the package', () => {
  test('its fuses: no inspector, no options from outside, only its own archive', async () => {
    const fuses = await getCurrentFuseWire(join(OUT, 'linux-unpacked/modtrail'));
    const set = (option: FuseV1Options): boolean => fuses[option] === FuseState.ENABLE;
    expect({
      node: set(FuseV1Options.RunAsNode),
      inspector: set(FuseV1Options.EnableNodeCliInspectArguments),
      options: set(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      archive: set(FuseV1Options.OnlyLoadAppFromAsar),
      files: set(FuseV1Options.GrantFileProtocolExtraPrivileges),
      snapshot: set(FuseV1Options.LoadBrowserProcessSpecificV8Snapshot),
      cookies: set(FuseV1Options.EnableCookieEncryption),
    }).toEqual({
      ...{ node: true, inspector: false, options: false, archive: true, files: false, snapshot: false, cookies: true },
    });
  });

  test('installs, records, shows a capture in its window, and leaves nothing behind', { timeout: 10 * MINUTES }, () => {
    const user = testUser();
    const scratch = folderFor(user);
    try {
      mkdirSync(join(scratch, 'profile'));
      copyFileSync(SAMPLE, join(scratch, 'shown.modtrail'));
      chmodSync(join(scratch, 'shown.modtrail'), 0o644);
      giveTo(user, join(scratch, 'profile'), join(scratch, 'shown.modtrail'));
      const deb = readdirSync(OUT).find((name) => name.endsWith('.deb')) ?? 'no package; make it with npm run package';
      const told = execFileSync(
        'unshare',
        [
          ...['--mount', '--pid', '--fork', '--mount-proc', '--kill-child'],
          ...[join(ROOT, 'test/scripts/package/root.sh'), join(OUT, deb), String(user.uid), scratch],
        ],
        { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
      );
      expect(
        Object.fromEntries(
          told
            .trim()
            .split('\n')
            .map((line) => line.split(/=(.*)/s).slice(0, 2)),
        ),
      ).toEqual({
        ...{ foreign: '0', type: '1', cli: 'sound', opt: 'gone', left: '' },
        window: expect.stringContaining('shown') as string,
      });
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
});
