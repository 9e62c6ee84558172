/** The rows at the end of a table that grows, for whoever follows them. */
import { settled } from '../page.ts';
import type { Page, PageRequest } from '#contract/page.ts';
import { ok, type Result } from '#contract/result.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ref } from 'vue';
import { pagedRows } from '../../../renderer/stores/paged-rows.ts';
import { REST } from '../../../renderer/stores/tail-rows.ts';

let asked: PageRequest<'id'>[];
let total: number;
/** Told in each row, to tell a row of before from the one that came later. */
let round: number;

const rowsOf = () =>
  pagedRows<{ id: number; round: number }, 'id'>({
    capture: ref('growing'),
    firstSort: 'id',
    fetch: async (_capture, request): Promise<Result<Page<{ id: number; round: number }>>> => {
      asked.push(request);
      await Promise.resolve();
      const start = request.start < 0 ? Math.max(total + request.start, 0) : request.start;
      const length = Math.max(Math.min(request.limit, total - start), 0);
      return ok({ start, total, rows: Array.from({ length }, (_, at) => ({ id: start + at, round })) });
    },
    indexOf: (_capture, id) => Promise.resolve(ok(id)),
  });

/** As a table does whose last rows are in sight. */
const follow = (rows: ReturnType<typeof rowsOf>): void => {
  rows.want(total - 20, total - 1, true);
};

async function grow(rows: ReturnType<typeof rowsOf>, by: number): Promise<void> {
  total += by;
  round += 1;
  rows.refresh();
  await settled();
}

const rest = async (): Promise<void> => {
  vi.advanceTimersByTime(REST + 1);
  await settled();
};

beforeEach(() => {
  asked = [];
  total = 1_000_000;
  round = 0;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test('one question brings the last rows and how many there are, and nothing else is asked for', async () => {
  const rows = rowsOf();
  follow(rows);
  await settled();
  await rest();
  await grow(rows, 500);
  expect(rows.total.value).toBe(1_000_500);
  expect(rows.row(1_000_499)).toEqual({ id: 1_000_499, round: 1 });
  follow(rows);
  await rest();
  expect(asked.map(({ start }) => start < 0)).toEqual([true, true]);
  expect(Math.max(...asked.map(({ limit }) => limit))).toBeLessThan(30);
});

test('what is in sight stays until the table has moved on', async () => {
  const rows = rowsOf();
  follow(rows);
  await settled();
  await rest();
  await grow(rows, 500);
  for (let row = 999_980; row < 1_000_000; row++) expect(rows.row(row)?.id).toBe(row);
});

test('growth that comes faster than answers are shown is asked for once after the rest', async () => {
  const rows = rowsOf();
  follow(rows);
  await settled();
  for (let n = 0; n < 10; n++) await grow(rows, 5);
  expect(asked).toHaveLength(1);
  await rest();
  expect(asked).toHaveLength(2);
  expect(rows.total.value).toBe(1_000_050);
  follow(rows);
  await rest();
  expect(asked).toHaveLength(2);
});

test('who scrolls back gets pages, which stay while more comes', async () => {
  const rows = rowsOf();
  follow(rows);
  await settled();
  await rest();
  rows.want(500_000, 500_020, false);
  await settled();
  expect(rows.row(500_000)).toEqual({ id: 500_000, round: 0 });
  await grow(rows, 500);
  expect(rows.row(500_000)).toEqual({ id: 500_000, round: 1 });
  expect(asked.slice(1).map(({ start }) => start)).toEqual([500_000, 500_000]);
});

test('who follows no more but still sees the end sees what became of its rows', async () => {
  const rows = rowsOf();
  follow(rows);
  await settled();
  await rest();
  rows.want(999_970, 999_990, false);
  await settled();
  await grow(rows, 500);
  expect(rows.row(999_985)).toEqual({ id: 999_985, round: 1 });
});

test('another order forgets them', async () => {
  const rows = rowsOf();
  follow(rows);
  rows.sortBy('id');
  await settled();
  expect(rows.row(999_999)).toBeUndefined();
  expect(rows.row(0)?.id).toBe(0);
});
