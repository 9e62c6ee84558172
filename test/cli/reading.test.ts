/** The reading commands on the recorded sample. */
import { expect, test } from 'vitest';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { rows, run, SAMPLE, shell } from './run.ts';

const whole = new OpenedCapture(SAMPLE);

test('events --json: one object a line, the same that the app gets', () => {
  const { stdout, stderr, status } = run('events', '--json', SAMPLE);
  expect([status, stderr]).toEqual([0, '']);
  const page = whole.events({ sort: 'seq', descending: false, start: 0, limit: 1000 });
  expect(rows(stdout)).toEqual(JSON.parse(JSON.stringify(page.rows)));
});

test('attempts --json: one object a line, the same that the app gets', () => {
  const { stdout, stderr, status } = run('attempts', SAMPLE, '--json');
  expect([status, stderr]).toEqual([0, '']);
  const page = whole.attempts({ sort: 'time', descending: false, start: 0, limit: 1000 });
  expect(rows(stdout)).toEqual(JSON.parse(JSON.stringify(page.rows)));
});

test('--limit ends where it says', () => {
  expect(rows(run('events', SAMPLE, '--json', '--limit', '3').stdout).map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(rows(run('attempts', SAMPLE, '--json', '--limit', '2').stdout)).toHaveLength(2);
});

test('--filter keeps the rows that it says', () => {
  const refused = rows(run('events', SAMPLE, '--json', '--filter', 'errno == EPERM').stdout);
  expect(refused.length).toBeGreaterThan(0);
  const page = whole.events({ sort: 'seq', descending: false, start: 0, limit: 1000 });
  expect(refused.map(({ seq }) => seq)).toEqual(
    page.rows.filter(({ errno }) => errno === 'EPERM').map(({ seq }) => seq),
  );
  const live = rows(run('attempts', SAMPLE, '--json', '--filter', 'verdict == live', '--limit', '3').stdout);
  expect(live.map(({ verdict }) => verdict)).toEqual(['live', 'live', 'live']);
  expect(run('attempts', SAMPLE, '--filter', 'nowhere-to-be-found')).toMatchObject({ status: 0, stderr: '' });
});

test('info says the same in both forms', () => {
  const json = run('info', '--json', SAMPLE);
  expect(JSON.parse(json.stdout)).toEqual(JSON.parse(JSON.stringify(whole.info())));
  const { stdout } = run('info', SAMPLE);
  const info = whole.info();
  for (const said of [info.host, info.kernel.release, info.uuid, String(info.events)]) expect(stdout).toContain(said);
});

test('tables: a line a row, under headings', () => {
  const events = run('events', SAMPLE).stdout.trimEnd().split('\n');
  expect(events).toHaveLength(whole.info().events + 1);
  expect(events[0]).toMatch(/^SEQ +TIME +KIND +PROCESS +RETURNED +WHAT$/);
  const attempts = run('attempts', SAMPLE).stdout.trimEnd().split('\n');
  expect(attempts).toHaveLength(whole.info().attempts + 1);
});

test('story: a paragraph an attempt', () => {
  const { stdout, status } = run('story', SAMPLE);
  expect(status).toBe(0);
  expect(stdout.match(/^\[[LURF?!]\] \d{4}-/gm)).toHaveLength(whole.info().attempts);
});

test('strings from outside cannot drive a terminal', () => {
  for (const command of ['info', 'events', 'attempts', 'story']) {
    expect(run(command, SAMPLE).stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  }
});

test('a reader that has seen enough is no error', () => {
  const { stdout, stderr, status } = shell(`set -o pipefail; modtrail events --json ${SAMPLE} | head -n 1`);
  expect(rows(stdout)).toHaveLength(1);
  expect([stderr, status]).toEqual(['', 0]);
});

test.each(['events', 'attempts --json', 'info', 'story', 'reference'])('a full disk: %s', (command) => {
  const [name = '', ...options] = command.split(' ');
  const file = name === 'reference' ? '' : SAMPLE;
  const { stderr, status } = shell(`modtrail ${name} ${file} ${options.join(' ')} > /dev/full`);
  expect([stderr, status]).toEqual(['modtrail: the output cannot be written: no space left on device\n', 2]);
});
