/** Rows that are selected together, as stretches of their indexes: any number costs the same. */

/** Both ends included. */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/** In order, neither touching nor overlapping. */
export type RowRanges = readonly RowRange[];

export const rangeOf = (one: number, other: number): RowRange => ({
  from: Math.min(one, other),
  to: Math.max(one, other),
});

export const isIn = (ranges: RowRanges, row: number): boolean =>
  ranges.some(({ from, to }) => row >= from && row <= to);

export const amountOf = (ranges: RowRanges): number => ranges.reduce((sum, { from, to }) => sum + to - from + 1, 0);

export function withRange(ranges: RowRanges, added: RowRange): RowRanges {
  let { from, to } = added;
  const others = ranges.filter((range) => {
    if (range.to < from - 1 || range.from > to + 1) return true;
    from = Math.min(from, range.from);
    to = Math.max(to, range.to);
    return false;
  });
  return [...others, { from, to }].sort((one, other) => one.from - other.from);
}

export function withoutRow(ranges: RowRanges, row: number): RowRanges {
  return ranges.flatMap(({ from, to }) => {
    if (row < from || row > to) return [{ from, to }];
    return [...(row > from ? [{ from, to: row - 1 }] : []), ...(row < to ? [{ from: row + 1, to }] : [])];
  });
}

/** The row of the ranges that is nearest; undefined where they are empty. */
export function nearestIn(ranges: RowRanges, row: number): number | undefined {
  let nearest: number | undefined;
  for (const { from, to } of ranges) {
    const candidate = Math.min(Math.max(row, from), to);
    if (nearest === undefined || Math.abs(candidate - row) < Math.abs(nearest - row)) nearest = candidate;
  }
  return nearest;
}

/** The first so many rows. */
export function firstOf(ranges: RowRanges, most: number): RowRanges {
  const found: RowRange[] = [];
  let left = most;
  for (const { from, to } of ranges) {
    if (left <= 0) break;
    found.push({ from, to: Math.min(to, from + left - 1) });
    left -= to - from + 1;
  }
  return found;
}
