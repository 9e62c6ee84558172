/**
 * The entries of an index of whole numbers, as SQLite's file format has them
 * (https://www.sqlite.org/fileformat2.html, "B-tree Pages" and "Record Format"): going through its pages is ten times as fast as asking
 * SQL for a large part of its entries. A file may say anything: an index that is not as SQLite writes it is told as such, and is for SQLite to read.
 */
import { withRoom } from '../survey/growing.ts';
import type { PageFile } from './page-file.ts';
import { outerPages } from './tree-pages.ts';

const INNER = 2;
const OUTER = 10;

/** Bytes of a value by its type: 0 is NULL, 8 and 9 are 0 and 1 themselves. What takes eight bytes may be no safe number. */
const LENGTHS = [0, 1, 2, 3, 4, 6, undefined, undefined, 0, 0];

/** Entries of an index. */
export class Entries {
  size = 0;
  /** By column, by entry: what it holds, NaN where that is NULL. The last one is the number of the row. */
  readonly columns: Float64Array[];
  /** What the first column holds, if these are texts. */
  readonly #words: readonly Buffer[];
  /** Place of the word that was found last: the next one is nearly always the same. */
  #word = 0;

  /**
   * @param columns how many the index has, beside the number of the row
   * @param words where the first column holds texts: all that it may hold; each is told by its place
   */
  constructor(columns: number, words: readonly string[] = []) {
    this.columns = Array.from({ length: columns + 1 }, () => new Float64Array());
    this.#words = words.map((word) => Buffer.from(word));
  }

  /** Those of an outermost page, and no others. Returns false where it is none, or not as SQLite writes it. */
  read(page: Buffer): boolean {
    this.size = 0;
    return page[0] === OUTER && this.addFrom(page);
  }

  /** Adds all that stand on a page. Returns false where it is not as SQLite writes it. */
  addFrom(page: Buffer): boolean {
    const isInner = page[0] === INNER;
    const [header, before] = isInner ? [12, 4] : [8, 0];
    const cells = page.readUInt16BE(3);
    if (header + 2 * cells > page.length) return false;
    for (let column = 0; column < this.columns.length; column++)
      this.columns[column] = withRoom(this.columns[column] ?? new Float64Array(), this.size + cells);
    for (let cell = 0; cell < cells; cell++) {
      const at = page.readUInt16BE(header + 2 * cell) + before;
      if (!this.#add(page, at)) return false;
    }
    return true;
  }

  /** Adds the entry that begins there. Returns false where it is not as SQLite writes it, or holds anything else than it should. */
  #add(page: Buffer, at: number): boolean {
    const { columns } = this;
    const payload = page[at] ?? 128;
    const header = page[at + 1] ?? 0;
    const end = at + 1 + payload;
    // No entry of so few whole numbers is so long that its length, or one of its types, takes two bytes.
    if (payload >= 128 || header !== columns.length + 1 || end > page.length) return false;
    let place = at + 1 + header;
    const areWords = this.#words.length > 0;
    if (areWords) {
      const length = this.#readWord(page, place, page[at + 2] ?? 0);
      if (length === undefined) return false;
      place += length;
    }
    for (let column = areWords ? 1 : 0; column < columns.length; column++) {
      const type = page[at + 2 + column] ?? 0;
      const length = LENGTHS[type];
      if (length === undefined) return false;
      const values = columns[column];
      if (values) values[this.size] = length > 0 ? integerAt(page, place, length) : type === 0 ? NaN : type - 8;
      place += length;
    }
    this.size++;
    return place === end;
  }

  /** Puts the place of the word that stands there; returns its length, undefined where it is none of them. */
  #readWord(page: Buffer, at: number, type: number): number | undefined {
    if (type < 13 || type % 2 === 0) return undefined;
    const length = (type - 13) >> 1;
    if (!this.#isWord(this.#word, page, at, length)) {
      this.#word = this.#words.findIndex((_, word) => this.#isWord(word, page, at, length));
      if (this.#word < 0) return undefined;
    }
    const [words] = this.columns;
    if (words) words[this.size] = this.#word;
    return length;
  }

  #isWord(word: number, page: Buffer, at: number, length: number): boolean {
    const known = this.#words[word];
    if (known?.length !== length) return false;
    for (let place = 0; place < length; place++) if (page[at + place] !== known[place]) return false;
    return true;
  }
}

function integerAt(page: Buffer, at: number, length: number): number {
  switch (length) {
    case 1:
      return ((page[at] ?? 0) << 24) >> 24;
    case 2:
      return (((page[at] ?? 0) << 24) >> 16) | (page[at + 1] ?? 0);
    case 3:
      return (((page[at] ?? 0) << 24) >> 8) | ((page[at + 1] ?? 0) << 8) | (page[at + 2] ?? 0);
    case 4:
      return ((page[at] ?? 0) << 24) | ((page[at + 1] ?? 0) << 16) | ((page[at + 2] ?? 0) << 8) | (page[at + 3] ?? 0);
    default:
      return page.readIntBE(at, 6);
  }
}

/** Where the entries of an index lie. */
export interface IndexPages {
  /** Numbers of the outermost pages. */
  readonly outer: Uint32Array;
  /** The entries that stand between those. */
  readonly between: Entries;
}

/** Of an index whose first column holds texts. */
export interface Worded {
  /** All that it may hold; see Entries. */
  readonly words: readonly string[];
  /** Where only entries are meant that begin with one of these. */
  readonly keys: readonly string[];
}

/**
 * @param columns how many the index has, beside the number of the row
 * @returns undefined where it is not as SQLite writes it; with keys, entries that begin with others may be among those told
 */
export function indexPages(file: PageFile, name: string, columns: number, worded?: Worded): IndexPages | undefined {
  const tree = file.tree(name);
  const page = Buffer.alloc(file.pageSize);
  if (!tree || !file.read(tree.root, page)) return undefined;
  const between = new Entries(columns, worded?.words);
  if (page[0] === OUTER) return { outer: Uint32Array.of(tree.root), between };
  // A page at the end of one key's entries is that of the beginning of another one's.
  const outer = new Set<number>();
  let isOdd = false;
  const odd = (): void => {
    isOdd = true;
  };
  const seen = new Set<number>();
  const read = (number: number): Buffer | undefined => {
    if (!file.read(number, page)) return undefined;
    if (page[0] !== INNER || seen.has(number)) return page;
    seen.add(number);
    if (!between.addFrom(page)) odd();
    return page;
  };
  for (const key of worded?.keys ?? [undefined]) {
    for (const some of outerPages({ ...tree, odd }, read, { key })) for (const number of some) outer.add(number);
  }
  return isOdd || outer.size === 0 ? undefined : { outer: Uint32Array.from(outer), between };
}
