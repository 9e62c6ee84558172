/**
 * A column of which many rows have nothing: a bit and a bit more a row, and 1 to 4 bytes for each that has a value. How many
 * rows before one have a value tells where its own stands.
 */
import { ones } from './bits.ts';
import { withRoom } from './growing.ts';
import { NarrowColumn } from './narrow-column.ts';

const WORD_BITS = 5;
const BLOCK_BITS = 8;
const WORDS = 1 << (BLOCK_BITS - WORD_BITS);

export class SparseColumn {
  /** A bit a row: whether there is a place for its value. */
  #words = new Uint32Array();
  /** By block: how many rows before it have a place. */
  #before = new Uint32Array();
  #blocks = 0;
  #size = 0;
  readonly #values = new NarrowColumn();
  #expected = 0;

  /** How many rows there will be at most, as far as known. */
  expect(rows: number): void {
    this.#expected = rows;
    this.#values.expect(rows);
  }

  /** Makes a place for the value of a row, which comes after all that have one. */
  append(row: number, value = 0): void {
    const block = row >>> BLOCK_BITS;
    if (block >= this.#blocks) this.#begin(block);
    const word = row >>> WORD_BITS;
    this.#words[word] = (this.#words[word] ?? 0) | (1 << row);
    this.#values.put(this.#size++, value);
  }

  #begin(block: number): void {
    const most = this.#expected >>> BLOCK_BITS;
    this.#words = withRoom(this.#words, (block + 1) * WORDS, (most + 1) * WORDS);
    this.#before = withRoom(this.#before, block + 1, most + 1);
    this.#before.fill(this.#size, this.#blocks, block + 1);
    this.#blocks = block + 1;
  }

  /** Where the value of a row stands; -1 where there is no place for it. */
  #placeOf(row: number): number {
    const word = row >>> WORD_BITS;
    const own = this.#words[word] ?? 0;
    if (((own >>> row) & 1) === 0) return -1;
    let place = this.#before[row >>> BLOCK_BITS] ?? 0;
    for (let at = word - (word % WORDS); at < word; at++) place += ones(this.#words[at] ?? 0);
    return place + ones(own & ((1 << row) - 1));
  }

  /** 0 where there is no place for a value. */
  at(row: number): number {
    const place = this.#placeOf(row);
    return place < 0 ? 0 : this.#values.at(place);
  }

  /** Another value for a row that has a place; others have none for it. */
  put(row: number, value: number): void {
    const place = this.#placeOf(row);
    if (place >= 0) this.#values.put(place, value);
  }

  /** Sets a mark for each row from one on, up to another one (excluded): what is answered of its value, 0 where it has none. */
  mark(first: number, end: number, marks: Uint8Array, answer: (value: number) => number): void {
    const { low, high } = this.#values.parts;
    const none = answer(0);
    let next = -1;
    for (let row = first; row < end; row++) {
      const has = (((this.#words[row >>> WORD_BITS] ?? 0) >>> row) & 1) === 1;
      if (has && next < 0) next = this.#placeOf(row);
      marks[row - first] = has ? answer((low[next] ?? 0) | (high ? (high[next] ?? 0) << 16 : 0)) : none;
      if (has) next++;
    }
  }
}
