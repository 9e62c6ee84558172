/** What the timeline draws, at any zoom, from any capture. */
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { Timeline, TimelineRequest } from '#contract/timeline.ts';
import { fromWide } from '#contract/wide.ts';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { CaptureBuilder, removeFolders } from '../builder.ts';

afterAll(removeFolders);

/** Asks one capture several times. */
function timelines(built: CaptureBuilder, ...requests: TimelineRequest[]): Timeline[] {
  const capture = new OpenedCapture(built.finish());
  const found = requests.map((request) => capture.timeline(request));
  capture.close();
  return found;
}

const WHOLE = { fromNs: '-9223372036854775808', toNs: '9223372036854775807' };

test('an empty capture has an empty timeline', () => {
  expect(timelines(new CaptureBuilder(), { ...WHOLE, columns: 16384 })).toEqual([
    {
      ...{ marks: [], repeats: [], lifetimes: [], losses: [], clockSteps: [] },
      silences: [],
      processes: { lanes: [], others: 0, otherCalls: 0 },
    },
  ]);
});

test('attempts of one column and verdict are one mark with their count; a single one has its name', () => {
  const built = new CaptureBuilder();
  const file = built.file('/m/one-mod.ko', 1);
  built.call({ ns: 1000, returned: -1, file });
  built.call({ ns: 5000, returned: -1, file, repeat: 10 });
  built.call({ ns: 5001, returned: -1, file });
  built.call({ ns: 5002, returned: -2, kind: 'delete_module', text: 'x' });
  built.call({ ns: 9999, returned: -1, file });
  const [timeline] = timelines(built, { fromNs: 0, toNs: 10_000, columns: 10 });
  expect(timeline?.marks).toEqual([
    { ns: 1000, verdict: 'rejected', count: 1, seq: 1, callId: 1, label: 'one_mod' },
    { ns: 5000, verdict: 'rejected', count: 11, seq: 2, callId: 2 },
    { ns: 5002, verdict: 'refused', count: 1, seq: 4, callId: 4, label: 'x' },
    { ns: 9999, verdict: 'rejected', count: 1, seq: 5, callId: 5, label: 'one_mod' },
  ]);
});

test('repeated calls are stretches from the first to the last, one where a column cannot tell them apart', () => {
  const built = new CaptureBuilder();
  const flood = (ns: number, lastNs: number, returned: number): number =>
    built.call({ ns, lastNs, returned, repeat: 1000, args: [-1, 0, 0] });
  flood(1000, 2000, -1);
  flood(1900, 2500, -1); // overlaps
  flood(2550, 3000, -1); // closer than a column
  flood(6000, 7000, -1);
  built.call({ ns: 6500, returned: -1 });
  flood(9000, 9000, -17);
  const [all, middle, fine, none] = timelines(
    built,
    { fromNs: 0, toNs: 10_000, columns: 100 },
    // Begins within one stretch and ends within another.
    { fromNs: 2900, toNs: 6100, columns: 10 },
    { fromNs: 0, toNs: 10_000, columns: 10_000 },
    { fromNs: 3100, toNs: 5900, columns: 10 },
  );
  const [first, second] = [
    { fromNs: 1000, toNs: 3000, count: 3000, verdict: 'rejected', seq: 1, callId: 1 },
    { fromNs: 6000, toNs: 7000, count: 1000, verdict: 'rejected', seq: 4, callId: 4 },
  ];
  const last = { fromNs: 9000, toNs: 9000, count: 1000, verdict: 'rejected', seq: 6, callId: 6 };
  expect(all?.repeats).toEqual([first, second, last]);
  // Of the stretches that lie before the span only that is told which reaches into it.
  expect(middle?.repeats).toEqual([{ ...first, fromNs: 2550, count: 1000, seq: 3, callId: 3 }, second]);
  expect(fine?.repeats.map(({ count }) => count)).toEqual([2000, 1000, 1000, 1000]);
  expect(none?.repeats).toEqual([]);
});

test('marks: every call in the span once, in order, each mark within its column, no two of a kind in one', () => {
  const moments = [...Array(400).keys()].map((at) => (at * at * 37) % 5000);
  const built = new CaptureBuilder();
  for (const ns of moments) built.call({ ns, returned: ns % 3 === 0 ? -1 : -17 });
  const capture = new OpenedCapture(built.finish());
  fc.assert(
    fc.property(
      fc.integer({ min: -10, max: 5010 }),
      fc.integer({ min: 0, max: 5000 }),
      fc.integer({ min: 1, max: 300 }),
      (from, length, columns) => {
        const to = from + length;
        const { marks } = capture.timeline({ fromNs: from, toNs: to, columns });
        expect(marks.reduce((sum, { count }) => sum + count, 0)).toBe(
          moments.filter((ns) => ns >= from && ns <= to).length,
        );
        const span = Math.max(1, length);
        const keys = marks.map(
          ({ ns, verdict }) => `${String(Math.floor(((Number(ns) - from) * columns) / span))} ${verdict}`,
        );
        expect(new Set(keys).size).toBe(keys.length);
        expect(marks.map(({ ns }) => Number(ns))).toEqual(marks.map(({ ns }) => Number(ns)).sort((a, b) => a - b));
      },
    ),
    { numRuns: 300 },
  );
  capture.close();
});

test('lifetimes: loaded and freed, still there, there before, replaced, never finished', () => {
  const built = new CaptureBuilder();
  built.free(null, 0xa, 'before', 500);
  const call = built.call({ ns: 1000, returned: 0, took: 100 });
  built.load(call, 0xb, 'stays', 1050);
  const failing = built.call({ ns: 2000, returned: -19, took: 100 });
  built.load(failing, 0xc, 'fails', 2050);
  built.free(failing, 0xc, 'fails', 2080);
  built.load(null, 0xd, 'unseen', 3000);
  built.load(null, 0xd, 'successor', 4000);
  const [all, late] = timelines(
    built,
    { fromNs: 0, toNs: 10_000, columns: 10 },
    { fromNs: 2500, toNs: 2600, columns: 10 },
  );
  expect(all?.lifetimes).toEqual([
    { module: 'before', fromNs: 0, toNs: 500, before: true, verdict: 'unloaded' },
    { module: 'stays', fromNs: 1050, seq: 3, callId: call, verdict: 'live' },
    { module: 'fails', fromNs: 2050, toNs: 2080, seq: 5, callId: failing, verdict: 'init-failed' },
    { module: 'unseen', fromNs: 3000, toNs: 4000, seq: 7, verdict: 'unloaded' },
    { module: 'successor', fromNs: 4000, seq: 8, verdict: 'live' },
  ]);
  expect(late?.lifetimes.map(({ module }) => module)).toEqual(['stays']);
});

test('more modules than lanes: so many, and that there are more', () => {
  const built = new CaptureBuilder();
  for (let at = 1; at <= 1001; at++) built.load(null, 0x1000 + at, `m${String(at)}`, at);
  const [all, some] = timelines(
    built,
    { fromNs: 0, toNs: 10_000, columns: 10 },
    { fromNs: 0, toNs: 1000, columns: 10 },
  );
  expect([all?.lifetimes.length, all?.moreLifetimes]).toEqual([1000, true]);
  expect([some?.lifetimes.length, some?.moreLifetimes]).toEqual([1000, undefined]);
});

test('losses and clock steps in the span, drift left out', () => {
  const built = new CaptureBuilder();
  const wall = 1_700_000_000_000_000_000n;
  built.clock(0, wall);
  built.clock(60_000_000_000, wall + 60_020_000_000n); // 20 ms in a minute: being slewed
  const step = built.clock(60_100_000_000, wall + 3_660_120_000_000n);
  const loss = built.loss('ring-call', 77, 100, 200);
  const [all, before] = timelines(built, { ...WHOLE, columns: 5 }, { fromNs: 201, toNs: 300, columns: 5 });
  expect(all?.losses).toEqual([{ seq: loss, fromNs: 100, toNs: 200, lost: 77 }]);
  expect(all?.clockSteps).toEqual([{ seq: step, ns: 60_100_000_000, stepNs: 3_600_000_000_000 }]);
  expect(before).toMatchObject({ losses: [], clockSteps: [] });
});

test('moments at the ends of 64 bits', () => {
  const built = new CaptureBuilder();
  [-(2n ** 63n), -1n, 0n, 2n ** 63n - 1n].forEach((ns, at) => {
    built.load(built.call({ ns, returned: 0 }), at, 'm', ns);
  });
  const [timeline] = timelines(built, { ...WHOLE, columns: 16384 });
  expect(timeline?.marks).toHaveLength(4);
  expect(timeline?.marks.map(({ ns }) => fromWide(ns))).toEqual([-(2n ** 63n), -1n, 0n, 2n ** 63n - 1n]);
});

test('a span without length, one that is turned round, requests that are none', () => {
  const built = new CaptureBuilder();
  built.call({ ns: 1000, returned: -1 });
  const capture = new OpenedCapture(built.finish());
  expect(capture.timeline({ fromNs: 1000, toNs: 1000, columns: 7 }).marks).toHaveLength(1);
  expect(capture.timeline({ fromNs: 2000, toNs: 0, columns: 7 }).marks).toEqual([]);
  expect(() => capture.timeline({ fromNs: 'x', toNs: 1, columns: 7 })).toThrow("'x' is not a moment");
  for (const columns of [0, -1, 0.5, NaN, 20_000]) {
    expect(() => capture.timeline({ fromNs: 0, toNs: 1, columns })).toThrow('columns');
  }
  capture.close();
});
