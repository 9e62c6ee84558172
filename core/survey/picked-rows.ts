/** Rows that were picked, in ascending order: a bit a row, and the place of any of them, and any by its place, in one look. */
import type { Bits } from './bits.ts';

/** Rows that are counted together. */
const BLOCK = 256;

export class PickedRows {
  readonly #bits: Bits;
  /** By block: how many picked rows come before it; at last, all. */
  readonly #before: Uint32Array;

  /**
   * @param bits which are picked; nobody changes them any more
   * @param rows how many there are, picked or not
   */
  constructor(bits: Bits, rows: number) {
    this.#bits = bits;
    const blocks = Math.ceil(rows / BLOCK);
    this.#before = new Uint32Array(blocks + 1);
    for (let block = 0, before = 0; block < blocks; block++) {
      before += bits.countWithin(block * BLOCK, (block + 1) * BLOCK);
      this.#before[block + 1] = before;
    }
  }

  get length(): number {
    return this.#before.at(-1) ?? 0;
  }

  /** The row at a place from 0 on; undefined where there are not so many. */
  at(place: number): number | undefined {
    if (place < 0 || place >= this.length) return undefined;
    let low = 0;
    let high = this.#before.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#before[middle] ?? 0) <= place) low = middle;
      else high = middle;
    }
    let row = this.#bits.next(low * BLOCK);
    for (let left = place - (this.#before[low] ?? 0); left > 0; left--) row = this.#bits.next(row + 1);
    return row;
  }

  /** The place of a row; -1 where it was not picked. */
  indexOf(row: number): number {
    if (!this.#bits.has(row)) return -1;
    const block = Math.floor(row / BLOCK);
    return (this.#before[block] ?? 0) + this.#bits.countWithin(block * BLOCK, row);
  }
}
