/**
 * Which pages of a file hold the rows of a table, or the entries of an index, as SQLite's file format has it
 * (https://www.sqlite.org/fileformat2.html, "B-tree Pages" and "Record Format"). A file may say anything: what is told is where
 * to look, never what is there.
 */

/** Bytes of a page, by its number from 1 on, until the next one is read; undefined where the file has none of that number. */
export type ReadPage = (page: number) => Buffer | undefined;

export interface Tree {
  /** Number of the first page. */
  readonly root: number;
  /** How many pages the file has. */
  readonly pages: number;
  readonly pageSize: number;
  /** Told where pages are not as SQLite writes them, so that not all may have been named. */
  readonly odd?: (() => void) | undefined;
}

/** What of an index is meant: entries whose first column is that. */
export type Key = bigint | string;

export interface Part {
  /** Absent: all of it. */
  readonly key?: Key | undefined;
  readonly descending?: boolean | undefined;
}

const INNER_INDEX = 2;
const INNER_TABLE = 5;

/** SQLite's own limit of a tree's depth (BTCURSOR_MAX_DEPTH). */
const DEEPEST = 20;

/**
 * Numbers of the outermost pages, in the order of their keys, page by page of those above them: these are read as one goes
 * on. Not many more than the file has, whatever it says.
 */
export function* outerPages(tree: Tree, read: ReadPage, { key, descending }: Part = {}): Generator<readonly number[]> {
  let left = tree.pages;

  function* below(number: number, level: number): Generator<readonly number[]> {
    const children = childrenOf(number, tree, read, key);
    if (descending) children.reverse();
    left -= 1 + (level === 1 ? children.length : 0);
    if (children.length === 0 || left < 0) tree.odd?.();
    if (level === 1) yield children;
    else for (const child of children) if (left > 0) yield* below(child, level - 1);
  }

  const depth = wayTo(0, tree, read).length;
  if (depth > 0) yield* below(tree.root, depth);
}

/**
 * Numbers of the pages that lead to the place that lies at a share of a tree, from 0 to 1 (excluded), the outermost one last and
 * the first one left out. Every way is as long as any other.
 */
export function wayTo(share: number, tree: Tree, read: ReadPage): number[] {
  const way: number[] = [];
  let rest = share;
  for (let number = tree.root; way.length < DEEPEST;) {
    const children = childrenOf(number, tree, read);
    const at = Math.floor(rest * children.length);
    const next = children[at];
    if (next === undefined) return way;
    way.push((number = next));
    rest = rest * children.length - at;
  }
  return [];
}

/** Numbers of the pages below one, in the order of their keys, where they hold that key; none where it is not an inner one. */
function childrenOf(number: number, { pages, pageSize, odd }: Tree, read: ReadPage, key?: Key): number[] {
  const page = read(number);
  const header = number === 1 ? 100 : 0;
  const kind = page?.[header];
  if (!page || (kind !== INNER_INDEX && kind !== INNER_TABLE)) return [];
  const cells = page.readUInt16BE(header + 3);
  const count = Math.min(cells, (pageSize - header - 12) >> 1);
  if (count < cells) odd?.();
  const children: number[] = [];
  const take = (child: number): void => {
    if (child >= 1 && child <= pages) children.push(child);
    else odd?.();
  };
  // A cell stands between two children: what is in the one before it is not greater, what is in the one after it not less.
  let isBefore = false;
  for (let at = 0; at < count; at++) {
    const cell = page.readUInt16BE(header + 12 + 2 * at);
    if (cell + 4 > pageSize) {
      odd?.();
      continue;
    }
    const order = key === undefined || kind === INNER_TABLE ? 0 : compared(page, cell + 4, key);
    if (order >= 0) take(page.readUInt32BE(cell));
    isBefore = order > 0;
    if (isBefore) break;
  }
  if (!isBefore) take(page.readUInt32BE(header + 8));
  return children;
}

/** The first column of an entry, compared with a key: below 0 where it comes before it, 0 also where that cannot be told. */
function compared(page: Buffer, at: number, key: Key): number {
  const [, record] = numberAt(page, at); // of its length
  const [headerLength, types] = numberAt(page, record);
  const [type] = numberAt(page, types);
  const body = record + headerLength;
  if (typeof key === 'bigint') {
    const value = integerAt(page, body, type);
    if (value === undefined) return type === 0 ? -1 : type >= 12 ? 1 : 0;
    return value < key ? -1 : value > key ? 1 : 0;
  }
  if (type < 12) return -1;
  if (type % 2 === 0) return 1;
  // What of a long text lies in other pages is left out.
  const text = page.subarray(body, body + (type - 13) / 2);
  return Buffer.compare(text, Buffer.from(key));
}

/** A number of variable length, and where it ends. Longer ones than any in a file of less than 2^49 bytes are not read. */
function numberAt(page: Buffer, at: number): [value: number, end: number] {
  let value = 0;
  for (let end = at; end < at + 7; end++) {
    const byte = page[end] ?? 0;
    value = value * 128 + (byte & 127);
    if (byte < 128) return [value, end + 1];
  }
  return [0, at + 7];
}

/** Lengths of whole numbers by their type. */
const LENGTHS = [undefined, 1, 2, 3, 4, 6, 8];

function integerAt(page: Buffer, at: number, type: number): bigint | undefined {
  if (type === 8 || type === 9) return BigInt(type - 8);
  const length = LENGTHS[type];
  if (length === undefined || at + length > page.length) return undefined;
  return length === 8 ? page.readBigInt64BE(at) : BigInt(page.readIntBE(at, length));
}
