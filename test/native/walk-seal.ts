/**
 * Walks a capture's seal by docs/seal.md, row by row and in memory. It shares nothing with core/seal, so that the
 * recorder is held against two readings of the same page.
 */
import { createHash, createPublicKey, verify, type Hash } from 'node:crypto';
import Database from 'better-sqlite3';

type Cell = bigint | string | Buffer | null;

interface SealRow {
  readonly id: bigint;
  readonly ns: bigint;
  readonly rows: bigint;
  readonly digest: Buffer;
}

interface PartRow {
  readonly id: bigint;
  readonly table_name: string;
  readonly first_key: bigint;
  readonly last_key: bigint;
  readonly rows: bigint;
  readonly digest: Buffer;
  readonly marks: Buffer;
  readonly keys: Buffer | null;
}

export interface Walked {
  readonly commits: number;
  readonly rows: number;
  readonly head: string;
  readonly previous: string | undefined;
  /** Signatures that fit the capture's own key. */
  readonly signatures: number;
}

function integer(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
}

function serialised(cell: Cell): Buffer {
  if (cell === null) return Buffer.of(0);
  if (typeof cell === 'bigint') return Buffer.concat([Buffer.of(1), integer(cell)]);
  const bytes = typeof cell === 'string' ? Buffer.from(cell) : cell;
  return Buffer.concat([Buffer.of(typeof cell === 'string' ? 2 : 3), integer(BigInt(bytes.length)), bytes]);
}

const sha256 = (): Hash => createHash('sha256');

/** Ed25519 keys as SubjectPublicKeyInfo (RFC 8410): a fixed beginning and 32 bytes. */
const PUBLIC_KEY = Buffer.from('302a300506032b6570032100', 'hex');

class Walk {
  readonly #database: Database.Database;
  readonly #covered = new Map<string, bigint>();
  #part = 0n;

  constructor(database: Database.Database) {
    this.#database = database;
  }

  #all(sql: string, ...values: bigint[]): Cell[][] {
    return this.#database
      .prepare<bigint[], Cell[]>(sql)
      .raw()
      .all(...values);
  }

  #partHolds(part: PartRow): void {
    const where = `${part.table_name} ${String(part.first_key)} to ${String(part.last_key)}`;
    if (part.first_key <= (this.#covered.get(part.table_name) ?? 0n)) throw new Error(`${where}: keys do not grow`);
    this.#covered.set(part.table_name, part.last_key);
    const rows = this.#all(
      `SELECT * FROM ${part.table_name} WHERE rowid BETWEEN ? AND ? ORDER BY rowid`,
      part.first_key,
      part.last_key,
    );
    const digests = rows.map((row) =>
      sha256()
        .update(Buffer.concat(row.map(serialised)))
        .digest(),
    );
    const keys = Buffer.concat(rows.map((row) => integer(row[0] as bigint)));
    const marks = Buffer.concat(digests.map((digest) => digest.subarray(0, 8)));
    const dense = part.last_key - part.first_key + 1n === part.rows;
    if (BigInt(rows.length) !== part.rows) throw new Error(`${where}: ${String(rows.length)} rows`);
    if (dense !== (part.keys === null) || (part.keys !== null && !keys.equals(part.keys)))
      throw new Error(`${where}: keys`);
    if (!marks.equals(part.marks)) throw new Error(`${where}: marks`);
    const digest = sha256().update(part.table_name).update(Buffer.concat(digests)).digest();
    if (!digest.equals(part.digest)) throw new Error(`${where}: digest`);
  }

  commit(seal: SealRow, head: Buffer, order: readonly string[]): void {
    const parts = this.#database
      .prepare<bigint[], PartRow>('SELECT * FROM seal_part WHERE seal_id = ? ORDER BY id')
      .all(seal.id);
    const hash = sha256().update(head).update(integer(seal.id)).update(integer(seal.ns)).update(integer(seal.rows));
    let place = -1;
    for (const part of parts) {
      if (part.id !== ++this.#part) throw new Error(`seal_part ${String(part.id)}: not dense`);
      if (order.indexOf(part.table_name) <= place) throw new Error(`seal_part ${String(part.id)}: order of tables`);
      place = order.indexOf(part.table_name);
      this.#partHolds(part);
      const name = Buffer.from(part.table_name);
      hash
        .update(integer(part.id))
        .update(integer(BigInt(name.length)))
        .update(name);
      for (const value of [part.first_key, part.last_key, part.rows]) hash.update(integer(value));
      hash.update(part.digest);
    }
    const sum = parts.reduce((all, part) => all + part.rows, 0n);
    if (sum !== seal.rows) throw new Error(`seal ${String(seal.id)}: rows`);
    if (!hash.digest().equals(seal.digest)) throw new Error(`seal ${String(seal.id)}: digest`);
  }

  /** Every row lies under the seal: no table goes further than its last part. */
  nothingBehind(order: readonly string[]): void {
    for (const table of order) {
      const behind = this.#all(`SELECT rowid FROM ${table} WHERE rowid > ?`, this.#covered.get(table) ?? 0n);
      if (behind.length > 0) throw new Error(`${table}: ${String(behind.length)} rows without a seal`);
    }
  }
}

/**
 * Walks the whole seal.
 * @throws Error that names the first thing that does not fit
 */
export function walkSeal(path: string): Walked {
  const database = new Database(path, { readonly: true });
  try {
    database.defaultSafeIntegers(true);
    if (database.pragma('integrity_check', { simple: true }) !== 'ok') throw new Error('integrity_check');
    const order = database
      .prepare<[], string>(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'seal%' ORDER BY rowid",
      )
      .pluck()
      .all();
    const capture = database
      .prepare<[], { previous_digest: Buffer | null; signing_key: Buffer | null }>('SELECT * FROM capture')
      .get();
    const key =
      capture?.signing_key &&
      createPublicKey({ key: Buffer.concat([PUBLIC_KEY, capture.signing_key]), format: 'der', type: 'spki' });
    const seals = database.prepare<[], SealRow>('SELECT * FROM seal ORDER BY id').all();
    const signature = database.prepare<bigint[], Buffer>('SELECT signature FROM seal_signature WHERE id = ?').pluck();
    const walk = new Walk(database);
    let head = capture?.previous_digest ?? Buffer.alloc(32);
    let [rows, signatures] = [0, 0];
    for (const [index, seal] of seals.entries()) {
      if (seal.id !== BigInt(index + 1)) throw new Error(`seal ${String(seal.id)}: not dense`);
      walk.commit(seal, head, order);
      head = seal.digest;
      rows += Number(seal.rows);
      const signed = signature.get(seal.id);
      if (key && signed && verify(null, Buffer.concat([Buffer.from('modtrail seal 1\n'), head]), key, signed))
        signatures++;
    }
    walk.nothingBehind(order);
    return {
      commits: seals.length,
      rows,
      head: head.toString('hex'),
      previous: capture?.previous_digest?.toString('hex'),
      signatures,
    };
  } finally {
    database.close();
  }
}
