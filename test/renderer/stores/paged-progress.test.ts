/** Pages that come before all rows have been looked at, rows read for copying, and rows found by their moment. */
import { settled } from '../page.ts';
import type { Page, PageRequest } from '#contract/page.ts';
import { fail, ok, type Result } from '#contract/result.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ref } from 'vue';
import { ASK_AGAIN, pagedRows } from '../../../renderer/stores/paged-rows.ts';

type Request = PageRequest<'time'>;

let asked: Request[];
let answer: (request: Request) => Page<number> | undefined;

const rowsOf = (tellsTotal = false, isShown = ref(true)) =>
  pagedRows<number, 'time'>({
    capture: ref('c'),
    firstSort: 'time',
    ...{ inTime: 'time', tellsTotal, isShown },
    fetch: (_capture, request): Promise<Result<Page<number>>> => {
      asked.push(request);
      const found = answer(request);
      return Promise.resolve(found ? ok(found) : fail('unexpected', 'no answer'));
    },
    indexOf: () => Promise.resolve(ok(0)),
  });

/** So many rows, each its own index. */
const page = ({ start, limit }: Request, total: number, done?: number): Page<number> => ({
  ...{ start, total },
  rows: Array.from({ length: Math.max(Math.min(limit, total - start), 0) }, (_, at) => start + at),
  ...(done === undefined ? {} : { progress: { done, of: 100 } }),
});

beforeEach(() => {
  asked = [];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});

afterEach(() => {
  vi.useRealTimers();
});

test('rows that are still being looked for are asked for again, and shown meanwhile', async () => {
  const rows = rowsOf();
  answer = (request) => page(request, 7, 10);
  rows.narrow('x');
  await settled();
  expect([rows.total.value, rows.progress.value, rows.row(6)]).toEqual([7, { done: 10, of: 100 }, 6]);
  answer = (request) => page(request, 20, 60);
  vi.advanceTimersByTime(ASK_AGAIN);
  expect(rows.row(6)).toBe(6);
  await settled();
  expect([rows.total.value, rows.progress.value?.done, rows.row(19)]).toEqual([20, 60, 19]);
  answer = (request) => page(request, 30);
  // Later than the first time.
  vi.advanceTimersByTime(ASK_AGAIN);
  await settled();
  expect(asked).toHaveLength(2);
  vi.advanceTimersByTime(ASK_AGAIN);
  await settled();
  expect([rows.total.value, rows.progress.value]).toEqual([30, undefined]);
  vi.advanceTimersByTime(10 * ASK_AGAIN);
  await settled();
  expect(asked).toHaveLength(3);
  expect(asked.every(({ filter }) => filter === 'x')).toBe(true);
});

test('rows that are counted are told as such, and asked for again as long as more is learnt of them', async () => {
  const rows = rowsOf();
  answer = (request) => ({ ...page(request, 7, 10), counted: true });
  rows.narrow('x');
  await settled();
  expect([rows.total.value, rows.progress.value]).toEqual([7, undefined]);
  vi.advanceTimersByTime(ASK_AGAIN);
  await settled();
  expect(asked).toHaveLength(2);
});

test('rows that stay as they are come once, and how many there are is asked without them', async () => {
  const rows = rowsOf(true);
  answer = (request) => ({ ...page(request, 700, 10), settled: true });
  rows.narrow('x');
  await settled();
  for (const total of [800, 900, 1000]) {
    answer = (request) => ({ ...page(request, total, 60), settled: true });
    vi.advanceTimersByTime(ASK_AGAIN);
    await settled();
    expect([rows.total.value, rows.progress.value?.done, rows.row(6)]).toEqual([total, 60, 6]);
  }
  answer = (request) => page(request, 1100);
  vi.advanceTimersByTime(ASK_AGAIN);
  await settled();
  expect([rows.total.value, rows.progress.value]).toEqual([1100, undefined]);
  vi.advanceTimersByTime(10 * ASK_AGAIN);
  await settled();
  expect(asked.map(({ limit }) => limit)).toEqual([100, 0, 0, 0, 0]);
});

test('rows that may be others are asked for again as soon as all were looked at', async () => {
  const rows = rowsOf(true);
  answer = (request) => page(request, 7, 10);
  rows.narrow('x');
  await settled();
  // Pages are asked for ever more seldom, and have just been.
  for (let times = 0; times < 30 || !asked.some(({ limit }) => limit > 0); times++) {
    if (times >= 29) asked = [];
    vi.advanceTimersByTime(ASK_AGAIN);
    await settled();
  }
  asked = [];
  answer = (request) => page(request, 20);
  vi.advanceTimersByTime(ASK_AGAIN);
  await settled();
  await settled();
  expect([rows.total.value, rows.progress.value, rows.row(19)]).toEqual([20, undefined, 19]);
  expect(asked.map(({ limit }) => limit)).toEqual([0, 100]);
});

test('an order that is being made is shown as soon as it is through', async () => {
  const rows = rowsOf(true);
  answer = (request) => page(request, 700, 10);
  rows.sortBy('time');
  await settled();
  answer = (request) => page(request, 700);
  vi.advanceTimersByTime(ASK_AGAIN);
  await settled();
  await settled();
  expect(rows.progress.value).toBeUndefined();
  expect(asked.map(({ limit }) => limit).sort((a, b) => a - b)).toEqual([0, 100, 100]);
});

test('rows as they were recorded are not counted again and again', async () => {
  const rows = rowsOf(true);
  answer = (request) => page(request, 700, 10);
  rows.reset();
  await settled();
  vi.advanceTimersByTime(ASK_AGAIN);
  await settled();
  expect(asked.map(({ limit }) => limit)).toEqual([100, 100]);
});

test('what is in sight comes first, and then the rest of its page', async () => {
  const rows = rowsOf();
  answer = (request) => page(request, 700);
  rows.want(0, 20);
  await settled();
  asked = [];
  rows.narrow('x');
  await settled();
  expect(asked.map(({ start, limit }) => [start, limit])).toEqual([
    [0, 25],
    [0, 100],
  ]);
  expect(rows.row(99)).toBe(99);
  // Where there is no more, nothing more is asked for.
  asked = [];
  answer = (request) => page(request, 24);
  rows.narrow('y');
  await settled();
  expect(asked).toHaveLength(1);
});

test('the rest of a page waits for the number of rows, or until somebody looks there', async () => {
  const rows = rowsOf(true);
  answer = (request) => page(request, 0);
  rows.want(0, 20);
  await settled();
  const narrowed = async (filter: string): Promise<number[]> => {
    asked = [];
    answer = (request) => ({ ...page(request, 700, 10), settled: true });
    rows.narrow(filter);
    rows.want(0, 20);
    await settled();
    return asked.map(({ limit }) => limit);
  };
  const [first = 0, ...more] = await narrowed('x');
  expect([first < 100, more]).toEqual([true, []]);
  answer = (request) => page(request, 800);
  vi.advanceTimersByTime(ASK_AGAIN);
  await settled();
  await settled();
  expect([asked.map(({ limit }) => limit), rows.row(99)]).toEqual([[first, 0, 100], 99]);
  // Somebody scrolls.
  expect(await narrowed('y')).toEqual([first]);
  rows.want(first - 3, first - 1);
  await settled();
  expect(asked).toHaveLength(1);
  rows.want(first - 2, first);
  await settled();
  expect([asked.at(-1)?.limit, rows.row(first)]).toEqual([100, first]);
});

test('where how many there are cannot be told, the rows are asked for again', async () => {
  const rows = rowsOf(true);
  answer = (request) => ({ ...page(request, 700, 10), settled: true });
  rows.narrow('x');
  await settled();
  answer = () => undefined;
  vi.advanceTimersByTime(ASK_AGAIN);
  await settled();
  answer = (request) => page(request, 800);
  vi.advanceTimersByTime(ASK_AGAIN);
  await settled();
  expect([rows.total.value, rows.progress.value]).toEqual([800, undefined]);
});

test('for rows that nobody looks at nothing is asked, and all that is due once somebody does', async () => {
  const isShown = ref(false);
  const rows = rowsOf(true, isShown);
  answer = (request) => ({ ...page(request, 700, 10), settled: true });
  rows.narrow('x');
  await settled();
  expect([asked, rows.total.value]).toEqual([[], undefined]);
  isShown.value = true;
  await settled();
  expect(rows.total.value).toBe(700);
  isShown.value = false;
  for (let times = 0; times < 10; times++) {
    vi.advanceTimersByTime(ASK_AGAIN);
    await settled();
  }
  expect(asked.map(({ limit }) => limit)).toEqual([100]);
  answer = (request) => page(request, 800);
  isShown.value = true;
  await settled();
  expect([rows.total.value, rows.progress.value]).toEqual([800, undefined]);
});

test('another filter asks no more for what the one before was looking for', async () => {
  const rows = rowsOf();
  answer = (request) => page(request, 7, 10);
  rows.narrow('x');
  await settled();
  answer = (request) => page(request, 3);
  rows.narrow('y');
  await settled();
  vi.advanceTimersByTime(10 * ASK_AGAIN);
  await settled();
  expect(asked.map(({ filter }) => filter)).toEqual(['x', 'y']);
  expect(rows.progress.value).toBeUndefined();
});

test('rows are read in stretches of a thousand, and not past a change of the order', async () => {
  const rows = rowsOf();
  answer = (request) => page(request, 2500);
  const read = await rows.read(10, 2300);
  expect([read?.length, read?.[0], read?.at(-1)]).toEqual([2291, 10, 2300]);
  expect(asked.map(({ start, limit }) => [start, limit])).toEqual([
    [10, 1000],
    [1010, 1000],
    [2010, 291],
  ]);
  expect((await rows.read(2400, 9000))?.length).toBe(100);
  const late = rows.read(0, 2000);
  rows.narrow('x');
  expect(await late).toBeUndefined();
});

test('the first row from a moment on is asked for in order of time, within what is shown', async () => {
  const rows = rowsOf();
  answer = (request) => page({ ...request, start: 42 }, 100);
  rows.filter.value = 'x';
  rows.within.value = { fromNs: 5, toNs: 900 };
  expect(await rows.firstFrom(70)).toBe(42);
  expect(asked[0]).toEqual({
    ...{ sort: 'time', descending: false, filter: 'x', start: 0, limit: 1 },
    within: { fromNs: 70, toNs: 900 },
  });
});
