/** What the benchmark makes of a guest's lines. */
import { expect, test } from 'vitest';
import { median, readResults, rowsOf } from '../../bench/recorder/results.ts';
import { tableOf } from '../../bench/recorder/table.ts';

const LINES = `
1 none getppid 100.0
1 modtrail getppid 130.0
2 none getppid 120.0
2 modtrail getppid 110.0
2 modtrail getppid 400.0
0 none flood-made 1000
0 modtrail flood-made 500
0 modtrail empty-bytes 1000
0 modtrail flood-bytes 2000
0 modtrail flood-recorded 498 5
0 modtrail idle-cpu-ms 60
0 perf flood-made 400
0 perf flood-recorded 600
0 perf idle-rss-kib nonsense
`;

test('medians, ratios to nothing running, and bytes beyond those of an empty capture', () => {
  const rows = rowsOf(readResults(LINES), { idle: 60, flood: 20, distinct: 100 });
  const of = (tool: string): (typeof rows)[number] | undefined => rows.find((row) => row.tool === tool);
  expect(of('modtrail')).toMatchObject({ ran: true, lost: 1, identical: 2, idleCpu: 0.1, large: undefined });
  expect(of('modtrail')?.getppid).toBeCloseTo(130 / 110);
  expect(of('none')?.getppid).toBe(1);
});

test('a tool that counts entries and returns has lost what is missing of both', () => {
  const rows = rowsOf(readResults(LINES), { idle: 60, flood: 20, distinct: 100 });
  expect(rows.find((row) => row.tool === 'perf')).toMatchObject({ lost: 25, idleMemory: undefined });
});

test('a tool without results did not run, and the table says so', () => {
  const table = tableOf(rowsOf(readResults(LINES), { idle: 60, flood: 20, distinct: 100 }));
  expect(table).toMatch(/\| auditd +\| did not run/);
  expect(
    new Set(
      table
        .trim()
        .split('\n')
        .map((line) => line.length),
    ).size,
  ).toBe(1);
});

test('median', () => {
  expect(median([])).toBeUndefined();
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1])).toBe(2.5);
});
