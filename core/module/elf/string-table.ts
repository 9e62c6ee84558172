/** Names out of a string table. A hostile table may have all its offsets name the same megabytes: names are bounded. */
import type { Bytes } from '../bytes.ts';

/** The kernel's KSYM_NAME_LEN is 512; C++ and Rust names of other sections may be longer. */
const LONGEST = 1024;
/** All names of one table together, in characters. */
const BUDGET = 8 * 1024 * 1024;
const CUT = 16;

export class StringTable {
  readonly #bytes: Bytes;
  readonly #offset: number;
  readonly #end: number;
  #left = BUDGET;

  constructor(bytes: Bytes, offset: number, size: number) {
    this.#bytes = bytes;
    this.#offset = offset;
    this.#end = offset + size;
  }

  /** Whether names had to be cut because there were too many characters. */
  get exhausted(): boolean {
    return this.#left <= 0;
  }

  /** The name at an offset of the table; undefined where that is outside. */
  at(offset: number): string | undefined {
    if (offset === 0) return '';
    const from = this.#offset + offset;
    if (from >= this.#end) return undefined;
    const name = this.#bytes.text(from, Math.min(this.#end, from + (this.#left > 0 ? LONGEST : CUT)));
    this.#left -= name.length;
    return name;
  }
}
