/** Marks of rows, one bit each. */
import { withRoom } from './growing.ts';

/** How many bits of a word of 32 are set. */
export function ones(word: number): number {
  // In pairs, fours and eights, and the eights together.
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export class Bits {
  #bytes: Uint8Array = new Uint8Array();

  /** @param rows room for so many at once, where that is known */
  constructor(rows = 0) {
    if (rows > 0) this.#bytes = new Uint8Array((rows + 7) >> 3);
  }

  set(row: number): void {
    const at = row >>> 3;
    if (at >= this.#bytes.length) this.#bytes = withRoom(this.#bytes, at + 1);
    this.#bytes[at] = (this.#bytes[at] ?? 0) | (1 << (row & 7));
  }

  clear(row: number): void {
    const at = row >>> 3;
    if (at < this.#bytes.length) this.#bytes[at] = (this.#bytes[at] ?? 0) & ~(1 << (row & 7));
  }

  /** Sets a mark, 0 or 1, for each row from one on, up to another one (excluded). */
  mark(first: number, end: number, marks: Uint8Array): void {
    const bytes = this.#bytes;
    for (let row = first; row < end; row++) marks[row - first] = ((bytes[row >>> 3] ?? 0) >> (row & 7)) & 1;
  }

  has(row: number): boolean {
    return (((this.#bytes[row >>> 3] ?? 0) >> (row & 7)) & 1) === 1;
  }

  /** How many marks are set. */
  get count(): number {
    const bytes = this.#bytes;
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    let count = 0;
    for (const word of words) count += ones(word);
    for (let at = words.length * 4; at < bytes.length; at++) count += ones(bytes[at] ?? 0);
    return count;
  }

  /**
   * How many marks are set from one row on, up to another one (excluded).
   * @param first a multiple of 8
   */
  countWithin(first: number, end: number): number {
    const bytes = this.#bytes;
    let count = 0;
    let at = first >>> 3;
    for (const last = Math.min(end >>> 3, bytes.length); at < last; at++) count += ones(bytes[at] ?? 0);
    return at === end >>> 3 ? count + ones((bytes[at] ?? 0) & ((1 << (end & 7)) - 1)) : count;
  }

  /** The next marked row from one on, that one included; Infinity where there is none. */
  next(row: number): number {
    const bytes = this.#bytes;
    let at = row >>> 3;
    let byte = (bytes[at] ?? 0) & (0xff << (row & 7));
    while (byte === 0 && at + 1 < bytes.length) byte = bytes[++at] ?? 0;
    return byte === 0 ? Infinity : at * 8 + 31 - Math.clz32(byte & -byte);
  }

  copy(): Bits {
    const copy = new Bits();
    copy.#bytes = this.#bytes.slice();
    return copy;
  }

  /** Leaves the marks that others have, too. */
  meet(others: Bits): void {
    for (let at = 0; at < this.#bytes.length; at++) this.#bytes[at] = (this.#bytes[at] ?? 0) & (others.#bytes[at] ?? 0);
  }

  /** Leaves the marks that others do not have. */
  without(others: Bits): void {
    for (let at = 0; at < this.#bytes.length; at++)
      this.#bytes[at] = (this.#bytes[at] ?? 0) & ~(others.#bytes[at] ?? 0);
  }

  /** Adds the marks of others. */
  join(others: Bits): void {
    if (others.#bytes.length > this.#bytes.length) this.#bytes = withRoom(this.#bytes, others.#bytes.length);
    for (let at = 0; at < others.#bytes.length; at++)
      this.#bytes[at] = (this.#bytes[at] ?? 0) | (others.#bytes[at] ?? 0);
  }
}
