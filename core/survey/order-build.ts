/**
 * A sorted, filtered list of rows, made a piece at a time by reading the events once in the order of their numbers. While
 * it is being made it shows the first rows of what was read; then it is sorted by digits, and every row has its place.
 */
import type { Progress } from '#contract/page.ts';
import type Database from 'better-sqlite3';
import { withRoom } from './growing.ts';
import { compareKeys, keyOf, OrderKeys, type Key } from './order-keys.ts';

/** What the rows of `event` have to fulfil, as a condition with its parameters. */
export interface Condition {
  readonly where: string;
  readonly params: readonly unknown[];
}

/** The rows of a table, as numbers of events. */
export interface RowList {
  readonly size: number;
  /** Absent once every row is in its place. */
  readonly progress: Progress | undefined;
  /** undefined where no row has that place, or it is not known yet. */
  at(index: number): number | undefined;
  /**
   * -1 where the row is not in the list.
   * @param ns the event's boot time
   */
  indexOf(seq: number, ns: bigint): number;
}

export interface OrderQuery {
  /** What follows FROM; the name `event` is the row. */
  readonly from: string;
  /** A condition, or 'TRUE'. */
  readonly where: string;
  readonly params: readonly unknown[];
  /** What it is sorted by. */
  readonly key: string;
  /** Equal rows stand in the order of time instead of that of their numbers. */
  readonly byTime: boolean;
  readonly descending: boolean;
}

/** Rows that are shown while the list is being made. */
const SHOWN = 1000;

/** A piece is made smaller when it took longer, and larger when it took less, in milliseconds. */
const LONG = 40;
const SHORT = 10;

const SMALLEST = 512;
const LARGEST = 1 << 18;

interface Shown {
  readonly seq: number;
  readonly ns: bigint;
  readonly key: Key;
}

export class OrderBuild implements RowList {
  readonly #query: OrderQuery;
  readonly #rows: Database.Statement<unknown[], unknown[]>;
  readonly #first: number;
  readonly #last: number;
  readonly #work: Generator<void>;
  #next: number;
  #piece = 16_384;
  #size = 0;
  #seqs: Float64Array | Uint32Array;
  readonly #keys = new OrderKeys();
  readonly #times: OrderKeys | undefined;
  #shown: Shown[] = [];
  #done = false;

  /** @param range the first and the last number of an event */
  constructor(
    database: Database.Database,
    query: OrderQuery,
    range: { readonly first: number; readonly last: number },
  ) {
    this.#query = query;
    this.#first = this.#next = range.first;
    this.#last = range.last;
    this.#seqs = range.first >= 0 && range.last <= 0xffffffff ? new Uint32Array() : new Float64Array();
    this.#times = query.byTime ? new OrderKeys() : undefined;
    this.#rows = database
      .prepare<unknown[], unknown[]>(
        `SELECT event.seq, event.ns, ${query.key} FROM ${query.from}
         WHERE event.seq >= ? AND event.seq < ? AND (${query.where}) ORDER BY event.seq`,
      )
      .raw();
    this.#work = this.#go();
  }

  get size(): number {
    return this.#size;
  }

  get progress(): Progress | undefined {
    if (this.#done) return undefined;
    return { done: Math.min(this.#next, this.#last + 1) - this.#first, of: this.#last - this.#first + 1 };
  }

  at(index: number): number | undefined {
    if (this.#done) return index < this.#size ? this.#seqs[index] : undefined;
    return this.#shown[index]?.seq;
  }

  indexOf(seq: number): number {
    return this.#done
      ? this.#seqs.subarray(0, this.#size).indexOf(seq)
      : this.#shown.findIndex((row) => row.seq === seq);
  }

  /** Goes on for that many milliseconds, and at least a bit. Returns whether it is through. */
  step(milliseconds: number): boolean {
    const end = performance.now() + milliseconds;
    while (!this.#done) {
      if (this.#work.next().done === true) {
        this.#done = true;
        this.#shown = [];
      }
      if (performance.now() >= end) break;
    }
    return this.#done;
  }

  *#go(): Generator<void> {
    while (this.#next <= this.#last) {
      const started = performance.now();
      this.#read();
      const took = performance.now() - started;
      if (took > LONG) this.#piece = Math.max(SMALLEST, this.#piece >> 1);
      else if (took < SHORT) this.#piece = Math.min(LARGEST, this.#piece * 2);
      yield;
    }
    yield* this.#sort();
  }

  #read(): void {
    const end = Math.min(this.#next + this.#piece, this.#last + 1);
    const rows = this.#rows.all(this.#next, end, ...this.#query.params);
    this.#next = end;
    this.#seqs = withRoom(this.#seqs, this.#size + rows.length);
    let worst = this.#shown.length < SHOWN ? undefined : this.#shown.at(-1);
    const better: Shown[] = [];
    for (const [seq, ns, cell] of rows) {
      const row = { seq: Number(seq), ns: typeof ns === 'bigint' ? ns : 0n, key: keyOf(cell) };
      this.#seqs[this.#size++] = row.seq;
      this.#keys.add(row.key);
      this.#times?.add(row.ns);
      if (worst && this.#compare(row, worst) >= 0) continue;
      better.push(row);
      // So many that the worst of them may not be shown after all.
      if (better.length >= 2 * SHOWN) worst = this.#show(better.splice(0));
    }
    if (better.length > 0) this.#show(better);
  }

  #show(better: readonly Shown[]): Shown | undefined {
    this.#shown = [...this.#shown, ...better].sort((a, b) => this.#compare(a, b)).slice(0, SHOWN);
    return this.#shown.length < SHOWN ? undefined : this.#shown.at(-1);
  }

  #compare(a: Shown, b: Shown): number {
    const sign = this.#query.descending ? -1 : 1;
    // Absent values come last in both directions.
    const byKey = compareKeys(a.key, b.key) * (a.key === undefined || b.key === undefined ? 1 : sign);
    if (byKey !== 0) return byKey;
    if (this.#query.byTime && a.ns !== b.ns) return a.ns < b.ns ? -sign : sign;
    return sign * (a.seq - b.seq);
  }

  /** By digits, the least significant first: each pass keeps what the ones before have sorted. */
  *#sort(): Generator<void> {
    const size = this.#size;
    let order = new Uint32Array(size);
    for (let at = 0; at < size; at++) order[at] = at;
    let spare = new Uint32Array(size);
    const { digits, absent } = this.#keys.digits();
    for (const digit of [...(this.#times?.digits().digits ?? []), ...digits]) {
      if (sortByDigit(order, spare, digit)) [order, spare] = [spare, order];
      yield;
    }
    if (this.#query.descending) {
      order.subarray(0, size - absent).reverse();
      order.subarray(size - absent).reverse();
    }
    const seqs = this.#seqs instanceof Uint32Array ? spare : new Float64Array(size);
    for (let at = 0; at < size; at++) seqs[at] = this.#seqs[order[at] ?? 0] ?? 0;
    this.#seqs = seqs;
    yield;
  }
}

const RADIX = 0x10000;

/** Counting sort, stable. Returns false where all rows have the same digit, and nothing was done. */
function sortByDigit(order: Uint32Array, into: Uint32Array, digit: (row: number) => number): boolean {
  const starts = new Uint32Array(RADIX);
  for (const row of order) {
    const at = digit(row);
    starts[at] = (starts[at] ?? 0) + 1;
  }
  if (order.length === 0 || starts[digit(order[0] ?? 0)] === order.length) return false;
  let start = 0;
  for (let at = 0; at < RADIX; at++) {
    const count = starts[at] ?? 0;
    starts[at] = start;
    start += count;
  }
  for (const row of order) {
    const at = digit(row);
    const place = starts[at] ?? 0;
    into[place] = row;
    starts[at] = place + 1;
  }
  return true;
}
