/** Seals a capture from docs/seal.md alone, so that a reader is tested against a second reading of that page. */
import { createHash, sign, type KeyObject } from 'node:crypto';
import type Database from 'better-sqlite3';

type Cell = bigint | string | Buffer | null;

const digest = (...parts: readonly Buffer[]): Buffer => createHash('sha256').update(Buffer.concat(parts)).digest();

function integer(value: bigint | number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt(value));
  return bytes;
}

function serialised(value: Cell): Buffer {
  if (value === null) return Buffer.of(0);
  if (typeof value === 'bigint') return Buffer.concat([Buffer.of(1), integer(value)]);
  const bytes = Buffer.from(value as string);
  return Buffer.concat([Buffer.of(typeof value === 'string' ? 2 : 3), integer(bytes.length), bytes]);
}

export class Sealer {
  readonly #database: Database.Database;
  readonly #key: KeyObject | undefined;
  readonly #tables: readonly string[];
  readonly #last = new Map<string, bigint>();
  #commits = 0;
  #parts = 0;
  #head: Buffer = Buffer.alloc(32);

  constructor(database: Database.Database, key?: KeyObject) {
    this.#database = database;
    this.#key = key;
    this.#tables = database
      .prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'seal%'")
      .pluck()
      .all();
  }

  #newRows(table: string): Cell[][] {
    const [column = ''] = (this.#database.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name);
    return this.#database
      .prepare<[bigint], Cell[]>(`SELECT * FROM ${table} WHERE ${column} > ? ORDER BY ${column}`)
      .safeIntegers()
      .raw()
      .all(this.#last.get(table) ?? -1n);
  }

  /** Everything since the last commit; nothing where there is nothing. */
  commit(ns: number): void {
    const parts = this.#tables.flatMap((table) => {
      const rows = this.#newRows(table);
      if (rows.length === 0) return [];
      const keys = rows.map(([key]) => key as bigint);
      const digests = rows.map((row) => digest(...row.map(serialised)));
      const [first = 0n, last = 0n] = [keys[0], keys.at(-1)];
      this.#last.set(table, last);
      return [
        {
          table,
          first,
          last,
          rows: rows.length,
          digest: digest(Buffer.from(table), ...digests),
          marks: Buffer.concat(digests.map((bytes) => bytes.subarray(0, 8))),
          keys: last - first + 1n === BigInt(rows.length) ? null : Buffer.concat(keys.map(integer)),
          id: ++this.#parts,
        },
      ];
    });
    if (parts.length === 0) return;
    const id = ++this.#commits;
    const rows = parts.reduce((sum, part) => sum + part.rows, 0);
    const chained = parts.map((part) =>
      Buffer.concat([
        ...[integer(part.id), integer(part.table.length), Buffer.from(part.table)],
        ...[integer(part.first), integer(part.last), integer(part.rows), part.digest],
      ]),
    );
    this.#head = digest(this.#head, integer(id), integer(ns), integer(rows), ...chained);
    const insert = (table: string, values: readonly unknown[]): void => {
      this.#database.prepare(`INSERT INTO ${table} VALUES (${values.map(() => '?').join(',')})`).run(...values);
    };
    insert('seal', [id, ns, rows, this.#head]);
    for (const part of parts) {
      insert('seal_part', [
        part.id,
        id,
        part.table,
        part.first,
        part.last,
        part.rows,
        part.digest,
        part.marks,
        part.keys,
      ]);
    }
    if (this.#key) {
      const signed = Buffer.concat([Buffer.from('modtrail seal 1\n'), this.#head]);
      insert('seal_signature', [id, sign(null, signed, this.#key)]);
    }
  }
}
