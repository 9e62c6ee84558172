import { bridge, core, holdBack, openSample, settled } from '../page.ts';
import type { Attempt } from '#contract/attempt.ts';
import { ATTEMPT_COLUMNS, EVENT_COLUMNS, type Page, type PageRequest } from '#contract/page.ts';
import { fail, ok, type Result } from '#contract/result.ts';
import { describe, expect, test, vi } from 'vitest';
import { ref } from 'vue';
import { useAttemptRows } from '../../../renderer/stores/attempt-rows.ts';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useEventRows } from '../../../renderer/stores/event-rows.ts';
import { useNotices } from '../../../renderer/stores/notices.ts';
import { KEPT_PAGES, PAGE_ROWS, pagedRows } from '../../../renderer/stores/paged-rows.ts';
import { useView } from '../../../renderer/stores/view.ts';

describe('of the sample', () => {
  async function withSample(): Promise<string> {
    const capture = openSample();
    await useCaptures().show(capture);
    return capture.id;
  }

  test.each(ATTEMPT_COLUMNS)('attempts by %s stand in the order of core', async (column) => {
    const id = await withSample();
    const rows = useAttemptRows();
    rows.sortBy(column);
    await settled();
    const expected = core.attempts(id, { ...rows.order, start: 0, limit: 1000 });
    if (!expected.ok) throw new Error(expected.error.message);
    expect(rows.total).toBe(expected.value.total);
    const found = Array.from({ length: rows.total ?? 0 }, (_, index) => rows.row(index));
    expect(found).toEqual(expected.value.rows);
  });

  test.each(EVENT_COLUMNS)('an event by %s is found where its row is', async (column) => {
    await withSample();
    useView().show('events');
    const rows = useEventRows();
    rows.sortBy(column);
    await settled();
    expect(rows.total).toBeGreaterThan(100);
    rows.want(0, (rows.total ?? 0) - 1);
    await settled();
    for (const at of [0, 57, (rows.total ?? 0) - 1]) {
      expect(await rows.indexOf(rows.row(at)?.seq ?? -1)).toBe(at);
    }
    expect(await rows.indexOf(1_000_000)).toBeUndefined();
    expect(useNotices().notices).toEqual([]);
  });

  test('the same column again turns the order round, another one starts upwards', async () => {
    await withSample();
    const rows = useAttemptRows();
    rows.reset();
    await settled();
    const first = rows.row(0);
    rows.sortBy('time');
    await settled();
    expect(rows.descending).toBe(true);
    expect(rows.row((rows.total ?? 0) - 1)).toEqual(first);
    rows.sortBy('verdict');
    expect([rows.sort, rows.descending]).toEqual(['verdict', false]);
  });

  test('only in the first order do new rows come at the end', async () => {
    await withSample();
    const [attempts, events] = [useAttemptRows(), useEventRows()];
    const natural = (): boolean[] => [attempts.natural, events.natural];
    expect(natural()).toEqual([true, true]);
    attempts.sortBy('time');
    events.sortBy('what');
    expect(natural()).toEqual([false, false]);
    attempts.sortBy('time');
    events.sortBy('seq');
    expect(natural()).toEqual([true, true]);
  });

  test('an interval leaves only its rows, and all come back', async () => {
    await withSample();
    const rows = useAttemptRows();
    rows.reset();
    await settled();
    const all = rows.total ?? 0;
    const from = rows.row(10)?.ns ?? 0;
    const to = rows.row(19)?.ns ?? 0;
    rows.restrict({ fromNs: from, toNs: to });
    await settled();
    expect(rows.total).toBe(10);
    expect(rows.row(0)?.ns).toBe(from);
    expect(await rows.indexOf(rows.row(9)?.callId ?? -1)).toBe(9);
    rows.restrict(undefined);
    await settled();
    expect(rows.total).toBe(all);
  });

  test('a late page of the order before is dropped', async () => {
    await withSample();
    const rows = useAttemptRows();
    const release = holdBack('attempts');
    rows.reset();
    rows.sortBy('time');
    await release();
    expect(rows.total).toBeUndefined();
    await release();
    expect(await rows.indexOf(rows.row(0)?.callId ?? -1)).toBe(0);
    expect(BigInt(rows.row(0)?.ns ?? 0)).toBeGreaterThan(BigInt(rows.row(1)?.ns ?? 0));
  });

  test('a late failure of the order before is not told', async () => {
    await withSample();
    const rows = useAttemptRows();
    vi.spyOn(bridge, 'attempts').mockResolvedValueOnce(fail('store-gone', 'the store process ended'));
    rows.reset();
    rows.sortBy('time');
    await settled();
    expect(useNotices().notices).toEqual([]);
    expect(rows.total).toBe(useCaptures().current?.info.attempts);
  });
});

/** Rows that are their own numbers, as many as `total` says, each with the round in which it was read. */
function numbers(total: number): {
  source: { total: number; round: number; asked: number[]; fails: boolean };
  rows: ReturnType<typeof pagedRows<{ id: number; round: number }, 'id'>>;
} {
  const source = { total, round: 0, asked: [] as number[], fails: false };
  const rows = pagedRows<{ id: number; round: number }, 'id'>({
    capture: ref('numbers'),
    firstSort: 'id',
    fetch: async (
      _capture,
      { start, limit }: PageRequest<'id'>,
    ): Promise<Result<Page<{ id: number; round: number }>>> => {
      source.asked.push(start / PAGE_ROWS);
      const { total, round, fails } = source;
      await Promise.resolve();
      if (fails) return fail('store-gone', 'the store process ended');
      const length = Math.max(Math.min(limit, total - start), 0);
      return ok({ start, total, rows: Array.from({ length }, (_, index) => ({ id: start + index, round })) });
    },
    indexOf: (_capture, id) => Promise.resolve(ok(id)),
  });
  return { source, rows };
}

describe('of a long table', () => {
  test('only the pages in sight are asked for, each once', async () => {
    const { source, rows } = numbers(10_000_000);
    rows.want(PAGE_ROWS * 3 - 5, PAGE_ROWS * 3 + 20);
    rows.want(PAGE_ROWS * 3 - 4, PAGE_ROWS * 3 + 21);
    await settled();
    rows.want(PAGE_ROWS * 3 - 3, PAGE_ROWS * 3 + 22);
    await settled();
    expect(source.asked).toEqual([2, 3]);
    expect(rows.row(PAGE_ROWS * 3)).toEqual({ id: PAGE_ROWS * 3, round: 0 });
    expect(rows.row(PAGE_ROWS * 4)).toBeUndefined();
    expect(rows.total.value).toBe(10_000_000);
  });

  test('what was passed while pages were under way is not asked for, what is in sight then is', async () => {
    const { source, rows } = numbers(10_000_000);
    for (const page of [5, 10, 20, 40]) rows.want(page * PAGE_ROWS, page * PAGE_ROWS + 20);
    await settled();
    expect(source.asked).toEqual([5, 10, 40]);
    expect(rows.row(40 * PAGE_ROWS)?.id).toBe(40 * PAGE_ROWS);
  });

  test('a refresh shows the old rows until the new ones are there', async () => {
    const { source, rows } = numbers(1000);
    rows.want(0, 10);
    await settled();
    Object.assign(source, { total: 1001, round: 1 });
    rows.refresh();
    expect(rows.row(5)).toEqual({ id: 5, round: 0 });
    await settled();
    expect(rows.row(5)).toEqual({ id: 5, round: 1 });
    expect(rows.total.value).toBe(1001);
  });

  test('a refresh while a page is under way asks for that page once more', async () => {
    const { source, rows } = numbers(1000);
    rows.want(0, 10);
    Object.assign(source, { round: 1 });
    rows.refresh();
    rows.refresh();
    await settled();
    expect(source.asked).toEqual([0, 0]);
    expect(rows.row(5)?.round).toBe(1);
  });

  test('pages far from what is in sight are forgotten, and asked for again when wanted', async () => {
    const { source, rows } = numbers(10_000_000);
    for (let page = 0; page < KEPT_PAGES + 10; page++) {
      rows.want(page * PAGE_ROWS, page * PAGE_ROWS + 20);
      await settled();
    }
    const kept = Array.from({ length: KEPT_PAGES + 10 }, (_, page) => rows.row(page * PAGE_ROWS) !== undefined);
    expect(kept.filter(Boolean)).toHaveLength(KEPT_PAGES);
    expect(kept.indexOf(true)).toBe(10);
    source.asked = [];
    rows.want(0, 20);
    await settled();
    expect(source.asked).toEqual([0]);
    expect(rows.row(0)?.id).toBe(0);
  });

  test('a late page far away does not push out what is in sight', async () => {
    const { source, rows } = numbers(10_000_000);
    for (let page = 100; page < 100 + KEPT_PAGES; page++) {
      rows.want(page * PAGE_ROWS, page * PAGE_ROWS);
      await settled();
    }
    rows.want(0, 0);
    const here = (99 + KEPT_PAGES) * PAGE_ROWS;
    rows.want(here, here);
    await settled();
    expect(rows.row(here)?.id).toBe(here);
    expect(source.asked.filter((page) => page === 99 + KEPT_PAGES)).toHaveLength(1);
  });

  test('a page that failed is told once and asked for again when it is next wanted', async () => {
    const { source, rows } = numbers(1000);
    source.fails = true;
    rows.want(0, 10);
    await settled();
    rows.want(0, 11);
    await settled();
    expect(useNotices().notices).toHaveLength(1);
    expect(rows.total.value).toBeUndefined();
    source.fails = false;
    rows.want(0, 12);
    await settled();
    expect(rows.row(0)?.id).toBe(0);
    // Twice where it came: what is in sight, and the rest of the page.
    expect(source.asked).toEqual([0, 0, 0, 0]);
  });
});

test('without a capture nothing is asked for', async () => {
  const asked = vi.spyOn(bridge, 'attempts');
  const rows = useAttemptRows();
  rows.reset();
  rows.want(0, 10);
  await settled();
  expect(asked).not.toHaveBeenCalled();
  expect(await rows.indexOf(1)).toBeUndefined();
  const row: Attempt | undefined = rows.row(0);
  expect(row).toBeUndefined();
});

test('a page whose question was lost with the store is asked for again, a few times', async () => {
  const capture = openSample();
  const lost = vi.spyOn(bridge, 'attempts').mockResolvedValueOnce(fail('store-gone', 'it is gone'));
  await useCaptures().show(capture);
  const rows = useAttemptRows();
  rows.reset();
  await vi.waitFor(() => expect(rows.row(0)).toBeDefined());
  lost.mockClear().mockResolvedValue(fail('store-gone', 'it is gone'));
  rows.reset();
  await vi.waitFor(() => expect(lost.mock.calls.length).toBe(4));
  await new Promise((resolve) => setTimeout(resolve, 400));
  expect(lost).toHaveBeenCalledTimes(4);
});

test('growth while a page is under way that fails has it asked for again', async () => {
  await useCaptures().show(openSample());
  const rows = useAttemptRows();
  await settled();
  let free: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (free = resolve));
  vi.spyOn(bridge, 'attempts').mockImplementationOnce(async () => {
    await held;
    return fail('damaged', 'not now');
  });
  rows.reset();
  rows.refresh();
  free();
  await settled();
  expect(rows.row(0)).toBeDefined();
});
