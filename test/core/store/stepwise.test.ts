/** A capture that is read a piece at a time: what is shown meanwhile, and that it ends with what reading it whole shows. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AttemptColumn, EventColumn, Page, RowOrder } from '#contract/page.ts';
import { ATTEMPT_COLUMNS, EVENT_COLUMNS } from '#contract/page.ts';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { removeFolders } from '../builder.ts';
import { madeCapture } from '../made.ts';

const EVENTS = 20_000;

let path: string;
let whole: OpenedCapture;

beforeAll(() => {
  path = madeCapture(EVENTS, 11);
  whole = new OpenedCapture(path);
});

afterAll(() => {
  whole.close();
  removeFolders();
});

/** Asks again until the answer is final. */
function final<Row>(capture: OpenedCapture, ask: () => Page<Row>): Page<Row> {
  for (;;) {
    const page = ask();
    if (!page.progress) return page;
    expect(page.progress.done).toBeLessThanOrEqual(page.progress.of);
    capture.work(5);
  }
}

test('the first rows are there before the capture was read, and rows never go away while it is', () => {
  const capture = new OpenedCapture(path, 'stepwise');
  const order = { sort: 'time', descending: false, start: 0, limit: 100 } as const;
  const first = capture.attempts(order);
  expect(first.rows.length).toBeGreaterThan(50);
  let before = first.total;
  const page = final(capture, () => {
    const next = capture.attempts(order);
    expect(next.total).toBeGreaterThanOrEqual(before);
    before = next.total;
    return next;
  });
  expect(page).toEqual(whole.attempts(order));
  capture.close();
});

test('facts are of what was read until all was', () => {
  const capture = new OpenedCapture(path, 'stepwise');
  let info = capture.info();
  while (info.progress) {
    expect(info.events).toBeLessThanOrEqual(EVENTS);
    capture.work(5);
    capture.refresh();
    info = capture.info();
  }
  expect(info).toEqual(whole.info());
  expect(capture.refresh()).toBe(false);
  capture.close();
});

const FILTERS = [
  undefined,
  'kind == finit_module',
  'verdict == rejected',
  'process.comm contains "mod"',
  'module.name contains "x" and not errno == EPERM',
] as const;

const chosen = <Column extends string>(
  sort: Column,
  descending: boolean,
  filter: string | undefined,
): RowOrder<Column> => ({
  sort,
  descending,
  ...(filter === undefined ? {} : { filter }),
});

// Each filter with every order in one of its directions.
test.each(FILTERS.map((filter, nth) => [nth, filter] as const))(
  'every order ends as it is when the capture is read whole: %d %s',
  (nth, filter) => {
    const capture = new OpenedCapture(path, 'stepwise');
    for (const [at, sort] of EVENT_COLUMNS.entries()) {
      const order: RowOrder<EventColumn> = chosen(sort, (at + nth) % 2 === 0, filter);
      const ask = (of: OpenedCapture) => of.events({ ...order, start: 900, limit: 60 });
      expect(
        final(capture, () => ask(capture)),
        sort,
      ).toEqual(ask(whole));
    }
    for (const [at, sort] of ATTEMPT_COLUMNS.entries()) {
      const order: RowOrder<AttemptColumn> = chosen(sort, (at + nth) % 2 === 0, filter);
      const ask = (of: OpenedCapture) => of.attempts({ ...order, start: 900, limit: 60 });
      expect(
        final(capture, () => ask(capture)),
        sort,
      ).toEqual(ask(whole));
    }
    capture.close();
  },
  120_000,
);

test('the first rows of an order that is being made are those that it ends with, where all were read', () => {
  const capture = new OpenedCapture(path, 'stepwise');
  while (capture.work(100));
  for (const sort of ['kind', 'process', 'returned'] as const) {
    const order = { sort, descending: true, start: 0, limit: 50 };
    const pages = [capture.events(order)];
    while (pages.at(-1)?.progress) {
      capture.work(1);
      pages.push(capture.events(order));
    }
    expect(pages.at(-1)).toEqual(whole.events(order));
  }
  capture.close();
});

test('another order gives up the one before', () => {
  const capture = new OpenedCapture(path, 'stepwise');
  while (capture.work(100));
  const ask = (filter: string) => capture.events({ sort: 'what', descending: false, filter, start: 0, limit: 10 });
  const before = ask('process.key contains "a"');
  ask('process.key contains "b"');
  const again = ask('process.key contains "a"');
  // It begins anew: what was given up is not kept.
  expect(again.progress?.done ?? 0).toBeLessThanOrEqual((before.progress?.done ?? 0) + EVENTS / 2);
  expect(final(capture, () => ask('process.key contains "a"')).progress).toBeUndefined();
  capture.close();
});

test('whoever goes back to rows as they were recorded waits for no order any more', () => {
  const capture = new OpenedCapture(path, 'stepwise');
  while (capture.work(100));
  for (const [table, sort, natural] of [
    ['events', 'what', 'seq'],
    ['attempts', 'module', 'time'],
  ] as const) {
    const ask = (by: string) => capture[table]({ sort: by as never, descending: false, start: 0, limit: 10 });
    const unfinished = ask(sort).progress !== undefined;
    ask(natural);
    if (unfinished) expect(capture.work(0)).toBe(false);
  }
  capture.close();
});

const FIRST: RowOrder<EventColumn> = { sort: 'seq', descending: false };

test.each([
  'kind == init_module',
  'process.comm contains "mod"',
  'file.path contains "/tmp" or errno == EPERM',
  '"mod"',
  'seq < 0',
])('rows of events that a filter keeps have their place as soon as they are found: %s', (filter) => {
  for (const descending of [false, true]) {
    const capture = new OpenedCapture(path, 'stepwise');
    const order = { ...FIRST, descending, filter };
    const ask = (of: OpenedCapture) => of.events({ ...order, start: 0, limit: 1000 });
    let page = ask(capture);
    for (let before = 0; page.progress; before = page.total, page = ask(capture)) {
      expect(page.total).toBeGreaterThanOrEqual(before);
      expect(page.rows).toEqual(ask(whole).rows.slice(0, page.total));
      capture.work(1);
    }
    expect(page).toEqual(ask(whole));
    for (const { seq } of page.rows.slice(0, 20)) {
      expect(capture.eventIndex(seq, order)).toBe(whole.eventIndex(seq, order));
    }
    capture.close();
  }
});

test('what no verdict decides is counted while the capture is still being read', () => {
  const larger = madeCapture(5 * EVENTS, 12);
  const filter = 'kind == init_module';
  const pageOf = {
    events: (of: OpenedCapture) => of.events({ ...FIRST, filter, start: 0, limit: 1000 }),
    attempts: (of: OpenedCapture) => of.attempts({ sort: 'time', descending: true, filter, start: 0, limit: 1000 }),
    // What a verdict decides is not.
    judged: (of: OpenedCapture) => of.events({ ...FIRST, filter: 'verdict == rejected', start: 0, limit: 10 }),
  };
  const end = new OpenedCapture(larger);
  const capture = new OpenedCapture(larger, 'stepwise');
  let events = pageOf.events(capture);
  for (; events.progress; events = pageOf.events(capture)) capture.work(1);
  expect(capture.info().progress).toBeDefined();
  expect(events).toEqual(pageOf.events(end));
  let attempts = pageOf.attempts(capture);
  for (; attempts.progress && !attempts.counted; attempts = pageOf.attempts(capture)) capture.work(1);
  // What became of them is not known yet.
  expect(attempts.progress).toBeDefined();
  expect(attempts.total).toBe(pageOf.attempts(end).total);
  expect(attempts.rows.map(({ seq }) => seq)).toEqual(pageOf.attempts(end).rows.map(({ seq }) => seq));
  for (let page = pageOf.judged(capture); page.progress; page = pageOf.judged(capture)) {
    expect(page.counted).toBeUndefined();
    capture.work(5);
  }
  end.close();
  capture.close();
});

test.each([
  ['kind == finit_module', true],
  ['process.comm contains "mod"', false],
  ['duration > 100us', true],
])(
  'rows of %s that are said to stay as they are do, and are followed without being asked for',
  (filter, descending) => {
    const capture = new OpenedCapture(path, 'stepwise');
    const order = { sort: 'seq', descending, filter, start: 0 } as const;
    const wanted = whole.events({ ...order, limit: 100 });
    let told = 0;
    for (
      let page = capture.events({ ...order, limit: 0 });
      page.progress;
      page = capture.events({ ...order, limit: 0 })
    ) {
      expect(page.rows).toEqual([]);
      if (page.total >= 100) {
        const shown = capture.events({ ...order, limit: 100 });
        expect(shown).toMatchObject({ rows: wanted.rows, total: page.total });
        if (shown.settled) told++;
      }
      capture.work(0.1);
    }
    expect(told).toBeGreaterThan(0);
    expect(capture.events({ ...order, limit: 100 })).toEqual(wanted);
    capture.close();
  },
);

test('whether there are more rows is no reason to look for them', () => {
  const capture = new OpenedCapture(path, 'stepwise');
  const order = { sort: 'seq', descending: false, filter: 'duration > 100us', start: 0, limit: 0 } as const;
  const first = capture.events(order);
  expect(first).toMatchObject({ rows: [], total: 0 });
  for (let again = 0; again < 20; again++) expect(capture.events(order)).toEqual(first);
  // Of attempts, whose verdicts are not final, no row is said to stay.
  expect(capture.attempts({ ...order, sort: 'time', limit: 100 }).settled).toBeUndefined();
  capture.close();
});
