/** Keys that rows are sorted by: numbers of 64 bits, or texts, each distinct one kept once. */
import { withRoom } from './growing.ts';

/** A key as SQLite gives it; undefined where the row has none. */
export type Key = bigint | string | Buffer | undefined;

/** What a cell is worth as a key. */
export function keyOf(cell: unknown): Key {
  return typeof cell === 'bigint' || typeof cell === 'string' || Buffer.isBuffer(cell) ? cell : undefined;
}

const KINDS = ['bigint', 'string', 'object'];

/** Numbers, then texts, then bytes that are no text, as SQLite has it (datatype3.html); absent ones come last. */
export function compareKeys(a: Key, b: Key): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
  if (Buffer.isBuffer(a) && Buffer.isBuffer(b)) return Buffer.compare(a, b);
  if (typeof a !== typeof b) return KINDS.indexOf(typeof a) - KINDS.indexOf(typeof b);
  return a < b ? -1 : a > b ? 1 : 0;
}

export class OrderKeys {
  #numbers = new BigInt64Array();
  /** 1 where a row has no key. */
  #absent = new Uint8Array();
  #codes: Uint32Array | undefined;
  #size = 0;
  readonly #expected: number;
  /** The distinct keys, from the first one on that is no number. */
  readonly #keys: Key[] = [];
  readonly #codeOf = new Map<string | bigint | undefined, number>();

  /** @param expected how many there will be at most, as far as known */
  constructor(expected = 0) {
    this.#expected = expected;
  }

  add(key: Key): void {
    const at = this.#size++;
    this.#absent = withRoom(this.#absent, this.#size, this.#expected);
    if (key === undefined) this.#absent[at] = 1;
    if ((typeof key === 'bigint' || key === undefined) && !this.#codes) {
      this.#numbers = withRoom(this.#numbers, this.#size, this.#expected);
      this.#numbers[at] = key ?? 0n;
      return;
    }
    this.#codes ??= this.#asCodes(at);
    this.#codes = withRoom(this.#codes, this.#size, this.#expected);
    this.#codes[at] = this.codeOf(key);
  }

  /** Takes a key by its code. Whoever adds one so adds all so. */
  addCode(code: number): void {
    const at = this.#size++;
    this.#absent = withRoom(this.#absent, this.#size, this.#expected);
    if (this.#keys[code] === undefined) this.#absent[at] = 1;
    this.#codes = withRoom(this.#codes ?? new Uint32Array(), this.#size, this.#expected);
    this.#codes[at] = code;
  }

  keyOf(code: number): Key {
    return this.#keys[code];
  }

  /** From the first key on that is no number, every distinct key has a code. */
  #asCodes(size: number): Uint32Array {
    const codes = new Uint32Array(Math.max(1024, size, this.#expected));
    for (let at = 0; at < size; at++) codes[at] = this.codeOf(this.#absent[at] === 1 ? undefined : this.#numbers[at]);
    this.#numbers = new BigInt64Array();
    return codes;
  }

  /** The code of a key; every distinct key has one. */
  codeOf(key: Key): number {
    const name = Buffer.isBuffer(key) ? `\0${key.toString('latin1')}` : key;
    let code = this.#codeOf.get(name);
    if (code === undefined) {
      code = this.#keys.push(key) - 1;
      this.#codeOf.set(name, code);
    }
    return code;
  }

  /**
   * The keys as digits of 16 bits, the lowest first; sorting by one after the other sorts by the keys.
   * @returns for each digit what it is in each row, and how many rows at the end of the order have no key
   */
  digits(): { readonly digits: readonly ((row: number) => number)[]; readonly absent: number } {
    let absent = 0;
    for (let row = 0; row < this.#size; row++) absent += this.#absent[row] ?? 0;
    const isAbsent = (row: number): number => this.#absent[row] ?? 0;
    const values = this.#codes ? this.#digitsOfCodes(this.#codes) : this.#digitsOfNumbers();
    return { digits: absent > 0 ? [...values, isAbsent] : values, absent };
  }

  #digitsOfNumbers(): ((row: number) => number)[] {
    const words = new Uint16Array(this.#numbers.buffer);
    const digit = (place: number) => (row: number) => words[row * 4 + place] ?? 0;
    // The highest bit is the sign.
    const highest = (row: number): number => (words[row * 4 + 3] ?? 0) ^ 0x8000;
    return [digit(0), digit(1), digit(2), highest];
  }

  #digitsOfCodes(codes: Uint32Array): ((row: number) => number)[] {
    const sorted = this.#keys.map((_, code) => code).sort((a, b) => compareKeys(this.#keys[a], this.#keys[b]));
    const ranks = new Uint32Array(sorted.length);
    for (const [rank, code] of sorted.entries()) ranks[code] = rank;
    const low = (row: number): number => (ranks[codes[row] ?? 0] ?? 0) & 0xffff;
    const high = (row: number): number => (ranks[codes[row] ?? 0] ?? 0) >>> 16;
    return sorted.length > 0x10000 ? [low, high] : [low];
  }
}
