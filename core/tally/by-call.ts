/** One thing for each of many calls, by the call's number: four bytes a call, because recorders number calls without gaps. */
import type Database from 'better-sqlite3';

/** Numbers that lie further apart than so many times what there are calls are not a recorder's. */
const SPARSE = 4;

const RANGE = `SELECT (SELECT min(call_id) FROM event WHERE call_id IS NOT NULL),
  (SELECT max(call_id) FROM event WHERE call_id IS NOT NULL), (SELECT max(seq) FROM event)`;

export class ByCall<Value> {
  readonly #first: number;
  readonly #dense: Uint32Array | undefined;
  readonly #sparse = new Map<number, number>();
  /** Each value once; a call holds its place, counted from 1. */
  readonly #values: Value[] = [];
  readonly #places = new Map<Value, number>();

  constructor(database: Database.Database) {
    const [first, last, rows] = database.prepare<[], unknown[]>(RANGE).raw().get() ?? [];
    this.#first = Number(first ?? 0);
    const length = Number(last ?? 0) - this.#first + 1;
    if (length > 0 && length <= Number(rows ?? 0) * SPARSE) this.#dense = new Uint32Array(length);
  }

  #placeOf(callId: number): number | undefined {
    const at = callId - this.#first;
    return this.#dense && at >= 0 && at < this.#dense.length ? this.#dense[at] : this.#sparse.get(callId);
  }

  get(callId: number): Value | undefined {
    const place = this.#placeOf(callId);
    return place === undefined || place === 0 ? undefined : this.#values[place - 1];
  }

  set(callId: number, value: Value): void {
    const place = this.#places.get(value) ?? this.#values.push(value);
    this.#places.set(value, place);
    const at = callId - this.#first;
    if (this.#dense && at >= 0 && at < this.#dense.length) this.#dense[at] = place;
    else this.#sparse.set(callId, place);
  }
}
