import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  amountOf,
  firstOf,
  isIn,
  nearestIn,
  rangeOf,
  withoutRow,
  withRange,
  type RowRanges,
} from '../../../renderer/table/ranges.ts';

const MOST = 40;
const row = fc.integer({ min: 0, max: MOST });
const deeds = fc.array(
  fc.oneof(
    fc.tuple(row, row).map(([one, other]) => ({ add: rangeOf(one, other) })),
    row.map((remove) => ({ remove })),
  ),
  { maxLength: 30 },
);

const rowsOf = (ranges: RowRanges): number[] =>
  ranges.flatMap(({ from, to }) => Array.from({ length: to - from + 1 }, (_, index) => from + index));

test('ranges hold what a set of rows holds, in order and never touching', () => {
  fc.assert(
    fc.property(deeds, row, (steps, asked) => {
      const set = new Set<number>();
      let ranges: RowRanges = [];
      for (const step of steps) {
        if ('add' in step) {
          for (let at = step.add.from; at <= step.add.to; at++) set.add(at);
          ranges = withRange(ranges, step.add);
        } else {
          set.delete(step.remove);
          ranges = withoutRow(ranges, step.remove);
        }
      }
      const rows = [...set].sort((a, b) => a - b);
      expect(rowsOf(ranges)).toEqual(rows);
      expect(amountOf(ranges)).toBe(set.size);
      expect(isIn(ranges, asked)).toBe(set.has(asked));
      for (const [index, { from }] of ranges.entries()) {
        if (index > 0) expect(from).toBeGreaterThan((ranges[index - 1]?.to ?? 0) + 1);
      }
      const near = nearestIn(ranges, asked);
      expect(near === undefined ? undefined : Math.abs(near - asked)).toBe(
        rows.length === 0 ? undefined : Math.min(...rows.map((at) => Math.abs(at - asked))),
      );
      expect(rowsOf(firstOf(ranges, 7))).toEqual(rows.slice(0, 7));
    }),
  );
});

test('ten million rows are one range', () => {
  expect(amountOf(withRange([{ from: 5, to: 6 }], rangeOf(9_999_999, 0)))).toBe(10_000_000);
});
