/**
 * The rows on an outermost page of a table, and where their columns lie, as SQLite's file format has it
 * (https://www.sqlite.org/fileformat2.html, "B-tree Pages" and "Record Format"). A file may say anything: a page that is not as SQLite
 * writes it is told as such, and is for SQLite to read.
 */

/** Kind of an outermost page of a table. */
const LEAF_TABLE = 13;

/** Bytes of a whole number by its type; 8 and 9 are 0 and 1 themselves. */
const LENGTHS = [0, 1, 2, 3, 4, 6, 8, 8, 0, 0];

/** Types from here on are bytes, where they are even, and texts. */
export const FIRST_TEXT = 12;

/** Of a column's value: 0 where it is NULL, 8 and 9 where it is 0 and 1; even numbers from 12 on are bytes, odd ones texts. */
export type CellType = number;

export const isText = (type: CellType): boolean => type > FIRST_TEXT && type % 2 === 1;
export const isBytes = (type: CellType): boolean => type >= FIRST_TEXT && type % 2 === 0;

export class LeafRows {
  readonly #pageSize: number;
  readonly #columns: number;
  #page: Buffer = Buffer.alloc(0);
  /** By row: where its record begins and ends within the page. */
  #starts = new Uint32Array(512);
  #ends = new Uint32Array(512);
  /** By row: its number, and whether a part of it lies on other pages; then its columns cannot be told. */
  ids = new Float64Array(512);
  cut = new Uint8Array(512);
  size = 0;
  /** By column of the row that was looked at: what it is, and where it begins and ends within the page. */
  readonly types: Float64Array;
  readonly begins: Uint32Array;
  /** Where the number ends that was read last. */
  #at = 0;

  /** @param columns how many the table has */
  constructor(pageSize: number, columns: number) {
    this.#pageSize = pageSize;
    this.#columns = columns;
    this.types = new Float64Array(columns);
    this.begins = new Uint32Array(columns + 1);
  }

  /** Finds the rows of a page. Returns false where it is not as SQLite writes it. */
  read(page: Buffer): boolean {
    this.#page = page;
    this.size = 0;
    if (page[0] !== LEAF_TABLE) return false;
    const size = page.readUInt16BE(3);
    const first = 8 + 2 * size;
    if (size === 0 || first > this.#pageSize) return false;
    this.#grow(size);
    for (let row = 0; row < size; row++) {
      const cell = page.readUInt16BE(8 + 2 * row);
      if (cell < first || cell >= this.#pageSize) return false;
      const payload = this.#number(cell);
      const id = this.#number(this.#at);
      const local = this.#local(payload);
      const end = this.#at + local;
      if (payload < 0 || id < 0 || end > this.#pageSize) return false;
      this.ids[row] = id;
      this.cut[row] = local < payload ? 1 : 0;
      this.#starts[row] = this.#at;
      this.#ends[row] = end;
    }
    this.size = size;
    return true;
  }

  /** Finds the columns of a row that is whole. Returns false where it is not as SQLite writes it. */
  look(row: number): boolean {
    const start = this.#starts[row] ?? 0;
    const end = this.#ends[row] ?? 0;
    const page = this.#page;
    const header = start + this.#number(start);
    let [at, begin] = [this.#at, header];
    if (header > end) return false;
    for (let column = 0; column < this.#columns; column++) {
      let type = page[at] ?? 0;
      if (type < 128) at++;
      else {
        type = this.#number(at);
        at = this.#at;
      }
      if (at > header || type < 0 || type === 10 || type === 11) return false;
      this.types[column] = type;
      this.begins[column] = begin;
      begin += type < FIRST_TEXT ? (LENGTHS[type] ?? 0) : (type - FIRST_TEXT) >> 1;
      if (begin > end) return false;
    }
    this.begins[this.#columns] = begin;
    return at === header && begin === end;
  }

  /**
   * Types of the first columns alone, of a row that is whole: a third of what looking at it takes.
   * @returns false where it is not as SQLite writes it
   */
  lookAtTypes(row: number, count: number): boolean {
    const page = this.#page;
    const types = this.types;
    let at = this.#starts[row] ?? 0;
    const header = at + (page[at] ?? 0);
    // No table has so many columns that their number takes two bytes.
    if ((page[at++] ?? 0) >= 128) return false;
    for (let column = 0; column < count; column++) {
      const type = page[at] ?? 0;
      if (type < 128) {
        types[column] = type;
        at++;
      } else {
        types[column] = this.#number(at);
        at = this.#at;
      }
    }
    return at <= header && header <= (this.#ends[row] ?? 0);
  }

  /** The whole number that a column of the row holds that was looked at; undefined where it is none that is safe. */
  integer(column: number): number | undefined {
    const type = this.types[column] ?? 0;
    if (type === 8 || type === 9) return type - 8;
    const length = type === 0 || type > 5 ? 0 : (LENGTHS[type] ?? 0);
    return length === 0 ? undefined : this.#page.readIntBE(this.begins[column] ?? 0, length);
  }

  /** Rows by where they lie, for who goes through the page from its beginning. */
  byPlace(): Uint32Array {
    const { size } = this;
    const starts = this.#starts;
    const order = new Uint32Array(size);
    // A page is filled from its end.
    let isFilled = true;
    for (let row = 0; row < size; row++) {
      order[size - 1 - row] = row;
      isFilled &&= row === 0 || (starts[row] ?? 0) < (starts[row - 1] ?? 0);
    }
    return isFilled ? order : order.sort((a, b) => (starts[a] ?? 0) - (starts[b] ?? 0));
  }

  endOf(row: number): number {
    return this.#ends[row] ?? 0;
  }

  startOf(row: number): number {
    return this.#starts[row] ?? 0;
  }

  #grow(size: number): void {
    if (size <= this.ids.length) return;
    const room = size * 2;
    this.#starts = new Uint32Array(room);
    this.#ends = new Uint32Array(room);
    this.ids = new Float64Array(room);
    this.cut = new Uint8Array(room);
  }

  /** A number of variable length; -1 where it is no recorder's, or goes beyond the page. */
  #number(from: number): number {
    const page = this.#page;
    let value = 0;
    for (let at = from; at < from + 7 && at < this.#pageSize; at++) {
      const byte = page[at] ?? 0;
      value = value * 128 + (byte & 127);
      if (byte < 128) {
        this.#at = at + 1;
        return value;
      }
    }
    this.#at = this.#pageSize;
    return -1;
  }

  /** How many bytes of a record lie on its own page. */
  #local(payload: number): number {
    const most = this.#pageSize - 35;
    if (payload <= most) return payload;
    const least = Math.floor(((this.#pageSize - 12) * 32) / 255) - 23;
    const local = least + ((payload - least) % (this.#pageSize - 4));
    return local <= most ? local : least;
  }
}
