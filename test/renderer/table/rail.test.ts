import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { railOf, ROW, scrollFor, topRow } from '../../../renderer/table/rail.ts';

/** Chromium's limit is 2^25 pixels of layout, Firefox's half of that. */
const HIGHEST = 2 ** 24;

const rows = fc.integer({ min: 1, max: 50_000_000 });
const view = fc.integer({ min: 5 * ROW, max: 3000 });
const where = fc.double({ min: 0, max: 1, noNaN: true });

/** What the browser makes of a wanted position: a whole pixel within the rail. */
const scrolled = (to: number, height: number, sight: number): number =>
  Math.round(Math.min(Math.max(to, 0), Math.max(height - sight, 0)));

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

  test('reaches every row of up to fifty million, from wherever it stands, by whole pixels', () => {
    fc.assert(
      fc.property(rows, view, where, where, (total, sight, from, to) => {
        const rail = railOf(total, sight);
        const row = Math.floor(to * (total - 1));
        let position = scrolled(from * rail.height, rail.height, sight);
        const target = scrollFor(rail, position, sight, row);
        if (target !== undefined) position = scrolled(target, rail.height, sight);
        const top = topRow(rail, position);
        const slack = 0.01;
        expect(top).toBeLessThanOrEqual(row + slack);
        expect(top + sight / ROW).toBeGreaterThanOrEqual(row + 1 - slack);
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
    const rail = railOf(1000, 240);
    expect(scrollFor(rail, 240, 240, 10)).toBeUndefined();
    expect(scrollFor(rail, 240, 240, 19)).toBeUndefined();
    expect(scrollFor(rail, 240, 240, 9)).toBe(9 * ROW);
    expect(scrollFor(rail, 240, 240, 20)).toBe(11 * ROW);
  });

  test('without rows has no height, and a scroll beyond the top is the top', () => {
    expect(railOf(0, 400).height).toBe(0);
    expect(topRow(railOf(1000, 400), -30)).toBe(0);
  });
});
