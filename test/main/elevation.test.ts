import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { terminalCommand, terminalWord } from '../../main/app/recorder/by-hand.ts';
import { pkexecFailure, promptFailure, promptWord, runAsRoot } from '../../main/app/recorder/elevation.ts';
import { findImageObstacle, findObstacle } from '../../main/app/recorder/obstacle.ts';
import { systemWords } from '../../main/app/system-words.ts';
import { isRootsOwn, trustedPath } from '../../main/rights/trusted-path.ts';

/** What sudo-prompt makes of a command, without the part that asks: two shells, one within the other. */
function throughShells(words: readonly string[], cwd: string): string[] {
  const command = ['printf', '%s\\0', ...words].map(promptWord).join(' ').replaceAll('"', '\\"');
  const output = execFileSync('/bin/sh', ['-c', `/bin/bash -c "echo SUDOPROMPT; ${command}"`], { cwd });
  return output.toString('utf8').replace('SUDOPROMPT\n', '').split('\0').slice(0, -1);
}

const hostile = [
  '/plain/path-1.modtrail',
  'a b',
  '',
  '$(touch owned)',
  '`touch owned`',
  '$HOME ${HOME} $$',
  '"; touch owned; "',
  "'; touch owned; '",
  '\\"\\$(touch owned)\\',
  'new\nline\ttab',
  '!history * ? [a-z] ~ {a,b}',
  'ümlaut 漢字 \u{1f4be}',
  'abc0\u00010',
  "$'\\x41'",
  '--out',
  '-rf',
  '\u001b[201~\u001b]0;title\u0007',
  '\u202egpj.exe',
  'x'.repeat(4096),
];

describe('promptWord', () => {
  test('reaches the program as it is, and nothing in it is carried out', () => {
    const folder = mkdtempSync(join(tmpdir(), 'modtrail-words-'));
    try {
      expect(throughShells(hostile, folder)).toEqual(hostile);
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test('whatever the word is', () => {
    const word = fc.string({ unit: 'binary' }).map((text) => Buffer.from(text).toString('utf8').replaceAll('\0', ''));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 200 }), (words) => {
        expect(throughShells(words, '/')).toEqual(words);
      }),
      { numRuns: 8 },
    );
  });
});

describe('the line for a terminal', () => {
  const throughTerminal = (words: readonly string[]): string[] => {
    const line = ['printf', String.raw`%s\0`, ...words].map(terminalWord).join(' ');
    expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    return execFileSync('/bin/bash', ['-c', line], { cwd: '/' }).toString('utf8').split('\0').slice(0, -1);
  };

  test('gives the recorder the words as they are, and shows every character of them', () => {
    expect(throughTerminal(hostile)).toEqual(hostile);
  });

  test('whatever the words are', () => {
    const word = fc.string({ unit: 'binary' }).map((text) => Buffer.from(text).toString('utf8').replaceAll('\0', ''));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 200 }), (words) => {
        expect(throughTerminal(words)).toEqual(words);
      }),
      { numRuns: 8 },
    );
  });

  test('is what a person would write', () => {
    expect(terminalCommand(['/opt/c', '--out', "/home/a b's/x.modtrail", '--user', '1000:1000'])).toBe(
      String.raw`sudo /opt/c --out '/home/a b'\''s/x.modtrail' --user 1000:1000`,
    );
  });
});

describe('pkexec ended', () => {
  test.each([
    [126, 'Error executing command as another user: Request dismissed', 'dismissed', undefined],
    [127, 'Error executing command as another user: Not authorized', 'not-authorised', undefined],
    [127, 'Error executing command as another user: No authentication agent found.', 'not-authorised', true],
    [127, 'Error getting authority: Error initializing authority: Could not connect', 'not-authorised', true],
    [2, 'modtrail-collector: cannot attach', 'collector-failed', undefined],
    [null, '', 'collector-failed', undefined],
  ] as const)('with %s: %s', (code, told, expected, byHand) => {
    const outcome = pkexecFailure(code, told);
    expect(outcome).toMatchObject({ ok: false, error: { code: expected } });
    expect('byHand' in outcome ? outcome.byHand : undefined).toBe(byHand);
  });
});

describe('in a folder', () => {
  let folder: string;
  let program: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'modtrail-trust-'));
    mkdirSync(join(folder, 'bin'));
    program = join(folder, 'bin/collector');
    writeFileSync(program, '');
    chmodSync(join(folder, 'bin'), 0o755);
    chmodSync(program, 0o755);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const who = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const told = async (path = program): Promise<string> => {
    const result = await trustedPath(path, who);
    return result.ok ? result.value : result.error.message;
  };

  test('a program that nobody else could have replaced is trusted, by its real path', async () => {
    symlinkSync(program, join(folder, 'link'));
    expect(await told(join(folder, 'link'))).toBe(program);
  });

  test('one that others may write to, or whose folder they may write to, is not', async () => {
    chmodSync(program, 0o757);
    expect(await told()).toContain(`${program} may be written to by everybody`);
    chmodSync(program, 0o755);
    chmodSync(join(folder, 'bin'), 0o777);
    expect(await told()).toContain(`${join(folder, 'bin')} may be written to by everybody`);
    chmodSync(join(folder, 'bin'), 0o1777);
    expect(await told()).toBe(program);
  });

  test.runIf(who.uid === 0)('nor one that belongs to somebody else, or lies in their folder', async () => {
    chownSync(folder, 12_345, 0);
    expect(await told()).toContain(`${folder} belongs to user 12345`);
    chownSync(folder, 0, 12_345);
    chmodSync(folder, 0o770);
    expect(await told()).toContain(`${folder} may be written to by group 12345`);
  });

  test.runIf(who.uid === 0)('nor one that a group may write to, be it that of root', async () => {
    expect(await isRootsOwn(program)).toBe(true);
    chmodSync(program, 0o775);
    expect(await told()).toContain(`${program} may be written to by group 0`);
    const user = await trustedPath(program, { uid: 12_345, gid: 12_345 });
    expect(user).toMatchObject({ ok: false, error: { code: 'not-authorised' } });
    expect(await isRootsOwn(program)).toBe(false);
  });

  test('one inside an AppImage, which root cannot read, is refused before anybody is asked for rights', async () => {
    vi.stubEnv('APPIMAGE', '/home/user/Modtrail.AppImage');
    vi.stubEnv('APPDIR', folder);
    vi.spyOn(process, 'getuid').mockReturnValue(12_345);
    try {
      const refused = {
        code: 'not-authorised',
        message: expect.stringMatching(/^an AppImage cannot record /) as string,
      };
      expect(await runAsRoot([program, '--out', '/x'])).toEqual({ ok: false, error: refused });
      expect(await findImageObstacle(program, 0)).toBeUndefined();
      // Modtrail as it is installed, started by another AppImage.
      vi.stubEnv('APPDIR', join(folder, 'b'));
      expect(await findImageObstacle(program, 12_345)).toBeUndefined();
    } finally {
      vi.restoreAllMocks();
      vi.unstubAllEnvs();
    }
  });

  test('what cannot become a capture is told before anybody is asked for rights', async () => {
    const code = async (file: string): Promise<string | undefined> => (await findObstacle(program, file))?.code;
    expect(await code(join(folder, 'a b\'"\n$(x) -- .modtrail'))).toBeUndefined();
    expect(await code(program)).toBe('already-exists');
    expect(await code(join(folder, 'x'.repeat(250)))).toBe('not-writable');
    expect(await code(join(folder, 'x/'.repeat(2048)))).toBe('not-writable');
    expect(await code(join(folder, 'absent/new.modtrail'))).toBe('not-writable');
    // What Node makes of a name that is not UTF-8.
    expect(await code(join(folder, Buffer.from([0x61, 0xff]).toString()))).toBe('bad-request');
  });

  test('why nothing can be made in a folder is told in words, whatever the system says', async () => {
    const own = await findObstacle(program, '/proc/self/new.modtrail');
    expect(own?.message).toBe('a recording cannot be saved in /proc/self: no file can be made there');
    for (const code of ['EIO', 'ESTALE', 'ENOTCONN', 'EDQUOT'] as const) {
      const unforeseen = Object.assign(new Error(code), { code, errno: -constants.errno[code] });
      expect(systemWords(unforeseen)).toMatch(/^[a-z /]{8,}$/);
    }
    expect(systemWords(new Error('no error of the system'))).toBe('no error of the system');
  });
});

describe('promptFailure tells what became of the dialog', () => {
  const codeOf = (message: string, code?: number, stderr = ''): string => {
    const result = promptFailure(Object.assign(new Error(message), { code }), stderr);
    return result.ok ? '' : result.error.code;
  };

  test('closed', () => {
    expect(codeOf('User did not grant permission.', 126)).toBe('dismissed');
  });

  test('refused', () => {
    expect(codeOf('User did not grant permission.', 127)).toBe('not-authorised');
  });

  test('nobody there to ask', () => {
    expect(codeOf('No polkit authentication agent found.', 127)).toBe('not-authorised');
    expect(codeOf('Unable to find pkexec or kdesudo.')).toBe('not-authorised');
  });

  test('granted, and then the recorder failed: in its own words', () => {
    const stderr = 'something else\nmodtrail-collector: cannot attach: not permitted\n';
    expect(promptFailure(Object.assign(new Error('Command failed: …'), { code: 2 }), stderr)).toMatchObject({
      error: { code: 'collector-failed', message: 'cannot attach: not permitted' },
    });
  });
});
