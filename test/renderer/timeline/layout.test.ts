import type { TimelineLifetime, TimelineLoss, TimelineMark, TimelineRepeat } from '#contract/timeline.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CaptureClock } from '../../../renderer/format/clock.ts';
import { bars } from '../../../renderer/timeline/density.ts';
import {
  alignedColumns,
  ATTEMPTS,
  COLUMN,
  laneNames,
  lossWords,
  placeLosses,
  placeMarks,
  placeRepeats,
  STRETCH,
} from '../../../renderer/timeline/layout.ts';
import { lengthOf, pan } from '../../../renderer/timeline/span.ts';
import { at, hugeLimits, limits, part, seen } from './arbitraries.ts';

const clock = new CaptureClock({ firstNs: 0 }, []);
const mark = (ns: number, verdict: TimelineMark['verdict'] = 'live', count = 1): TimelineMark => ({
  ...{ ns, verdict, count, seq: ns, callId: ns },
});

describe('columns', () => {
  const width = fc.integer({ min: 1, max: 8000 });

  test('cover the span, with at most one more on each side', () => {
    fc.assert(
      fc.property(limits, part, part, width, (whole, where, close, pixels) => {
        const span = seen(whole, where, close);
        const { span: grid, columns } = alignedColumns(span, pixels);
        // Far from the first moment a double tells no parts of a nanosecond apart.
        const rounding = Math.max(lengthOf(span) * 1e-6, 1);
        expect(grid.from).toBeLessThanOrEqual(span.from + rounding);
        expect(grid.to).toBeGreaterThanOrEqual(span.to - rounding);
        expect(columns).toBeLessThanOrEqual(pixels / COLUMN + 2);
        expect(columns).toBeGreaterThanOrEqual(1);
      }),
      // Where a column is less than two nanoseconds wide.
      { examples: [[{ from: 45035996264, to: 45035997264 }, 0, 0.14285714285693965, 81]] },
    );
  });

  test('are such as core takes, also for captures that no machine makes', () => {
    fc.assert(
      fc.property(hugeLimits, part, part, fc.integer({ min: 1, max: 1_000_000 }), (whole, where, close, pixels) => {
        const { span: grid, columns } = alignedColumns(seen(whole, where, close), pixels);
        expect(Number.isInteger(columns) && columns >= 1 && columns <= 16_384).toBe(true);
        expect(BigInt(clock.ns(grid.to)) >= BigInt(clock.ns(grid.from))).toBe(true);
      }),
    );
  });

  test('do not move while one pans', () => {
    const whole = { from: 0, to: 1_000_000 };
    const span = { from: 300_000, to: 400_000 };
    const { span: grid, columns } = alignedColumns(span, 1600);
    const next = alignedColumns(pan(span, 0.123, whole), 1600);
    const column = lengthOf(grid) / columns;
    const moved = (next.span.from - grid.from) / column;
    expect(moved).toBeCloseTo(Math.round(moved), 6);
    expect(moved).not.toBe(0);
  });
});

describe('stretches of repeated calls', () => {
  const repeat = (fromNs: number, toNs: number): TimelineRepeat => ({
    ...{ fromNs, toNs, count: 7, verdict: 'rejected', seq: fromNs, callId: fromNs },
  });
  const place = (...repeats: TimelineRepeat[]): [number, number, number][] =>
    placeRepeats(repeats, clock, { from: 0, to: 1000 }, 500).map(({ left, right, top }) => [left, right, top]);
  const floor = ATTEMPTS - STRETCH - 1;

  test('lie from the first to the last at the foot of the lane, and can be hit however short they are', () => {
    expect(place(repeat(100, 300), repeat(400, 400))).toEqual([
      [50, 150, floor],
      [200, 203, floor],
    ]);
  });

  test('lie above each other where they overlap, and never above the lane', () => {
    const tops = place(repeat(0, 900), repeat(100, 800), repeat(200, 700), repeat(950, 990)).map(([, , top]) => top);
    expect(tops).toEqual([floor, floor - STRETCH - 1, floor - STRETCH - 1, floor]);
    expect(Math.min(...tops)).toBeGreaterThan(0);
  });
});

describe('marks', () => {
  const span = { from: 0, to: 1000 };
  const place = (marks: TimelineMark[]): ReturnType<typeof placeMarks> => placeMarks(marks, clock, span, span, 10, 500);

  test('lie at their moments, alone in the middle of the lane', () => {
    expect(place([mark(0), mark(500)])).toEqual([
      { mark: mark(0), x: 0, y: ATTEMPTS / 2 },
      { mark: mark(500), x: 250, y: ATTEMPTS / 2 },
    ]);
  });

  test('of one column lie above each other without touching the lane’s ends', () => {
    for (let length = 2; length <= 8; length++) {
      const found = place(Array.from({ length }, (_, index) => mark(410 + index)));
      const levels = found.map(({ y }) => y);
      expect(levels).toEqual([...new Set(levels)].sort((a, b) => a - b));
      expect(levels[0]).toBeGreaterThanOrEqual(6);
      expect(levels.at(-1)).toBeLessThanOrEqual(ATTEMPTS - 6);
      expect(((levels[0] ?? 0) + (levels.at(-1) ?? 0)) / 2).toBeCloseTo(ATTEMPTS / 2, 6);
    }
  });

  test('are all placed, whatever falls together', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1000 })), (moments) => {
        const found = place(moments.map((ns) => mark(ns)));
        expect(found.map(({ mark: { ns } }) => Number(ns)).sort((a, b) => a - b)).toEqual(
          moments.sort((a, b) => a - b),
        );
      }),
    );
  });
});

describe('bars', () => {
  test('hold every attempt once, in a column that there is', () => {
    const marks = fc.array(fc.tuple(part, fc.constantFrom('live' as const, 'rejected' as const), fc.nat(1000)));
    fc.assert(
      fc.property(limits, marks, fc.integer({ min: 1, max: 400 }), (whole, parts, columns) => {
        const all = parts.map(([where, verdict, count]) => mark(Math.round(at(whole, where)), verdict, count));
        const found = bars(all, clock, whole, columns);
        for (const column of found.keys()) expect(column >= 0 && column < columns).toBe(true);
        const sum = (verdict: 'live' | 'rejected'): number =>
          [...found.values()].reduce((total, bar) => total + (bar[verdict] ?? 0), 0);
        for (const verdict of ['live', 'rejected'] as const) {
          const given = all.filter((each) => each.verdict === verdict);
          expect(sum(verdict)).toBe(given.reduce((total, { count }) => total + count, 0));
        }
      }),
    );
  });

  test('lie where their moments are; none is a hole', () => {
    const found = bars([mark(0), mark(99), mark(999, 'rejected', 3)], clock, { from: 0, to: 1000 }, 10);
    expect([...found]).toEqual([
      [0, { live: 2 }],
      [9, { rejected: 3 }],
    ]);
  });
});

test('lanes are modules in the order of their first appearance, each once', () => {
  const life = (module: string): TimelineLifetime => ({ module, fromNs: 0, verdict: 'live' });
  expect(laneNames([life('b'), life('a'), life('b')], [life('c'), life('a')])).toEqual(['b', 'a', 'c']);
});

describe('losses', () => {
  const loss = (fromNs: number, toNs: number, lost: number): TimelineLoss => ({ seq: fromNs, fromNs, toNs, lost });
  const span = { from: 0, to: 1000 };

  test('within a pixel of each other are one, with all that was lost', () => {
    const found = placeLosses([loss(100, 150, 3), loss(151, 160, 4), loss(400, 400, 5)], clock, span, 1000);
    expect(found).toEqual([
      { left: 100, right: 160, lost: 7, intervals: 2, length: 60, seq: 100, ns: 100 },
      { left: 400, right: 406, lost: 5, intervals: 1, length: 0, seq: 400, ns: 400 },
    ]);
    expect(found.map(lossWords)).toEqual(['7 lost in 2 gaps within 60 ns', '5 lost in 0 ns']);
  });

  test('are never more than fit beside each other, however many there are', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => loss(index * 10, index * 10 + 1, 1));
    const found = placeLosses(many, clock, { from: 0, to: 100_000 }, 800);
    expect(found).toHaveLength(1);
    expect(found[0]?.lost).toBe(10_000);
  });

  test('out of sight are left out', () => {
    expect(placeLosses([loss(100, 200, 1), loss(5000, 6000, 1)], clock, { from: 1000, to: 2000 }, 1000)).toEqual([]);
  });
});
