/** A capture's file that is written row by row, in commits, with the seal over them (docs/seal.md). */
import { hash } from 'node:crypto';
import Database from 'better-sqlite3';
import { schemaText } from '#core/capture/schema.ts';
import { commitDigest, type Part } from '#core/seal/commits.ts';
import { sealedTables, sha256 } from '#core/seal/tables.ts';

/** Whole numbers up to 2⁵³ are given as numbers, others as bigint. */
export type Cell = string | number | bigint | Buffer | null;

const MARK = 8;

/** SQLite's page cache, in KiB. */
const CACHE_KIB = 64 * 1024;

/** How many rows go into one transaction of SQLite's; a commit of the seal is smaller. */
const ROWS_AT_ONCE = 200_000;

let room = Buffer.alloc(64 * 1024);

function putInteger(at: number, value: number): number {
  room[at] = 1;
  room.writeInt32LE(value | 0, at + 1);
  room.writeInt32LE(Math.floor(value / 0x1_0000_0000), at + 5);
  return at + 9;
}

/** A row as docs/seal.md serialises it, in `room`; its length. */
function serialise(cells: readonly Cell[]): number {
  let at = 0;
  for (const cell of cells) {
    const longest = typeof cell === 'string' ? cell.length * 3 : Buffer.isBuffer(cell) ? cell.length : 0;
    if (at + 9 + longest > room.length) room = Buffer.concat([room], 2 * (at + 9 + longest));
    if (cell === null) {
      room[at++] = 0;
    } else if (typeof cell === 'number') {
      at = putInteger(at, cell);
    } else if (typeof cell === 'bigint') {
      room[at] = 1;
      at = room.writeBigInt64LE(cell, at + 1);
    } else {
      const length = typeof cell === 'string' ? room.write(cell, at + 9) : cell.copy(room, at + 9);
      putInteger(at, length);
      room[at] = typeof cell === 'string' ? 2 : 3;
      at += 9 + length;
    }
  }
  return at;
}

/** What was written into one table since the last commit. */
class Writing {
  readonly name: string;
  readonly insert: Database.Statement;
  /** Digests of the rows, one after the other. */
  #digests = Buffer.alloc(32 * 1024);
  #keys: number[] = [];

  constructor(database: Database.Database, name: string, columns: number) {
    this.name = name;
    this.insert = database.prepare(`INSERT INTO ${name} VALUES (${Array(columns).fill('?').join(',')})`);
  }

  get rows(): number {
    return this.#keys.length;
  }

  add(cells: readonly Cell[]): void {
    this.insert.run(cells);
    const start = this.rows * 32;
    if (start === this.#digests.length) this.#digests = Buffer.concat([this.#digests], 2 * start);
    const length = serialise(cells);
    hash('sha256', room.subarray(0, length), 'buffer').copy(this.#digests, start);
    this.#keys.push(Number(cells[0]));
  }

  /** The part that a commit has of this table; begins anew. */
  take(id: bigint, sealId: bigint): Part {
    const rows = this.rows;
    const digests = this.#digests.subarray(0, rows * 32);
    const marks = Buffer.alloc(rows * MARK);
    for (let at = 0; at < rows; at++) digests.copy(marks, at * MARK, at * 32, at * 32 + MARK);
    const [first = 0, last = 0] = [this.#keys[0], this.#keys.at(-1)];
    const dense = last - first + 1 === rows;
    const keys = dense ? undefined : Buffer.alloc(rows * 8);
    if (keys) this.#keys.forEach((key, at) => keys.writeBigInt64LE(BigInt(key), at * 8));
    const digest = sha256().update(Buffer.from(this.name, 'latin1')).update(digests).digest();
    this.#keys = [];
    const [firstKey, lastKey] = [BigInt(first), BigInt(last)];
    return { id, sealId, table: this.name, firstKey, lastKey, rows: BigInt(rows), digest, marks, keys };
  }
}

export class SealedFile {
  readonly #database: Database.Database;
  readonly #tables: ReadonlyMap<string, Writing>;
  readonly #insertSeal: Database.Statement;
  readonly #insertPart: Database.Statement;
  #head: Buffer = Buffer.alloc(32);
  #commits = 0n;
  #parts = 0n;
  #uncommitted = 0;
  #inTransaction = 0;

  /** @param path a file that does not exist yet */
  constructor(path: string) {
    this.#database = new Database(path);
    // Nobody needs what is there of it when this is interrupted; SQLite allows that in its unsafe mode only.
    this.#database.unsafeMode();
    for (const pragma of [
      // As a recorder's.
      'page_size = 16384',
      'journal_mode = OFF',
      'synchronous = OFF',
      'locking_mode = EXCLUSIVE',
      'foreign_keys = OFF',
    ]) {
      this.#database.pragma(pragma);
    }
    this.#database.pragma(`cache_size = -${String(CACHE_KIB)}`);
    this.#database.exec(schemaText());
    // What is written fits, and a test has SQLite look at all of it again.
    this.#database.pragma('ignore_check_constraints = ON');
    this.#tables = new Map(
      sealedTables().map(({ name, textual }) => [name, new Writing(this.#database, name, textual.length)]),
    );
    this.#insertSeal = this.#database.prepare('INSERT INTO seal VALUES (?, ?, ?, ?)');
    this.#insertPart = this.#database.prepare('INSERT INTO seal_part VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
    this.#database.exec('BEGIN');
  }

  /** Rows since the last commit. */
  get uncommitted(): number {
    return this.#uncommitted;
  }

  /** @param cells one for each column, in their order; the first one is the key */
  put(table: string, cells: readonly Cell[]): void {
    const writing = this.#tables.get(table);
    if (!writing) throw new Error(`no table ${table}`);
    writing.add(cells);
    this.#uncommitted++;
  }

  /** Seals what was written since the last time. */
  commit(ns: number): void {
    if (this.#uncommitted === 0) return;
    const id = ++this.#commits;
    const parts = [...this.#tables.values()]
      .filter(({ rows }) => rows > 0)
      .map((writing) => writing.take(++this.#parts, id));
    const seal = { id, ns: BigInt(ns), rows: BigInt(this.#uncommitted), digest: Buffer.alloc(0) };
    this.#head = commitDigest(this.#head, seal, parts);
    this.#insertSeal.run(id, seal.ns, seal.rows, this.#head);
    for (const { id: part, table, firstKey, lastKey, rows, digest, marks, keys } of parts) {
      this.#insertPart.run(part, id, table, firstKey, lastKey, rows, digest, marks, keys ?? null);
    }
    this.#inTransaction += this.#uncommitted;
    this.#uncommitted = 0;
    if (this.#inTransaction < ROWS_AT_ONCE) return;
    this.#database.exec('COMMIT; BEGIN');
    this.#inTransaction = 0;
  }

  close(): void {
    if (this.#database.inTransaction) this.#database.exec('COMMIT');
    this.#database.close();
  }
}
