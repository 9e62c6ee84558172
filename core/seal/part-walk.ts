/** The rows of one part against what it says of them. */
import type { WrongRow } from '#contract/seal.ts';
import { toWide } from '#contract/wide.ts';
import type Database from 'better-sqlite3';
import type { Part } from './commits.ts';
import { rowDigest, rowSize, sealedTables, sha256, type SealedTable } from './tables.ts';

const MARK = 8;

/** Rows, and bytes, that are read before others get their turn. */
const ROWS_AT_ONCE = 1000;
const BYTES_AT_ONCE = 8 * 1024 * 1024;

export interface PartFinding {
  /** Rows that were read. */
  readonly rows: number;
  /** Whether number and digest of the rows are the part's. */
  readonly fits: boolean;
  /** Whether keys, range and number of rows agree with each other. */
  readonly sound: boolean;
  /** The first row that is not where, or what, marks and keys say. */
  readonly fault: WrongRow | undefined;
}

/** Reads rows of the sealed tables. */
export class RowReader {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement<[bigint, bigint], unknown[]>>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** Rows whose keys are from `from` to `to`, in order; the iterator must be used up or left before anything else. */
  rows({ name, key, cells }: SealedTable, from: bigint, to: bigint): IterableIterator<unknown[]> {
    let statement = this.#statements.get(name);
    if (!statement) {
      const sql = `SELECT ${cells} FROM ${name} WHERE ${key} BETWEEN ? AND ? ORDER BY ${key}`;
      statement = this.#database.prepare<[bigint, bigint], unknown[]>(sql).raw();
      this.#statements.set(name, statement);
    }
    return statement.iterate(from, to);
  }

  /** The greatest key, undefined where the table is empty. */
  lastKey({ name, key }: SealedTable): bigint | undefined {
    const last = this.#database.prepare<[], unknown>(`SELECT max(${key}) FROM ${name}`).pluck().get();
    return typeof last === 'bigint' ? last : undefined;
  }
}

/** What a part says of its rows, one after the other. */
class Expectation {
  readonly #part: Part;
  readonly count: number;
  readonly sound: boolean;
  at = 0;
  fault: WrongRow | undefined;

  constructor(part: Part) {
    this.#part = part;
    this.count = part.marks.length / MARK;
    const dense = part.lastKey - part.firstKey + 1n === part.rows;
    // Keys that follow from the range are not written; others begin and end as the range does.
    const ends = part.keys && this.count > 0 ? [this.#key(), this.#key(this.count - 1)] : [part.firstKey, part.lastKey];
    this.sound = dense === (part.keys === undefined) && ends[0] === part.firstKey && ends[1] === part.lastKey;
  }

  #blame(key: bigint, what: WrongRow['what']): void {
    this.fault ??= { table: this.#part.table, key: toWide(key), what };
  }

  #key(at = this.at): bigint | undefined {
    if (at >= this.count) return undefined;
    const { keys, firstKey } = this.#part;
    if (!keys) return firstKey + BigInt(at);
    return at * 8 + 8 <= keys.length ? keys.readBigInt64LE(at * 8) : undefined;
  }

  /** The next row that is there. */
  meet(key: bigint, digest: Buffer): void {
    let expected = this.#key();
    for (; expected !== undefined && expected < key; expected = this.#key()) {
      this.#blame(expected, 'missing');
      this.at++;
    }
    if (expected !== key) {
      this.#blame(key, 'inserted');
      return;
    }
    const { marks } = this.#part;
    const mark = digest.subarray(0, MARK);
    const start = this.at * MARK;
    const differs = mark.compare(marks, start, start + MARK) !== 0;
    if (differs && !this.fault) this.#blame(key, isElsewhere(marks, mark) ? 'order' : 'changed');
    this.at++;
  }

  /** There are no further rows. */
  end(): void {
    const expected = this.#key();
    if (expected !== undefined) this.#blame(expected, 'missing');
  }
}

/** Whether another row of the part has that mark. */
function isElsewhere(marks: Buffer, mark: Buffer): boolean {
  for (let at = marks.indexOf(mark); at >= 0; at = marks.indexOf(mark, at + 1)) if (at % MARK === 0) return true;
  return false;
}

/**
 * Walks the rows from `from` up to the part's last key. Yields the number of rows so far whenever others may
 * have their turn. No more rows are read than the part has, and one.
 */
export function* walkPart(reader: RowReader, part: Part, from: bigint): Generator<number, PartFinding> {
  const table = sealedTables().find(({ name }) => name === part.table);
  if (!table || part.rows < 1n) return { rows: 0, fits: false, sound: false, fault: undefined };
  const hash = sha256().update(Buffer.from(part.table, 'latin1'));
  const expectation = new Expectation(part);
  let [rows, next, ended] = [0, from, false];
  while (!ended) {
    ended = true;
    let [size, read] = [0, 0];
    for (const cells of reader.rows(table, next, part.lastKey)) {
      const key = cells[0];
      if (typeof key !== 'bigint') break;
      const digest = rowDigest(cells, table);
      hash.update(digest);
      expectation.meet(key, digest);
      rows++;
      read++;
      size += rowSize(cells);
      next = key + 1n;
      if (BigInt(rows) > part.rows) break;
      ended = read < ROWS_AT_ONCE && size < BYTES_AT_ONCE;
      if (!ended) break;
    }
    yield rows;
  }
  if (BigInt(rows) <= part.rows) expectation.end();
  const fits = BigInt(rows) === part.rows && hash.digest().equals(part.digest);
  return { rows, fits, sound: expectation.sound, fault: expectation.fault };
}
