/** The rows of `seal` and `seal_part`, in order, and what a commit's digest is made of (docs/seal.md). */
import type Database from 'better-sqlite3';
import { LEAST_INTEGER } from '../capture/integers.ts';
import { integers, sha256 } from './tables.ts';

export interface Seal {
  readonly id: bigint;
  readonly ns: bigint;
  readonly rows: bigint;
  readonly digest: Buffer;
}

export interface Part {
  readonly id: bigint;
  readonly sealId: bigint;
  readonly table: string;
  readonly firstKey: bigint;
  readonly lastKey: bigint;
  readonly rows: bigint;
  readonly digest: Buffer;
  readonly marks: Buffer;
  readonly keys: Buffer | undefined;
}

/** Rows of one part at most: their marks and keys are held at once. Recorders write thousands. */
const MOST_ROWS = 4_000_000;

/** Cells that are too long, or of a type that is not theirs, come as NULL: they fit nothing. */
const SEALS = `SELECT id, ns, rows, CASE WHEN octet_length(digest) = 32 THEN CAST(digest AS BLOB) END
  FROM seal WHERE id >= ? AND id <= ? ORDER BY id LIMIT ?`;
const PARTS = `SELECT id, seal_id, CASE WHEN octet_length(table_name) < 64 THEN CAST(table_name AS BLOB) END,
    first_key, last_key, rows, CASE WHEN octet_length(digest) = 32 THEN CAST(digest AS BLOB) END,
    CASE WHEN typeof(marks) = 'blob' AND rows <= ${String(MOST_ROWS)} AND octet_length(marks) = rows * 8 THEN marks END,
    CASE WHEN typeof(keys) = 'blob' AND octet_length(keys) <= rows * 8 THEN keys END, keys IS NOT NULL
  FROM seal_part WHERE id >= ? AND id <= ? ORDER BY id LIMIT ?`;

/** No id of a recorder's is below 1; one that is must be seen. */
const FIRST_ID = LEAST_INTEGER;

const NO_DIGEST = Buffer.alloc(0);

function whole(cell: unknown): bigint {
  return typeof cell === 'bigint' ? cell : -1n;
}

function bytes(cell: unknown): Buffer {
  return Buffer.isBuffer(cell) ? cell : NO_DIGEST;
}

function readSeal([id, ns, rows, digest]: readonly unknown[]): Seal {
  return { id: whole(id), ns: whole(ns), rows: whole(rows), digest: bytes(digest) };
}

function readPart([id, seal, table, first, last, rows, digest, marks, keys, hasKeys]: readonly unknown[]): Part {
  return {
    id: whole(id),
    sealId: whole(seal),
    table: bytes(table).toString('latin1'),
    firstKey: whole(first),
    lastKey: whole(last),
    rows: whole(rows),
    digest: bytes(digest),
    marks: bytes(marks),
    keys: hasKeys === 1n ? bytes(keys) : undefined,
  };
}

/** Rows of a table in order of their ids, a few at a time, so that nothing is held open in between. */
class Cursor<T extends { readonly id: bigint }> {
  readonly #statement: Database.Statement<[bigint, bigint, number], unknown[]>;
  readonly #read: (cells: readonly unknown[]) => T;
  readonly #last: bigint;
  readonly #batch: number;
  #next: bigint;
  #held: T[] = [];

  constructor(
    database: Database.Database,
    sql: string,
    read: (cells: readonly unknown[]) => T,
    from: bigint,
    last: bigint,
    batch: number,
  ) {
    this.#statement = database.prepare<[bigint, bigint, number], unknown[]>(sql).raw();
    this.#read = read;
    this.#next = from;
    this.#last = last;
    this.#batch = batch;
  }

  /** The row that comes next, which stays next; undefined at the end. */
  peek(): T | undefined {
    if (this.#held.length === 0 && this.#next <= this.#last) {
      this.#held = this.#statement.all(this.#next, this.#last, this.#batch).map(this.#read).reverse();
      const end = this.#held[0];
      this.#next = end ? end.id + 1n : this.#last + 1n;
    }
    return this.#held.at(-1);
  }

  take(): T | undefined {
    const row = this.peek();
    this.#held.pop();
    return row;
  }
}

/** @param last the greatest id that counts */
export function sealCursor(database: Database.Database, last: bigint) {
  return new Cursor(database, SEALS, readSeal, FIRST_ID, last, 500);
}

/** Parts hold as many marks as rows: few are read at once. */
export function partCursor(database: Database.Database, last: bigint, from = FIRST_ID) {
  return new Cursor(database, PARTS, readPart, from, last, 8);
}

/** Parts that name a commit, wherever they stand. Reads the whole table: for what does not fit. */
export function partsOf(database: Database.Database, seal: bigint, last: bigint): Part[] {
  const sql = PARTS.replace('WHERE', 'WHERE seal_id = ? AND');
  const statement = database.prepare<[bigint, bigint, bigint, number], unknown[]>(sql).raw();
  return statement.all(seal, FIRST_ID, last, 64).map(readPart);
}

/** @param rows in place of what the seal says */
export function commitDigest(previous: Buffer, seal: Seal, parts: readonly Part[], rows: bigint = seal.rows): Buffer {
  const hash = sha256()
    .update(previous)
    .update(integers(seal.id, seal.ns, rows));
  for (const { id, table, firstKey, lastKey, rows: count, digest } of parts) {
    const name = Buffer.from(table, 'latin1');
    hash.update(integers(id, BigInt(name.length))).update(name);
    hash.update(integers(firstKey, lastKey, count)).update(digest);
  }
  return hash.digest();
}
