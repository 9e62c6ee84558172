/**
 * The entries of an index of whole numbers, in their order, as SQLite's file format has them
 * (https://www.sqlite.org/fileformat2.html, "B-tree Pages" and "Record Format"): one way through it, ten times as fast as asking SQL for
 * a large part of its entries. A file may say anything: an index that is not as SQLite writes it is told as such, and is for SQLite to read.
 */
import type { PageFile } from './page-file.ts';

const INNER = 2;
const OUTER = 10;

/** Bytes of a value by its type: 0 is NULL, 8 and 9 are 0 and 1 themselves. What takes eight bytes may be no safe number. */
const LENGTHS = [0, 1, 2, 3, 4, 6, undefined, undefined, 0, 0];

/** SQLite's own limit of a tree's depth (BTCURSOR_MAX_DEPTH). */
const DEEPEST = 20;

/** Entries beside each other: of one page, or a single one of those that stand between pages. */
export class Entries {
  size = 0;
  /** By column, by entry: what it holds, NaN where that is NULL. The last one is the number of the row. */
  readonly columns: Float64Array[];

  /** @param columns how many the index has, beside the number of the row */
  constructor(columns: number) {
    this.columns = Array.from({ length: columns + 1 }, () => new Float64Array());
  }

  /** Forgets all, and makes room for so many. */
  clear(room: number): void {
    this.size = 0;
    if (room <= (this.columns[0]?.length ?? 0)) return;
    for (let column = 0; column < this.columns.length; column++) this.columns[column] = new Float64Array(room * 2);
  }

  /** Adds the entry that begins there. Returns false where it is not as SQLite writes it, or not of whole numbers alone. */
  add(page: Buffer, at: number): boolean {
    const { columns } = this;
    const payload = page[at] ?? 128;
    const header = page[at + 1] ?? 0;
    const end = at + 1 + payload;
    // No entry of so few whole numbers is so long that its length, or one of its types, takes two bytes.
    if (payload >= 128 || header !== columns.length + 1 || end > page.length) return false;
    let place = at + 1 + header;
    for (let column = 0; column < columns.length; column++) {
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

/**
 * All entries of an index in their order, a page at a time; what was given is overwritten by the next.
 * @param columns how many the index has, beside the number of the row
 * @returns false where it is not as SQLite writes it: then not all were given
 */
export function* indexEntries(file: PageFile, name: string, columns: number): Generator<Entries, boolean> {
  const tree = file.tree(name);
  if (!tree) return false;
  const { root, pages, pageSize } = tree;
  const entries = new Entries(columns);
  const outer = Buffer.alloc(pageSize);
  const inners: Buffer[] = [];
  // However pages name each other, none is read twice.
  let left = pages;

  /** The places of a page's cells; undefined where they are not within it. */
  const cellsOf = (page: Buffer, header: number): number | undefined => {
    const cells = page.readUInt16BE(3);
    return header + 2 * cells <= pageSize ? cells : undefined;
  };

  function* below(number: number, level: number): Generator<Entries, boolean> {
    if (number < 2 || number > pages || --left < 0 || level > DEEPEST) return false;
    if (!file.read(number, outer)) return false;
    if (outer[0] === OUTER) {
      const cells = cellsOf(outer, 8);
      if (cells === undefined) return false;
      entries.clear(cells);
      for (let cell = 0; cell < cells; cell++) if (!entries.add(outer, outer.readUInt16BE(8 + 2 * cell))) return false;
      yield entries;
      return true;
    }
    if (outer[0] !== INNER) return false;
    const inner = (inners[level] ??= Buffer.alloc(pageSize));
    outer.copy(inner);
    const cells = cellsOf(inner, 12);
    if (cells === undefined) return false;
    for (let cell = 0; cell < cells; cell++) {
      const at = inner.readUInt16BE(12 + 2 * cell);
      if (at + 4 > pageSize || !(yield* below(inner.readUInt32BE(at), level + 1))) return false;
      entries.clear(1);
      if (!entries.add(inner, at + 4)) return false;
      yield entries;
    }
    return yield* below(inner.readUInt32BE(8), level + 1);
  }

  return yield* below(root, 0);
}
