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

  has(row: number): boolean {
    return (((this.#bytes[row >>> 3] ?? 0) >> (row & 7)) & 1) === 1;
  }
}
