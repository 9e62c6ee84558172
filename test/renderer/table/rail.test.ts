import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isShort, lastTop, railOf, ROW, topFor, topRow } from '../../../renderer/table/rail.ts';

/** Chromium's limit is 2^25 pixels of layout, Firefox's half of that. */
const HIGHEST = 2 ** 24;

const rows = fc.integer({ min: 1, max: 50_000_000 });
const view = fc.integer({ min: 5 * ROW, max: 3000 });
const where = fc.double({ min: 0, max: 1, noNaN: true });

describe('a rail', () => {
  test('is never higher than what browsers draw, and a row’s height a row where it may be', () => {
    fc.assert(
      fc.property(rows, view, (total, sight) => {
        const rail = railOf(total, sight);
        expect(rail.height).toBeLessThanOrEqual(HIGHEST);
        if (total * ROW <= 12_000_000) expect(rail).toEqual({ height: total * ROW, rowsPerPixel: 1 / ROW });
      }),
    );
  });

  test('at its end shows the last row at the bottom, at its beginning the first at the top', () => {
    fc.assert(
      fc.property(rows, view, (total, sight) => {
        const rail = railOf(total, sight);
        expect(topRow(rail, 0)).toBe(0);
        const end = Math.max(rail.height - sight, 0);
        expect(topRow(rail, end) + sight / ROW).toBeCloseTo(Math.max(total, sight / ROW), 3);
      }),
    );
  });

  test('brings every row of up to fifty million into sight, from wherever it stands', () => {
    fc.assert(
      fc.property(rows, view, where, where, (total, sight, from, to) => {
        const row = Math.floor(to * (total - 1));
        const before = from * lastTop(total, sight);
        const top = topFor(before, sight, row) ?? before;
        expect(top).toBeLessThanOrEqual(row);
        expect(top + sight / ROW).toBeGreaterThanOrEqual(row + 1 - 1e-6);
        expect(top).toBeLessThanOrEqual(lastTop(total, sight) + 1e-6);
      }),
      { numRuns: 2000 },
    );
  });

  test('shows every row at some whole pixel', () => {
    fc.assert(
      fc.property(rows, view, where, (total, sight, at) => {
        const rail = railOf(total, sight);
        const pixel = Math.floor(at * Math.max(rail.height - sight - 1, 0));
        // The next pixel begins before this one's last row has ended.
        expect(topRow(rail, pixel + 1)).toBeLessThanOrEqual(topRow(rail, pixel) + sight / ROW);
      }),
    );
  });

  test('does not move for a row in sight', () => {
    expect(topFor(10, 240, 10)).toBeUndefined();
    expect(topFor(10, 240, 19)).toBeUndefined();
    expect(topFor(10, 240, 9)).toBe(9);
    expect(topFor(10, 240, 20)).toBe(11);
  });

  test('is short where a pixel stands for more than a pixel of rows', () => {
    expect(isShort(railOf(500_000, 400))).toBe(false);
    expect(isShort(railOf(10_000_000, 400))).toBe(true);
  });

  test('without rows has no height, and a scroll beyond the top is the top', () => {
    expect(railOf(0, 400).height).toBe(0);
    expect(topRow(railOf(1000, 400), -30)).toBe(0);
  });
});
