/** Wrong usage and unusable input: exit code 2, one clear line on stderr, nothing on stdout. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { ROOT, run, SAMPLE, shell } from './run.ts';

const folder = mkdtempSync(join(tmpdir(), 'modtrail-usage-'));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  [[], 'a command is needed'],
  [['bogus'], "unknown command 'bogus'"],
  [['infos', SAMPLE], 'Did you mean info?'],
  [['info'], "missing required argument 'capture'"],
  [['info', SAMPLE, 'more'], 'too many arguments'],
  [['info', SAMPLE, '--bogus'], "unknown option '--bogus'"],
  [['events', SAMPLE, '--limit'], "option '--limit <n>' argument missing"],
  [['events', SAMPLE, '--limit', '0'], 'not a whole number above 0'],
  [['events', SAMPLE, '--limit', '1.5'], 'not a whole number above 0'],
  [
    ['attempts', SAMPLE, '--filter', 'proces.comm == x'],
    "filter, column 1: There is no field 'proces.comm'. Did you mean 'process.comm'?",
  ],
  [['events', SAMPLE, '--filter', 'kind == loss and pid > one'], "filter, column 24: 'one' is not a whole number"],
  [['attempts', SAMPLE, '--filter', 'request.name == x'], 'filter, column 1: Only events have the field request.name.'],
  [['events', SAMPLE, '--json', '--filter', '(kind == loss'], 'filter, column 1: This bracket is not closed.'],
  [['events', SAMPLE, '--filter', 'x'.repeat(10_001)], 'filter, column 10001: '],
  [['attempts', SAMPLE, '--limit', 'x'], 'not a whole number above 0'],
  [['info', '/nowhere/at/all'], '/nowhere/at/all does not exist'],
  [['events', '/'], '/ is a folder'],
  [['attempts', '/dev/null'], 'not a regular file'],
  [['story', join(ROOT, 'package.json')], 'is not a capture'],
  [['reference', 'bogus'], "there is no event 'bogus'"],
  [['capture'], "required option '--out <file>' not specified"],
  [['capture', '--out', '/tmp/x', '--duration', '-1'], 'not a number of seconds'],
  [['capture', '--out', '/tmp/x', '--duration', 'soon'], 'not a number of seconds'],
  [['capture', '--out', '/tmp/new/'], 'no file in it'],
  [['capture', '--out', 'new/.'], 'no file in it'],
  [['capture', '--out', '..'], 'no file in it'],
  [['capture', '--out', ''], 'no file in it'],
  [['attach', '-', '--out', 'new/'], 'no file in it'],
  [['extract', SAMPLE, '--event', '1', '--out', 'new/'], 'no file in it'],
])('modtrail %j', (args, words) => {
  const { stdout, stderr, status } = run(...args);
  expect([stdout, status]).toEqual(['', 2]);
  expect(stderr).toMatch(/^modtrail: [^\n]{10,400}\n$/);
  expect(stderr).toContain(words);
});

test.each([
  "capture --out $'/tmp/x\\xff.modtrail'",
  "capture --out /tmp/x --images-under $'/tmp/\\xff'",
  "capture --out /tmp/x --sign-key $'/tmp/\\xff.pem'",
  "attach - --out $'/tmp/x\\xff/x.modtrail'",
  "extract samples/sample.modtrail --event 1 --out $'/tmp/\\xff'",
  'capture --out x.modtrail',
])('a name that Node cannot tell is refused: %s', (words) => {
  // Of a name that is not absolute, the folder that one stands in is a part.
  const stands = words.endsWith(' x.modtrail') ? `mkdir -p $'${folder}/\\xff'; cd $'${folder}/\\xff'` : `cd '${ROOT}'`;
  const { stdout, stderr, status } = shell(`${stands}; modtrail ${words}`);
  expect([stdout, status]).toEqual(['', 2]);
  expect(stderr).toMatch(/^modtrail: [^\n]+ is not UTF-8\.\n$/);
});

test('a name with control characters is shown, not obeyed', () => {
  const { stderr } = run('info', '/tmp/\u001b[2J\nmodtrail: fine');
  expect(stderr).toBe('modtrail: /tmp/\\x1b[2J\\x0amodtrail: fine does not exist\n');
});

test('help and version are answers', () => {
  const help = run('--help');
  expect([help.status, help.stderr]).toEqual([0, '']);
  for (const command of ['info', 'events', 'attempts', 'story', 'reference', 'capture'])
    expect(help.stdout).toContain(command);
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  expect(run('--version').stdout).toBe(`${version}\n`);
});
