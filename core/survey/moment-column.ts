/**
 * Moments of events, of 64 bits, in 4 bytes and a bit each: those of one block lie close to each other, and only how far
 * from its first one is kept. A block whose moments lie further apart is kept as it is.
 */
import { withRoom } from './growing.ts';

/** Rows of a block. */
export const MOMENTS = 64;

const FARTHEST = 0x7fffffff;

export class MomentColumn {
  /** The first moment of each block. */
  #bases = new BigInt64Array();
  #from = new Int32Array();
  readonly #wide = new Map<number, BigInt64Array>();
  #expected = 0;
  /** The first moment of the block that is being filled, where a number holds it. */
  #base: number | undefined;

  /** How many there will be at most, as far as known. */
  expect(moments: number): void {
    this.#expected = moments;
  }

  /**
   * Puts the next moment, one row after the other.
   * @param ns a number only where it is a safe one
   */
  put(row: number, ns: number | bigint): void {
    const block = Math.floor(row / MOMENTS);
    if (row >= this.#from.length) this.#from = withRoom(this.#from, row + 1, this.#expected);
    if (row % MOMENTS === 0) {
      this.#bases = withRoom(this.#bases, block + 1, Math.ceil(this.#expected / MOMENTS));
      this.#bases[block] = BigInt(ns);
      this.#base = typeof ns === 'number' ? ns : undefined;
      return;
    }
    const far =
      typeof ns === 'number' && this.#base !== undefined
        ? ns - this.#base
        : Number(BigInt(ns) - (this.#bases[block] ?? 0n));
    const wide = this.#wide.get(block);
    if (!wide && far >= -FARTHEST && far <= FARTHEST) this.#from[row] = far;
    else (wide ?? this.#widen(block, row % MOMENTS))[row % MOMENTS] = BigInt(ns);
  }

  #widen(block: number, filled: number): BigInt64Array {
    const moments = new BigInt64Array(MOMENTS);
    for (let at = 0; at < filled; at++) moments[at] = this.at(block * MOMENTS + at);
    this.#wide.set(block, moments);
    return moments;
  }

  at(row: number): bigint {
    const block = Math.floor(row / MOMENTS);
    const wide = this.#wide.size > 0 ? this.#wide.get(block) : undefined;
    return wide ? (wide[row % MOMENTS] ?? 0n) : (this.#bases[block] ?? 0n) + BigInt(this.#from[row] ?? 0);
  }

  /** Sets a mark for each row from one on, up to another one (excluded), whose moment lies between both, these included. */
  within(from: bigint, to: bigint, first: number, end: number, marks: Uint8Array): void {
    for (let row = first; row < end;) {
      const block = Math.floor(row / MOMENTS);
      const last = Math.min(end, (block + 1) * MOMENTS);
      const base = this.#bases[block] ?? 0n;
      if (this.#wide.has(block)) {
        for (; row < last; row++) marks[row - first] = this.at(row) >= from && this.at(row) <= to ? 1 : 0;
        continue;
      }
      const [low, high] = [Number(from - base), Number(to - base)];
      for (; row < last; row++) {
        const far = this.#from[row] ?? 0;
        marks[row - first] = far >= low && far <= high ? 1 : 0;
      }
    }
  }
}
