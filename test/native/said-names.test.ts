/** Names and words from outside in what the recorder says: shown as the command line shows them, on one line. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { printable } from '#contract/printable.ts';
import { COLLECTOR, ROOT } from '../../scripts/places.ts';
import { run } from '../lab/boot/run.ts';
import { Recorder, recorderEnds, whyNotHere } from './collector.ts';
import { Listener } from './listener.ts';

const HOSTILE =
  'a\nmodtrail-collector: fine\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egpj.exe\u2066\u061c\u2028\u007f';

/** Each character up to the end of the marks of direction, and some beyond, in words short enough for one argument. */
const CODES = [...Array.from({ length: 0x2100 }, (_, code) => code + 1), 0xfefe, 0xfeff, 0xff00, 0x1f511, 0x10ffff];
const TABLE = Array.from({ length: Math.ceil(CODES.length / 256) }, (_, part) =>
  String.fromCodePoint(...CODES.slice(part * 256, (part + 1) * 256)),
);

const reason = whyNotHere();
let work = '';

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'modtrail-said-'));
});

afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

describe.skipIf(!existsSync(COLLECTOR))('what the recorder says', () => {
  test.each([
    ['an option', [`--${HOSTILE}`], `'--${HOSTILE}' is not an option or lacks its value; see --help`],
    ['a value', ['--out', 'x', '--ring', HOSTILE], `--ring does not take '${HOSTILE}'; see --help`],
    ['a word', ['--out', 'x', HOSTILE], `'${HOSTILE}' was not expected; see --help`],
    ['a stream', ['--out', 'x', '--from', HOSTILE], `${HOSTILE} cannot be opened: No such file or directory`],
    [
      'a folder',
      ['--from', '/dev/null', '--out', `/${HOSTILE}/x`],
      `/${HOSTILE}/x cannot be created: No such file or directory`,
    ],
  ])('%s of hostile letters is shown, and is one line', async (_, words, sentence) => {
    const end = await recorderEnds(words);
    expect(end.stderr).toBe(`modtrail-collector: ${printable(sentence)}\n`);
    expect(end.code).toBe(2);
  });

  test('a file that is there already', async () => {
    const file = join(work, HOSTILE);
    writeFileSync(file, '');
    const end = await recorderEnds(['--from', '/dev/null', '--out', file]);
    expect(end.stderr).toBe(
      `modtrail-collector: ${printable(file)} exists already: a capture is never written over a file\n`,
    );
    rmSync(file);
    writeFileSync(`${file}-wal`, '');
    const beside = await recorderEnds(['--from', '/dev/null', '--out', file]);
    expect(beside.stderr).toMatch(/^modtrail-collector: [^\n]*a\\x0amod[^\n]*-wal exists already: [^\n]*\n$/);
  });

  test('every character is shown as the command line shows it', async () => {
    for (const text of TABLE) {
      const end = await recorderEnds(['--out', 'x', '--attach', text]);
      expect(end.stderr).toBe(`modtrail-collector: --attach does not take '${printable(text)}'; see --help\n`);
    }
  });

  test('what is no UTF-8 is shown byte by byte', async () => {
    // No argument of Node's is anything but UTF-8.
    const end = await recorderEnds(
      ['sh', '-c', `exec "$0" --attach "$(printf 'a\\377\\302\\200\\355\\240\\200')"`, COLLECTOR],
      {
        program: '/usr/bin/env',
      },
    );
    expect(end.stderr).toBe("modtrail-collector: --attach does not take 'a\\xff\\x80\\xed\\xa0\\x80'; see --help\n");
  });

  test('with sanitizers: the longest words are cut, and nothing is read or written beside them', async () => {
    run('make', ['-s', '-C', join(ROOT, 'native'), 'dev']);
    const program = `${COLLECTOR}-dev`;
    for (const text of [...TABLE, HOSTILE, '\u202e'.repeat(20_000), '\u001b'.repeat(60_000)]) {
      const end = await recorderEnds(['--out', 'x', '--attach', text], { program });
      expect(end.stderr).not.toMatch(/Sanitizer|runtime error/);
      expect(end.stderr).toMatch(/^modtrail-collector: --attach does not take '[^\n]*\n$/);
      expect(end.stderr.slice(0, -1)).toBe(printable(end.stderr.slice(0, -1)));
    }
  });
});

describe.skipIf(reason !== undefined)(`a recording${reason ? ` (skipped: ${reason})` : ''}`, () => {
  test('of a hostile name: stderr has it escaped, the control line exact', async () => {
    const file = join(work, `${HOSTILE}.modtrail`);
    const listener = await new Listener(join(work, 'line')).listen();
    const recorder = new Recorder(['--out', file, '--control', listener.path]);
    const hello = await listener.hears('hello');
    const out = / out=(\S+)/.exec(hello)?.[1] ?? '';
    expect(decodeURIComponent(out)).toBe(file);
    const end = await recorder.stop();
    listener.close();
    const [begun, finished, ...more] = end.stderr.split('\n');
    expect(begun).toMatch(/^recording to /);
    expect(begun).toContain(`${printable(file)}: `);
    expect(finished).toMatch(/^finished /);
    expect(finished).toContain(`${printable(file)}: `);
    expect(more).toEqual(['']);
  });
});
