/** Which event is in which row of a sorted table: the seqs in order, kept for as long as the capture does not grow. */
import type { EventColumn } from '#contract/page.ts';
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

export class EventOrder {
  readonly #database: Database.Database;
  readonly #orders = new Map<string, Float64Array>();

  constructor(database: Database.Database) {
    this.#database = database;
  }

  /** The seqs in order. Seqs beyond 2^53 do not occur: SQLite would have to hold as many rows. */
  seqs(sort: EventColumn, descending: boolean): Float64Array {
    const key = `${sort} ${descending ? 'down' : 'up'}`;
    const known = this.#orders.get(key);
    if (known) return known;
    const direction = descending ? 'DESC' : 'ASC';
    const found = this.#database
      .prepare<[], bigint>(
        `SELECT event.seq FROM event ${JOINS[sort] ?? ''} ORDER BY ${ORDERS[sort]} ${direction} NULLS LAST, event.seq ${direction}`,
      )
      .pluck()
      .all();
    const seqs = Float64Array.from(found, Number);
    this.#orders.set(key, seqs);
    return seqs;
  }

  /** The capture has grown. */
  forget(): void {
    this.#orders.clear();
  }
}
