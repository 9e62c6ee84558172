/** Rights asked for through a real polkit, by an ordinary user, with the package's policy and the real recorder. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { COLLECTOR, NODE, ROOT } from '../../scripts/places.ts';
import { asUser, folderFor, giveTo, testUser, type TestUser } from '../e2e/user.ts';

const NEEDED = ['/usr/bin/dbus-daemon', '/usr/bin/pkexec', '/usr/bin/pkcheck', '/usr/lib/polkit-1/polkitd', COLLECTOR];

const MINUTE = 60_000;

/** Why it cannot be tried here. */
function obstacle(): string | undefined {
  if (process.getuid?.() !== 0) return 'not root';
  const missing = NEEDED.filter((path) => !existsSync(path));
  if (missing.length > 0) return `${missing.join(', ')} missing`;
  return spawnSync('unshare', ['--mount', '--pid', '--fork', 'true']).status === 0 ? undefined : 'no namespaces here';
}

const why = obstacle();
if (why !== undefined) process.stderr.write(`polkit is not tried: ${why}\n`);

const PACKAGED = '/opt/Modtrail/resources/collector/modtrail-collector';

interface Told {
  readonly file: string;
  readonly started: { readonly ok: boolean; readonly error?: { readonly code: string; readonly message: string } };
  readonly stopped?: { readonly ok: boolean };
  readonly command?: string;
  readonly made?: { readonly uid: number; readonly size: number };
}

describe.skipIf(why !== undefined)('through polkit', { timeout: 4 * MINUTE }, () => {
  let user: TestUser;
  let home: string;

  beforeAll(() => {
    user = testUser();
    home = folderFor(user);
    for (const name of ['granted', 'refused', 'asked', 'unanswered']) {
      mkdirSync(join(home, name));
      giveTo(user, join(home, name));
    }
  });

  afterAll(() => {
    rmSync(home, { recursive: true, force: true });
  });

  /** Records into files under home, by name. */
  const ask = (collector: string, agent: string, names: readonly string[]): readonly Told[] =>
    inPlace<Told>('ask.ts', collector, agent, ...names.map((each) => join(home, each)));

  /** Runs a script of test/main/polkit as the user, beside a polkit of its own; each line that it prints is JSON. */
  function inPlace<Line>(name: string, ...words: readonly string[]): readonly Line[] {
    const who = execFileSync('id', ['-nu', String(user.uid)], { encoding: 'utf8' }).trim();
    const program = ['/mnt', relative(ROOT, NODE)].join('/');
    const script = `/mnt/test/main/polkit/${name}`;
    const output = execFileSync(
      'unshare',
      [
        ...['--mount', '--pid', '--fork', '--mount-proc', '--kill-child'],
        ...[join(ROOT, 'test/main/polkit/place.sh'), ROOT, who, COLLECTOR],
        ...[...asUser(user), 'env', '-i', 'PATH=/usr/bin:/bin', `TMPDIR=${home}`, program, script],
        ...words,
      ],
      { encoding: 'utf8', timeout: MINUTE, killSignal: 'SIGKILL' },
    );
    return output
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Line);
  }

  /** Names of files that a shell, a dialog or a program's options could trip over. */
  const HOSTILE = [
    ...['plain', 'a b', '$(touch owned)', '`touch owned`', '"; touch owned; "', "it's", 'new\nline', '--user', '-rf'],
    ...['ümlaut 漢字', '\u001b[201~', '%s%n', 'x'.repeat(230)],
  ].map((name) => `${name}.modtrail`);

  const recorded = (told: readonly Told[]): void => {
    for (const { file, started, stopped, made } of told) {
      expect({ file, started: started.ok, error: started.error, stopped: stopped?.ok, uid: made?.uid }).toEqual({
        ...{ file, started: true, error: undefined, stopped: true, uid: user.uid },
      });
    }
  };

  test('granted: the packaged recorder writes as the user, wherever it is told to', () => {
    const told = ask(
      PACKAGED,
      'none',
      HOSTILE.map((name) => `granted/${name}`),
    );
    expect(told).toHaveLength(HOSTILE.length);
    recorded(told);
    expect(existsSync(join(home, 'owned')) || existsSync('/owned')).toBe(false);
  });

  test('granted: a recorder that no policy names goes through sudo-prompt', () => {
    // Its command line, which the rule looks at, spells what is not plain.
    const told = ask('/mnt/dist/collector/modtrail-collector', 'none', [
      ...HOSTILE.map((name) => `granted/via ${name}`),
    ]);
    recorded(told);
    expect(existsSync(join(home, 'owned')) || existsSync('/owned')).toBe(false);
  });

  test('granted: one that is kept goes on when the app is killed, and root has no part in it', () => {
    for (const [index, collector] of [PACKAGED, '/mnt/dist/collector/modtrail-collector'].entries()) {
      const file = join(home, `granted/kept-${String(index)}.modtrail`);
      const [told] = inPlace('kept.ts', collector, file, join(home, `granted/kept-${String(index)}.json`));
      expect(told).toMatchObject({
        ...{ begun: expect.stringMatching(/^\{"ok":true/) as string, signal: 'SIGKILL', met: file },
        ...{ meanwhile: [], stopped: { ok: true }, afterwards: [] },
      });
    }
  });

  test('not granted: each outcome in its own words', () => {
    const [refused] = ask(PACKAGED, 'none', ['refused/a.modtrail']);
    expect(refused).toMatchObject({ started: { error: { code: 'not-authorised' } } });
    const [closed] = ask(PACKAGED, 'dismissed', ['asked/a.modtrail']);
    expect(closed).toMatchObject({ started: { error: { code: 'dismissed' } } });
    const [wrong] = ask(PACKAGED, 'failed', ['asked/a.modtrail']);
    expect(wrong).toMatchObject({ started: { error: { code: 'not-authorised' } } });
    for (const told of [refused, closed, wrong]) {
      expect(told?.command).toBeUndefined();
      expect(told?.made).toBeUndefined();
    }
  });

  test('asked in vain: nothing of it is left, in whichever way the app ends, and it can be called off', () => {
    for (const [collector, ways] of [
      [PACKAGED, ['pkexec']],
      ['/mnt/dist/collector/modtrail-collector', ['sh', 'pkexec']],
    ] as const) {
      for (const way of ['killed', 'ended', 'off']) {
        const [told] = inPlace('unanswered.ts', collector, join(home, `unanswered/${way}.modtrail`), way);
        const message = 'no recorder was started: the recording was called off';
        expect(told).toEqual({
          ...{ asking: expect.arrayContaining([...ways]) as string[], isOffered: true, left: [] },
          answer: way === 'off' ? { ok: false, error: { code: 'dismissed', message } } : null,
        });
      }
    }
  });

  test('nobody to ask: the line for a terminal', () => {
    for (const collector of [PACKAGED, '/mnt/dist/collector/modtrail-collector']) {
      const [told] = ask(collector, 'none', ['asked/a b.modtrail']);
      expect(told?.started.error?.code).toBe('dismissed');
      const words = [collector, '--out', `'${join(home, 'asked/a b.modtrail')}'`, '--control'].join(' ');
      expect(told?.command).toContain(`sudo ${words} `);
      expect(told?.command).toContain(`--user ${String(user.uid)}:${String(user.gid)}`);
    }
  });
});
