/**
 * Texts with a part, on outermost pages of a table: a page without them is not looked at any further, and of one with them only the
 * rows that they lie in.
 */
import { FIRST_TEXT, isBytes, isText, LeafRows, type CellType } from '../capture/leaf-rows.ts';

const IS_ASCII = /^[\0-\x7f]*$/;

/** What means something else in an expression. */
const SIGNS = /[$()*+./?[\\\]^{|}-]/g;

/** In place of a type's parity, of columns without a text that is looked for. */
const NOT_LOOKED_AT = 2;

/** Rows that only SQL can answer are few in what recorders write. */
export const MOST_ODD = 100_000;

/** A column whose texts are looked for. */
export interface Column {
  readonly at: number;
  /** Whether its texts are bytes, and not a text. */
  readonly isArgv: boolean;
}

/** What is looked for in which table. */
export interface TableLook {
  readonly columns: readonly Column[];
  /** How many columns the table has. */
  readonly count: number;
  /** Number of the column by which rows are told; undefined for their own number. */
  readonly key: number | undefined;
  readonly argument: number | undefined;
  /** Whether what can never be told by bytes is looked for as well. */
  readonly isOddSought: boolean;
  /** In small letters; rest: what of it stands in the bytes of each text that has it. */
  readonly part: string;
  readonly rest: string;
}

/** What is found on some pages. Columns are in the order in which they were asked for. */
export interface FoundOnPages {
  readonly columns: readonly {
    readonly keys: readonly number[];
    /** Numbers of rows that SQL is to be asked about. */
    readonly unclear: readonly number[];
    /** Numbers of rows that hold something else than texts are. */
    readonly others: readonly number[];
  }[];
  /** Numbers of rows of which a part lies on other pages. */
  readonly cut: readonly number[];
  /** Numbers of rows of a first argument with that part, as far as can be told. */
  readonly asked: readonly number[];
  /** How many rows there are. */
  readonly rows: number;
}

/** What is found in a column. */
interface InColumn {
  readonly keys: number[];
  readonly unclear: number[];
  readonly others: number[];
}

export class TableSearch {
  readonly #look: TableLook;
  readonly #read: (page: number, into: Buffer) => boolean;
  readonly #page: Buffer;
  readonly #rows: LeafRows;
  readonly #pattern: RegExp;
  /** Whether what is looked for in the pages is all of the part. */
  readonly #isWhole: boolean;
  /** How many columns there are up to the last one that is looked at. */
  readonly #width: number;
  /** By column up to the last one that is looked at: whether types of what is plain there are odd. */
  readonly #parities: Uint8Array;
  /** By column. */
  #found: InColumn[] = [];
  #cut: number[] = [];
  #asked: number[] = [];
  #count = 0;

  /** @param read reads a page by its number; returns false where that cannot be read */
  constructor(pageSize: number, look: TableLook, read: (page: number, into: Buffer) => boolean) {
    const { columns, part, rest } = look;
    this.#look = look;
    this.#read = read;
    this.#page = Buffer.alloc(pageSize);
    this.#rows = new LeafRows(pageSize, look.count);
    this.#pattern = new RegExp(rest.replaceAll(SIGNS, String.raw`\$&`), 'gi');
    this.#isWhole = part === rest;
    this.#width = Math.max(...columns.map(({ at }) => at)) + 1;
    this.#parities = new Uint8Array(this.#width).fill(NOT_LOOKED_AT);
    for (const { at, isArgv } of columns) this.#parities[at] = isArgv ? 0 : 1;
  }

  /** Undefined where a page is not as SQLite writes it, or too much is odd. */
  on(pages: Iterable<number>): FoundOnPages | undefined {
    this.#found = this.#look.columns.map(() => ({ keys: [], unclear: [], others: [] }));
    this.#cut = [];
    this.#asked = [];
    this.#count = 0;
    for (const number of pages) {
      const page = this.#page;
      if (!this.#read(number, page) || !this.#rows.read(page)) return undefined;
      this.#count += this.#rows.size;
      if (this.#look.isOddSought && !this.#seekOdd(page)) return undefined;
      if (!this.#seekPart(page.toString('latin1'))) return undefined;
    }
    return { columns: this.#found, cut: this.#cut, asked: this.#asked, rows: this.#count };
  }

  /** Returns false where a row is not as SQLite writes it. */
  #seekOdd(page: Buffer): boolean {
    const rows = this.#rows;
    for (let row = 0; row < rows.size; row++) {
      if (rows.cut[row] === 1) this.#cut.push(rows.ids[row] ?? 0);
      else if (!this.#isAllPlain(page, rows.startOf(row), rows.endOf(row)) && !this.#noteOdd(row)) return false;
    }
    return true;
  }

  /** Whether all columns that are looked at are plain: told in a moment where no type takes more than two bytes, as of most rows. */
  #isAllPlain(page: Buffer, start: number, end: number): boolean {
    const parities = this.#parities;
    const header = page[start] ?? 0;
    if (header >= 128 || start + header > end) return false;
    let at = start + 1;
    for (let column = 0; column < parities.length; column++) {
      const first = page[at++] ?? 0;
      // All types of two bytes are of bytes and texts, but where the first one only seems to be needed.
      const type = first < 128 ? first : FIRST_TEXT + ((page[at++] ?? 0) & 1);
      if (first === 128 || (first > 128 && (page[at - 1] ?? 0) >= 128)) return false;
      const parity = parities[column];
      if (parity !== NOT_LOOKED_AT && type !== 0 && (type < FIRST_TEXT || (type & 1) !== parity)) return false;
    }
    return at <= start + header;
  }

  /** Returns false where the row is not as SQLite writes it. */
  #noteOdd(row: number): boolean {
    const rows = this.#rows;
    if (!rows.lookAtTypes(row, this.#width)) return false;
    for (const [index, column] of this.#look.columns.entries()) {
      if (!isPlain(column, rows.types[column.at] ?? 0)) this.#found[index]?.others.push(rows.ids[row] ?? 0);
    }
    return true;
  }

  #seekPart(text: string): boolean {
    const rows = this.#rows;
    const pattern = this.#pattern;
    let order: Uint32Array | undefined;
    let [place, looked] = [0, -1];
    pattern.lastIndex = 0;
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      order ??= rows.byPlace();
      while (place < order.length && rows.endOf(order[place] ?? 0) <= match.index) place++;
      const row = order[place];
      if (row === undefined) break;
      if (match.index < rows.startOf(row)) {
        // What was deleted, or a number of the page itself.
        pattern.lastIndex = match.index + 1;
      } else if (rows.cut[row] === 1) {
        pattern.lastIndex = rows.endOf(row);
      } else {
        if (looked !== row && !rows.look(row)) return false;
        looked = row;
        pattern.lastIndex = this.#inRow(row, match.index, match.index + match[0].length, text);
      }
    }
    return true;
  }

  /** @returns where to look on */
  #inRow(row: number, from: number, to: number, text: string): number {
    const { begins, types } = this.#rows;
    for (const [index, column] of this.#look.columns.entries()) {
      const [begin, end] = [begins[column.at] ?? 0, begins[column.at + 1] ?? 0];
      if (from < begin || to > end) continue;
      const type = types[column.at] ?? 0;
      if (type !== 0 && isPlain(column, type)) this.#inColumn(row, index, text.slice(begin, end));
      return end;
    }
    return from + 1;
  }

  #inColumn(row: number, index: number, text: string): void {
    const id = this.#rows.ids[row] ?? 0;
    const { columns, key, argument, part } = this.#look;
    const found = this.#found[index];
    if (this.#isWhole || text.toLowerCase().includes(part)) {
      const number = key === undefined ? id : this.#rows.integer(key);
      if (number === undefined) found?.unclear.push(id);
      else found?.keys.push(number);
      if (argument !== undefined && (this.#rows.integer(argument) ?? 0) === 0) this.#asked.push(id);
    } else if (columns[index]?.isArgv === true && !IS_ASCII.test(text)) {
      // It may begin within what a byte is written as that is no UTF-8.
      found?.unclear.push(id);
    }
  }
}

/** Whether a value is what bytes tell of, or none. */
const isPlain = ({ isArgv }: Column, type: CellType): boolean => type === 0 || (isArgv ? isBytes(type) : isText(type));
