import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { promptFailure, promptWord } from '../../main/app/recorder/elevation.ts';

/** What sudo-prompt makes of a command, without the part that asks: two shells, one within the other. */
function throughShells(words: readonly string[], cwd: string): string[] {
  const command = ['printf', '%s\\0', ...words].map(promptWord).join(' ').replaceAll('"', '\\"');
  const output = execFileSync('/bin/sh', ['-c', `/bin/bash -c "echo SUDOPROMPT; ${command}"`], { cwd });
  return output.toString('utf8').replace('SUDOPROMPT\n', '').split('\0').slice(0, -1);
}

describe('promptWord', () => {
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
  ];

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
      fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
        expect(throughShells(words, '/')).toEqual(words);
      }),
      { numRuns: 50 },
    );
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
