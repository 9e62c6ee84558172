/** `modtrail capture` as an ordinary user, through a sudo that no signal of that user's reaches. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { COLLECTOR, NODE, ROOT } from '../../scripts/places.ts';
import { asUser, folderFor, testUser, type TestUser } from '../e2e/user.ts';
import { run } from './run.ts';

/** Why it cannot be tried here. */
function obstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root';
  const missing = ['/usr/bin/setpriv', COLLECTOR].filter((path) => !existsSync(path));
  if (missing.length > 0) return `${missing.join(', ')} missing`;
  return spawnSync('unshare', ['--mount', 'true']).status === 0 ? undefined : 'no namespaces here';
}

const why = obstacle();
if (why !== undefined) process.stderr.write(`ordinary users are not tried: ${why}\n`);

/**
 * A place that only what runs there sees, with the checkout $1 in /mnt/app, and a sudo for everybody that does $2 before it
 * starts something, and stays until that has ended. It is root altogether: real ones differ in whether they are.
 */
const PLACE = `
mount --make-rprivate /
mount -t tmpfs -o mode=0755 modtrail /mnt
mkdir /mnt/app /mnt/bin
mount --bind "$1" /mnt/app
install -m 4755 /usr/bin/setpriv /mnt/bin/become
cat >/mnt/bin/sudo <<END
#!/bin/sh
shift
exec /mnt/bin/become --reuid=0 --regid=0 --clear-groups -- sh -c '$2; "\\$@"; exit \\$?' sh "\\$@"
END
chmod 755 /mnt/bin/sudo
shift 2
exec "$@"`;

describe.skipIf(why !== undefined)('a recorder of root', () => {
  let user: TestUser;
  let home: string;

  beforeEach(() => {
    user = testUser();
    home = folderFor(user);
  });

  afterEach(() => {
    rmSync(home, { recursive: true, force: true });
  });

  /** Nothing in between: its process is that of the command line. */
  function startAsUser(before = 'true') {
    const child = spawn(
      'unshare',
      [
        ...['--mount', 'sh', '-ec', PLACE, 'place', ROOT, before],
        ...[...asUser(user), 'env', '-i', 'PATH=/mnt/bin:/usr/bin:/bin', `TMPDIR=${home}`],
        ...[
          join('/mnt/app', relative(ROOT, NODE)),
          '/mnt/app/cli/main.ts',
          'capture',
          '--out',
          join(home, 'own.modtrail'),
        ],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const said = { text: '' };
    child.stderr.on('data', (text: Buffer) => (said.text += text.toString()));
    return { child, said, ended: once(child, 'exit') as Promise<[number | null]> };
  }

  async function until(holds: () => boolean): Promise<void> {
    while (!holds()) await sleep(50);
  }

  test('a signal to the command ends the recorder, in order', async () => {
    const { child, said, ended } = startAsUser();
    await until(() => said.text.includes('recording to') || child.exitCode !== null);
    child.kill('SIGTERM');
    const [code] = await ended;
    expect([code, said.text]).toEqual([0, expect.stringMatching(/^recording to .*\nfinished .*\n$/)]);
    expect(run('verify', join(home, 'own.modtrail')).stdout).toMatch(/^holds: /);
    expect(readdirSync(home)).toEqual(['own.modtrail']);
  });

  test('so does its death', async () => {
    const { child, said } = startAsUser();
    await until(() => said.text.includes('recording to') || child.exitCode !== null);
    child.kill('SIGKILL');
    await until(() => said.text.includes('finished') || child.exitCode !== null);
    expect(said.text).toMatch(/^recording to .*\nfinished .*\n$/);
  });

  test('a recorder that is granted after the command was ended does not begin', async () => {
    const { child, said, ended } = startAsUser('echo granted >&2; sleep 1');
    await until(() => said.text.includes('granted') || child.exitCode !== null);
    child.kill('SIGTERM');
    expect(await ended).toEqual([143, null]);
    await once(child.stderr, 'close');
    expect(said.text).toMatch(/^granted\nmodtrail-collector: .*\n$/);
    expect(readdirSync(home)).toEqual([]);
  });
});
