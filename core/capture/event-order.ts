/** Which event is in which row of a sorted table: the seqs in order, kept for as long as the capture does not grow. */
import type { EventColumn, RowOrder } from '#contract/page.ts';
import { fromWide } from '#contract/wide.ts';
import type Database from 'better-sqlite3';

/** Every order is total: rows that compare equal keep the order of seq. */
const ORDERS: Readonly<Record<EventColumn, string>> = {
  seq: 'event.seq',
  time: 'event.ns',
  kind: 'event.kind',
  process: 'process.comm',
  what: "coalesce(file.path, module_fact.name, request_fact.name, argument_text.bytes, '')",
  returned: 'coalesce(event.return_value, call_return.return_value)',
  callId: 'event.call_id',
};

const JOINS: Partial<Readonly<Record<EventColumn, string>>> = {
  process: 'LEFT JOIN process ON process.id = event.process_id',
  what: `LEFT JOIN file ON file.id = event.file_id LEFT JOIN module_fact ON module_fact.seq = event.seq
         LEFT JOIN request_fact ON request_fact.seq = event.seq
         LEFT JOIN argument_text ON argument_text.seq = event.seq AND argument_text.phase = 'entry'
           AND event.kind = 'delete_module'`,
  returned: 'LEFT JOIN call_return ON call_return.seq = event.seq',
};

/** Orders that are kept at a time; each interval that a user looks at makes one. */
const KEPT_ORDERS = 8;

export class EventOrder {
  readonly #database: Database.Database;
  readonly #orders = new Map<string, Float64Array>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** The seqs in order. Seqs beyond 2^53 do not occur: SQLite would have to hold as many rows. */
  seqs({ sort, descending, within }: RowOrder<EventColumn>): Float64Array {
    const key = `${sort} ${String(descending)} ${within ? `${String(within.fromNs)} ${String(within.toNs)}` : ''}`;
    const known = this.#orders.get(key);
    if (known) return known;
    const direction = descending ? 'DESC' : 'ASC';
    const found = this.#database
      .prepare<bigint[], bigint>(
        `SELECT event.seq FROM event ${JOINS[sort] ?? ''} ${within ? 'WHERE event.ns BETWEEN ? AND ?' : ''}
         ORDER BY ${ORDERS[sort]} ${direction} NULLS LAST, event.seq ${direction}`,
      )
      .pluck()
      .all(...(within ? [fromWide(within.fromNs), fromWide(within.toNs)] : []));
    const seqs = Float64Array.from(found, Number);
    if (this.#orders.size >= KEPT_ORDERS) this.#orders.clear();
    this.#orders.set(key, seqs);
    return seqs;
  }

  /** The capture has grown. */
  forget(): void {
    this.#orders.clear();
  }
}
