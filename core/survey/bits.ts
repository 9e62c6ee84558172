/** Marks of rows, one bit each. */
import { withRoom } from './growing.ts';

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
}
