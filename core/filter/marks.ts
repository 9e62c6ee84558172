/** Marks of a stretch of rows, a byte each, and what is done with all of them at once. */
import type { Bits } from '../survey/bits.ts';
import type { NarrowColumn } from '../survey/narrow-column.ts';
import type { SparseColumn } from '../survey/sparse-column.ts';

/** Rows that are gone through at a stretch. */
export const STRETCH = 1 << 14;

/** Sets a mark, 0 or 1, for each row from one on, up to another one (excluded), at most a stretch; what is beyond is any. */
export type Marker = (first: number, end: number, marks: Uint8Array) => void;

/** Of marks that are kept already. */
export const ofBits =
  (bits: Bits): Marker =>
  (first, end, marks) => {
    bits.mark(first, end, marks);
  };

/** Marks, four at a time. */
const fours = (marks: Uint8Array): Uint32Array => new Uint32Array(marks.buffer, marks.byteOffset, STRETCH >> 2);

/** Takes away the marks that others do not have. Returns whether there are any left, or may be. */
export function meet(marks: Uint8Array, others: Uint8Array): boolean {
  const [to, from] = [fours(marks), fours(others)];
  let left = 0;
  for (let at = 0; at < to.length; at++) {
    const both = (to[at] ?? 0) & (from[at] ?? 0);
    to[at] = both;
    left |= both;
  }
  return left !== 0;
}

/** Adds the marks of others. */
export function join(marks: Uint8Array, others: Uint8Array): void {
  const [to, from] = [fours(marks), fours(others)];
  for (let at = 0; at < to.length; at++) to[at] = (to[at] ?? 0) | (from[at] ?? 0);
}

/** Marks what was not marked. */
export function turn(marks: Uint8Array): void {
  const all = fours(marks);
  for (let at = 0; at < all.length; at++) all[at] = (all[at] ?? 0) ^ 0x01010101;
}

/** Of what a column says of some rows, and none of others. */
export const ofSparse =
  (column: SparseColumn, answer: (value: number) => number): Marker =>
  (first, end, marks) => {
    column.mark(first, end, marks, answer);
  };

/** Of what a column says. */
export function ofColumn(column: NarrowColumn, answer: (value: number) => number): Marker {
  const { low, high } = column.parts;
  if (!high) {
    return (first, end, marks) => {
      for (let at = 0; at < end - first; at++) marks[at] = answer(low[first + at] ?? 0);
    };
  }
  return (first, end, marks) => {
    for (let row = first; row < end; row++) {
      marks[row - first] = answer((low[row] ?? 0) | ((high[row] ?? 0) << 16));
    }
  };
}
