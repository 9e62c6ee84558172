/** Pages of sorted tables: every row is reached once, in one order, whatever is equal or absent. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ATTEMPT_COLUMNS, EVENT_COLUMNS, type Interval } from '#contract/page.ts';
import { fromWide } from '#contract/wide.ts';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { CaptureBuilder, removeFolders } from '../builder.ts';

let capture: OpenedCapture;

beforeAll(() => {
  const built = new CaptureBuilder();
  const init = built.process({ pid: 1, comm: 'init', detail: 'ancestor' });
  const programs = ['/sbin/modprobe', '/sbin/insmod'].map((path, at) => built.file(path, 50 + at));
  const processes = ['modprobe', 'insmod', 'insmod', 'Ω'].map((comm, at) =>
    built.process({
      ...{ comm, pid: 100 + at, parent_id: at === 3 ? null : init },
      ...(at === 2 ? {} : { uid: at * 500, exe_file_id: programs[at & 1] ?? null }),
    }),
  );
  const files = ['/m/b.ko', '/m/a.ko.xz', '/m/b.ko'].map((path, at) => built.file(path, at));
  for (let at = 0; at < 90; at++) {
    const call = built.call({
      // Moments, callers, files and results that are often the same.
      ns: 5_000_000 + Math.floor(at / 7) * 1000,
      ...(at % 11 === 0 ? {} : { returned: [0, -1, -17][at % 3] ?? 0, took: 1000 + (at % 5) }),
      late: at % 5 === 0,
      process: processes[at % 4] ?? 0,
      ...(at % 4 === 0 ? {} : { file: files[at % 3] ?? 0 }),
      kind: at % 9 === 8 ? 'delete_module' : 'finit_module',
      text: at % 9 === 8 ? `m${String(at % 2)}` : 'p=1',
      repeat: (at % 3) + 1,
    });
    if (at % 4 === 1) {
      built.image(call, 64, 5_000_000 + at, { sha256: Buffer.alloc(32, at % 7), state: 'skipped', received: 64 });
    }
    if (at % 6 === 0) built.load(call, at, `loaded_${String(at % 4)}`, 5_000_000 + at);
  }
  built.database.exec('UPDATE module_fact SET taints = (seq % 3) * 4096 + (seq % 2)');
  built.request('fs-xfs', processes[0] ?? 0);
  built.loss('ring-call', 3, 100, 200);
  capture = new OpenedCapture(built.finish());
});
afterAll(() => {
  capture.close();
  removeFolders();
});

const interval = fc.option(
  fc
    .tuple(fc.integer({ min: 4_990_000, max: 5_030_000 }), fc.integer({ min: 0, max: 20_000 }))
    .map(([fromNs, length]): Interval => ({ fromNs, toNs: fromNs + length })),
  { nil: undefined },
);

/** All rows, in pages of one size. */
function all<Row>(limit: number, page: (start: number) => { rows: readonly Row[]; total: number }): Row[] {
  const rows: Row[] = [];
  for (let start = 0; ; start += limit) {
    const { rows: found, total } = page(start);
    rows.push(...found);
    if (found.length === 0) {
      expect(rows).toHaveLength(total);
      return rows;
    }
  }
}

const within = (ns: number | string, span: Interval | undefined): boolean =>
  !span || (fromWide(ns) >= fromWide(span.fromNs) && fromWide(ns) <= fromWide(span.toNs));

test('events', () => {
  const everything = all(1000, (start) => capture.events({ sort: 'seq', descending: false, start, limit: 1000 }));
  expect(everything.map(({ seq }) => seq)).toEqual(everything.map((_, at) => at + 1));
  fc.assert(
    fc.property(fc.constantFrom(...EVENT_COLUMNS), interval, fc.integer({ min: 1, max: 40 }), (sort, span, limit) => {
      const filter = span ? { within: span } : {};
      const seqs = (descending: boolean) =>
        all(limit, (start) => capture.events({ sort, descending, ...filter, start, limit })).map(({ seq }) => seq);
      const up = seqs(false);
      expect([...up].sort((a, b) => a - b)).toEqual(
        everything.filter(({ ns }) => within(ns, span)).map(({ seq }) => seq),
      );
      const down = seqs(true);
      expect(down).toHaveLength(up.length);
      for (const at of [0, up.length >> 1].filter((index) => index < up.length)) {
        expect(capture.eventIndex(up[at] ?? 0, { sort, descending: false, ...filter })).toBe(at);
        expect(capture.eventIndex(down[at] ?? 0, { sort, descending: true, ...filter })).toBe(at);
      }
    }),
    { numRuns: 60 },
  );
});

test('attempts', () => {
  const everything = all(1000, (start) => capture.attempts({ sort: 'time', descending: false, start, limit: 1000 }));
  expect(everything).toHaveLength(90);
  fc.assert(
    fc.property(fc.constantFrom(...ATTEMPT_COLUMNS), interval, fc.integer({ min: 1, max: 40 }), (sort, span, limit) => {
      const filter = span ? { within: span } : {};
      const ids = (descending: boolean) =>
        all(limit, (start) => capture.attempts({ sort, descending, ...filter, start, limit })).map(
          ({ callId }) => callId,
        );
      const up = ids(false);
      expect([...up].sort((a, b) => a - b)).toEqual(
        everything
          .filter(({ ns }) => within(ns, span))
          .map(({ callId }) => callId)
          .sort((a, b) => a - b),
      );
      const down = ids(true);
      expect(new Set(down)).toEqual(new Set(up));
      for (const at of [0, up.length >> 1].filter((index) => index < up.length)) {
        expect(capture.attemptIndex(up[at] ?? 0, { sort, descending: false, ...filter })).toBe(at);
      }
    }),
    { numRuns: 60 },
  );
});

function expectOrder(shown: readonly (bigint | string | number | undefined)[], descending: boolean): void {
  const present = shown.filter((value) => value !== undefined);
  expect(present.length).toBeGreaterThan(0);
  expect(shown.slice(0, present.length), 'absent values come last').toEqual(present);
  present.slice(1).forEach((value, at) => {
    const before = present[at] ?? value;
    expect(descending ? before >= value : before <= value, `${String(before)} before ${String(value)}`).toBe(true);
  });
}

/** What a column shows, for comparing with its order. */
const SHOWN: Record<string, (row: Rows[number]) => bigint | string | number | undefined> = {
  time: (row: Rows[number]) => fromWide(row.ns),
  module: (row: Rows[number]) => row.module?.name,
  by: (row: Rows[number]) => row.process?.comm,
  from: (row: Rows[number]) => row.file?.path,
  returned: (row: Rows[number]) => row.returnValue,
  startedBy: (row: Rows[number]) => row.process?.ancestors[0]?.comm,
  callId: (row: Rows[number]) => row.callId,
  kind: (row: Rows[number]) => row.kind,
  errno: (row: Rows[number]) => row.errno,
  duration: (row: Rows[number]) => (row.durationNs === undefined ? undefined : fromWide(row.durationNs)),
  pid: (row: Rows[number]) => row.process?.pid,
  uid: (row: Rows[number]) => row.process?.uid,
  exe: (row: Rows[number]) => row.process?.exe,
  image: (row: Rows[number]) => row.image?.sha256,
  taints: (row: Rows[number]) => row.module?.taints?.join(' ') || undefined,
  contradictions: (row: Rows[number]) => row.contradictions.map(({ code }) => code).join(' ') || undefined,
};
type Rows = ReturnType<OpenedCapture['attempts']>['rows'];

test.each(ATTEMPT_COLUMNS.filter((name) => name !== 'verdict'))(
  'attempts are ordered by what the column %s shows',
  (sort) => {
    for (const descending of [false, true]) {
      const { rows } = capture.attempts({ sort, descending, start: 0, limit: 1000 });
      expectOrder(
        rows.map((row) => SHOWN[sort]?.(row)),
        descending,
      );
    }
  },
);

const SHOWN_OF_EVENTS: Record<string, (row: EventRows[number]) => bigint | string | number | undefined> = {
  seq: ({ seq }) => seq,
  time: ({ ns }) => fromWide(ns),
  kind: ({ kind }) => kind,
  process: ({ process }) => process?.comm,
  returned: ({ returnValue }) => (returnValue === undefined ? undefined : fromWide(returnValue)),
  callId: ({ callId }) => callId,
  pid: (row) => row.pid ?? row.process?.pid,
  tid: ({ tid }) => tid,
  uid: ({ process }) => process?.uid,
  exe: ({ process }) => process?.exe,
  file: ({ file }) => file?.path,
  duration: ({ durationNs }) => (durationNs === undefined ? undefined : fromWide(durationNs)),
  repeat: ({ repeat }) => repeat,
};
type EventRows = ReturnType<OpenedCapture['events']>['rows'];

test.each(EVENT_COLUMNS.filter((name) => name !== 'what'))('events are ordered by what the column %s shows', (sort) => {
  for (const descending of [false, true]) {
    const { rows } = capture.events({ sort, descending, start: 0, limit: 1000 });
    expectOrder(
      rows.map((row) => SHOWN_OF_EVENTS[sort]?.(row)),
      descending,
    );
  }
});

test('one order is not the other', () => {
  const first = (sort: (typeof ATTEMPT_COLUMNS)[number], descending: boolean) =>
    capture.attempts({ sort, descending, start: 0, limit: 1 }).rows[0];
  expect(first('by', false)?.process?.comm).toBe('insmod');
  expect(first('by', true)?.process?.comm).toBe('Ω');
  expect(first('verdict', false)?.verdict).toBe('live');
});

test('rows, calls and moments that are not there', () => {
  expect(() => capture.event(5000)).toThrow('there is no event 5000');
  expect(() => capture.attempt(5000)).toThrow('there is no call 5000');
  expect(() => capture.attemptIndex(5000, { sort: 'by', descending: false })).toThrow('there is no call');
  expect(capture.events({ sort: 'seq', descending: false, start: 9999, limit: 10 }).rows).toEqual([]);
  const span = { fromNs: 'soon', toNs: 1 };
  expect(() => capture.events({ sort: 'seq', descending: false, start: 0, limit: 1, within: span })).toThrow('soon');
});

test('rows counted from the end are the last ones', () => {
  const order = { sort: 'time', descending: false } as const;
  const everything = capture.attempts({ ...order, start: 0, limit: 1000 });
  for (const rows of [1, 7, 90]) {
    expect(capture.attempts({ ...order, start: -rows, limit: rows })).toEqual({
      ...everything,
      start: 90 - rows,
      rows: everything.rows.slice(-rows),
    });
  }
  expect(capture.attempts({ ...order, start: -1000, limit: 1000 })).toEqual(everything);
  const last = capture.events({ sort: 'seq', descending: false, start: -2, limit: 1 });
  expect([last.start, last.rows.map(({ seq }) => seq)]).toEqual([last.total - 2, [last.total - 1]]);
});
