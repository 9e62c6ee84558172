/** Keys that stand in a small table, by its ids: read once, so that no row of the large one needs a join. */
import type Database from 'better-sqlite3';
import { LEAST_INTEGER } from '../capture/integers.ts';
import { withRoom } from './growing.ts';
import { keyOf, type OrderKeys } from './order-keys.ts';

/** A small table as it is read: id and key of its rows. */
export interface LookupQuery {
  readonly id: string;
  readonly key: string;
  readonly from: string;
}

const PIECE = 10_000;

/** Ids up to here are kept in a column; a file that was made to deceive can hold any. */
const MOST_IDS = 1 << 26;

export class KeyLookup {
  readonly #rows: Database.Statement<[bigint], unknown[]>;
  readonly #keys: OrderKeys;
  readonly #none: number;
  /** Code and one, by id; 0 where there is none. */
  #codes = new Uint32Array();
  readonly #others = new Map<bigint, number>();

  constructor(database: Database.Database, query: LookupQuery, keys: OrderKeys) {
    const { id, key, from } = query;
    this.#rows = database
      .prepare<[bigint], unknown[]>(
        `SELECT ${id}, ${key} FROM ${from} WHERE ${id} > ? ORDER BY ${id} LIMIT ${String(PIECE)}`,
      )
      .raw();
    this.#keys = keys;
    this.#none = keys.codeOf(undefined);
  }

  /** Reads the table; stops after each piece. */
  *read(): Generator<void> {
    let last = LEAST_INTEGER;
    for (let more = true; more; yield) {
      const rows = this.#rows.all(last);
      for (const [id, cell] of rows) {
        if (typeof id !== 'bigint') continue;
        last = id;
        this.#put(id, this.#keys.codeOf(keyOf(cell)));
      }
      more = rows.length === PIECE;
    }
  }

  #put(id: bigint, code: number): void {
    const at = Number(id);
    if (at < 0 || at >= MOST_IDS) {
      this.#others.set(id, code);
      return;
    }
    this.#codes = withRoom(this.#codes, at + 1);
    this.#codes[at] = code + 1;
  }

  /** The code of the key of that row. */
  codeOf(id: unknown): number {
    if (typeof id !== 'bigint') return this.#none;
    const code = this.#codes[Number(id)] ?? 0;
    return code > 0 ? code - 1 : (this.#others.get(id) ?? this.#none);
  }
}
