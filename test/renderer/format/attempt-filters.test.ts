/** The filters of counted rows find as many attempts as the rows say. */
import { core, openSample } from '../page.ts';
import { expect, test } from 'vitest';
import type { LineageRow } from '#contract/lineage.ts';
import type { Result } from '#contract/result.ts';
import { ROSTER_GROUPINGS, type RosterRow } from '#contract/roster.ts';
import { attemptsAbout, attemptsBy, attemptsUnder } from '../../../renderer/format/attempt-filters.ts';

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
}

const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0);

function found(capture: string, filter: string): number {
  const page = { sort: 'time', descending: false, filter, start: 0, limit: 1 } as const;
  return valueOf(core.attempts(capture, page)).total;
}

test.each(ROSTER_GROUPINGS)('by %s', (grouping) => {
  const { id } = openSample();
  const request = { grouping, sort: 'first', descending: false, start: 0, limit: 1000 } as const;
  const { rows } = valueOf<{ rows: readonly RosterRow[] }>(core.roster(id, request));
  expect(rows.length).toBeGreaterThan(20);
  for (const row of rows) {
    const filter = attemptsAbout(row, grouping) ?? '';
    expect([filter, found(id, filter)]).toEqual([filter, row.attempts]);
  }
});

test('of a process, and of its tree', () => {
  const { id } = openSample();
  const rows = (toggled: readonly number[]): readonly LineageRow[] =>
    valueOf(core.lineage(id, { toggled, start: 0, limit: 1000 })).rows;
  let open: number[] = [];
  for (let more = true; more;) {
    const closed = rows(open).filter((row) => row.children > 0 && !row.open);
    more = closed.length > 0;
    open = [...open, ...closed.map((row) => row.id)];
  }
  for (const row of rows(open)) {
    const [own, tree] = [attemptsBy(row) ?? '', attemptsUnder(row) ?? ''];
    expect([own, found(id, own)]).toEqual([own, sum(row.own)]);
    expect([tree, found(id, tree)]).toEqual([tree, sum(row.tree)]);
  }
});
