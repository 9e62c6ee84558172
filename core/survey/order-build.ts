/**
 * A sorted, filtered list of rows, made a piece at a time by reading the events once in the order of their numbers. While
 * it is being made it shows the first rows of what was read; then it is sorted by digits, and every row has its place.
 */
import { waysThrough, type Ahead } from '../capture/read-ahead.ts';
import type { Progress } from '#contract/page.ts';
import type Database from 'better-sqlite3';
import { dependsOnVerdicts } from '../filter/judged.ts';
import type { Scan } from '../filter/scan.ts';
import { withRoom } from './growing.ts';
import { KeyLookup, type LookupQuery } from './key-lookup.ts';
import { compareKeys, keyOf, OrderKeys, type Key } from './order-keys.ts';

/** What the rows of `event` have to fulfil, as a condition with its parameters. */
export interface Condition {
  readonly where: string;
  readonly params: readonly unknown[];
  /** The same as it is asked of the columns, once everything was read. */
  readonly scan?: Scan;
}

/** A condition that takes time to be made. */
export interface StepwiseCondition {
  /** The same for few rows: the first ones, while the other is not made. */
  readonly first: Condition;
  /** Whether many other tables are asked, as a bare word does. */
  readonly isBroad: boolean;
  /** Whether it is not found before everything was read; absent where it never waits for that. */
  readonly isWaiting?: boolean;
  /** @param between what is done each time that more of it is known, with whether all is */
  find(between?: (known: Condition, isWhole: boolean) => Generator<void>): Generator<void, Condition>;
  /** Until everything was read, for who cannot answer it before; absent where it never has to wait. */
  wait?(): Generator<void>;
  /** It is not used any more. */
  end(): void;
}

/** The rows of a table, as numbers of events. */
export interface RowList {
  readonly size: number;
  /** Absent once every row is in its place. */
  readonly progress: Progress | undefined;
  /** Whether it is another one when more is known of verdicts; absent where `progress` already tells so. */
  readonly isJudged?: boolean;
  /** Whether the size is the last one, though not every row has its place; absent where `progress` already tells so. */
  readonly isCounted?: boolean;
  /** Whether rows that are there keep their places while others come. */
  readonly isSteady?: boolean;
  /** undefined where no row has that place, or it is not known yet. */
  at(index: number): number | undefined;
  /**
   * -1 where the row is not in the list.
   * @param ns the event's boot time
   */
  indexOf(seq: number, ns: bigint): number;
}

/** An order of all rows that there are, such as that of time. */
export interface Ties {
  /** Whether all rows are in it: before, nothing can be put in its order. */
  readonly isWhole: boolean;
  readonly size: number;
  seqAt(place: number): number;
}

export interface OrderQuery {
  /** What follows FROM; the name `event` is the row. */
  readonly from: string;
  readonly where: Condition;
  /** Rows have to fulfil this too. */
  readonly filter: StepwiseCondition | undefined;
  /** What it is sorted by; where there is a lookup, the id of its row. */
  readonly key: string;
  readonly lookup?: LookupQuery;
  /** The order in which equal rows stand; that of their numbers where absent. */
  readonly ties?: Ties;
  readonly descending: boolean;
}

/** Rows that are shown while the list is being made. */
const SHOWN = 1000;

/** A piece is made smaller when it took longer, and larger when it took less, in milliseconds. */
const LONG = 40;
const SHORT = 10;

const FIRST_PIECE = 16_384;

/** Rows that fill a screen, and how long they are looked for one by one, in milliseconds. */
const SCREEN = 200;
const FIRST_MS = 120;

const SMALLEST = 512;
const LARGEST = 1 << 18;

/** Rows of the events from one number on, up to another one (excluded). */
type PieceOfRows = (first: number, end: number) => unknown[][];

interface Shown {
  readonly seq: number;
  readonly ns: bigint;
  readonly key: Key;
}

export class OrderBuild implements RowList {
  readonly #query: OrderQuery;
  readonly #database: Database.Database;
  #rows: PieceOfRows;
  readonly #first: number;
  readonly #last: number;
  readonly #ahead: Ahead | undefined;
  readonly #work: Generator<void>;
  #next: number;
  #piece = FIRST_PIECE;
  #size = 0;
  #seqs: Float64Array | Uint32Array;
  #keys: OrderKeys;
  /** Once it was read: then rows come with the ids of their keys, and not with the keys. */
  #lookup: KeyLookup | undefined;
  #shown: Shown[] = [];
  /** Whether the list depends on verdicts, and is another one when more is known. */
  readonly isJudged: boolean;
  #done = false;
  /** Room for all rows there are: what is not used costs nothing. */
  readonly #expected: number;

  /** @param range the first and the last number of an event */
  constructor(
    database: Database.Database,
    query: OrderQuery,
    range: { readonly first: number; readonly last: number },
    ahead?: Ahead,
  ) {
    this.#ahead = ahead;
    this.#query = query;
    this.#first = this.#next = range.first;
    this.#last = range.last;
    this.#expected = Math.min(range.last - range.first + 1, MOST_SPAN);
    this.#keys = new OrderKeys(this.#expected);
    this.#seqs = range.first >= 0 && range.last <= 0xffffffff ? new Uint32Array() : new Float64Array();
    this.#database = database;
    this.#rows = this.#statement(query.filter?.first, keyInRow(query));
    this.isJudged = dependsOnVerdicts(`${query.key} ${query.filter?.first.where ?? ''}`);
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
        // The rows are in their places; what they were put there by takes more room than they do.
        this.#keys = new OrderKeys();
        this.#lookup = undefined;
      }
      if (performance.now() >= end || this.#waits) break;
    }
    return this.#done;
  }

  #statement(filter: Condition | undefined, key: string): PieceOfRows {
    const { from, where } = this.#query;
    const statement = this.#database
      .prepare<unknown[], unknown[]>(
        `SELECT event.seq, event.ns, ${key} FROM ${from}
         WHERE event.seq >= ? AND event.seq < ? AND (${where.where}) AND (${filter?.where ?? 'TRUE'}) ORDER BY event.seq`,
      )
      .raw();
    return (first, end) => statement.all(first, end, ...where.params, ...(filter?.params ?? []));
  }

  /** Everything is read, and the order of equal rows is not known yet. */
  get #waits(): boolean {
    return this.#next > this.#last && this.#query.ties?.isWhole === false;
  }

  *#go(): Generator<void> {
    const { filter, lookup, key } = this.#query;
    if (filter ?? lookup) {
      yield* this.#readFirst();
      if (lookup) this.#ahead?.bring([...waysThrough(lookup.from), { tree: 'event' }]);
      const table = lookup && new KeyLookup(this.#database, lookup, this.#keys);
      if (table) yield* table.read();
      this.#rows = this.#statement(filter && (yield* filter.find()), key);
      this.#lookup = table;
      this.#piece = FIRST_PIECE;
    }
    yield; // indexes may have answered
    this.#ahead?.bring([{ tree: 'event' }]);
    while (this.#next <= this.#last) {
      this.#readPiece();
      yield;
    }
    while (this.#query.ties?.isWhole === false) yield;
    yield* this.#sort();
  }

  /** A screen full of rows, or what can be found of them in a moment, before sets and small tables are read. */
  *#readFirst(): Generator<void> {
    this.#piece = SMALLEST;
    const end = performance.now() + FIRST_MS;
    while (this.#next <= this.#last && this.#size < SCREEN && performance.now() < end) {
      this.#readPiece();
      yield;
    }
  }

  #readPiece(): void {
    const started = performance.now();
    this.#read();
    const took = performance.now() - started;
    if (took > LONG) this.#piece = Math.max(SMALLEST, this.#piece >> 1);
    else if (took < SHORT) this.#piece = Math.min(LARGEST, this.#piece * 2);
  }

  /** It is not asked for any more. */
  end(): void {
    this.#query.filter?.end();
  }

  #read(): void {
    const end = Math.min(this.#next + this.#piece, this.#last + 1);
    const rows = this.#rows(this.#next, end);
    this.#next = end;
    this.#seqs = withRoom(this.#seqs, this.#size + rows.length, this.#expected);
    let worst = this.#shown.length < SHOWN ? undefined : this.#shown.at(-1);
    const better: Shown[] = [];
    for (const cells of rows) {
      const seq = Number(cells[0]);
      const key = this.#take(cells[2]);
      this.#seqs[this.#size++] = seq;
      const ns = cells[1] as bigint;
      if (worst && !this.#comesBefore(seq, ns, key, worst)) continue;
      better.push({ seq, ns, key });
      // So many that the worst of them may not be shown after all.
      if (better.length >= 2 * SHOWN) worst = this.#show(better.splice(0));
    }
    if (better.length > 0) this.#show(better);
  }

  #take(cell: unknown): Key {
    if (this.#query.lookup) {
      const code = this.#lookup?.codeOf(cell) ?? this.#keys.codeOf(keyOf(cell));
      this.#keys.addCode(code);
      return this.#keys.keyOf(code);
    }
    const key = keyOf(cell);
    this.#keys.add(key);
    return key;
  }

  #show(better: readonly Shown[]): Shown | undefined {
    this.#shown = [...this.#shown, ...better]
      .sort((a, b) => (this.#comesBefore(a.seq, a.ns, a.key, b) ? -1 : 1))
      .slice(0, SHOWN);
    return this.#shown.length < SHOWN ? undefined : this.#shown.at(-1);
  }

  /** Asked of every row: nothing is made for it. */
  #comesBefore(seq: number, ns: bigint, key: Key, other: Shown): boolean {
    const { descending, ties } = this.#query;
    const byKey = compareKeys(key, other.key);
    // Absent values come last in both directions.
    if (byKey !== 0) return key === undefined || other.key === undefined ? byKey < 0 : byKey < 0 !== descending;
    if (ties && ns !== other.ns) return ns < other.ns !== descending;
    return seq < other.seq !== descending;
  }

  /** By digits, the least significant first: each pass keeps what the ones before have sorted. */
  *#sort(): Generator<void> {
    const size = this.#size;
    let order = this.#rowsInTieOrder();
    yield;
    let spare: Uint32Array<ArrayBuffer> = new Uint32Array(size);
    const { digits, absent } = this.#keys.digits();
    for (const digit of digits) {
      if (yield* sortByDigit(order, spare, digit)) [order, spare] = [spare, order];
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

  /** Indexes of the rows as they stand where their keys are equal. */
  #rowsInTieOrder(): Uint32Array<ArrayBuffer> {
    const size = this.#size;
    const order = new Uint32Array(size);
    const { ties } = this.#query;
    const span = this.#last - this.#first + 1;
    if (!ties || span > MOST_SPAN) {
      for (let at = 0; at < size; at++) order[at] = at;
      return order;
    }
    /** Index and one of the row with a number; 0 where it is not in the list. */
    const rows = new Uint32Array(span);
    for (let at = 0; at < size; at++) rows[(this.#seqs[at] ?? 0) - this.#first] = at + 1;
    let placed = 0;
    for (let place = 0; place < ties.size; place++) {
      const slot = ties.seqAt(place) - this.#first;
      const row = rows[slot] ?? 0;
      if (row === 0) continue;
      order[placed++] = row - 1;
      rows[slot] = 0;
    }
    // Rows that the other order does not hold yet come last; it is made anew when it does.
    for (let slot = 0; placed < size && slot < span; slot++) if (rows[slot]) order[placed++] = (rows[slot] ?? 1) - 1;
    return order;
  }
}

/** What a row is sorted by itself, where its key stands in a small table. */
const keyInRow = ({ key, lookup }: OrderQuery): string =>
  lookup ? `(SELECT ${lookup.key} FROM ${lookup.from} WHERE ${lookup.id} = ${key})` : key;

/** Numbers of events up to here apart are put into a table. */
const MOST_SPAN = 1 << 28;

/** Rows that are sorted at a stretch. */
const STRETCH = 1 << 20;

const RADIX = 0x10000;

/** Counting sort, stable, a stretch at a time. Returns false where all rows have the same digit, and nothing was done. */
function* sortByDigit(order: Uint32Array, into: Uint32Array, digit: (row: number) => number): Generator<void, boolean> {
  const starts = new Uint32Array(RADIX);
  for (let at = 0; at < order.length; at++) {
    const value = digit(order[at] ?? 0);
    starts[value] = (starts[value] ?? 0) + 1;
    if (at % STRETCH === STRETCH - 1) yield;
  }
  if (order.length === 0 || starts[digit(order[0] ?? 0)] === order.length) return false;
  let start = 0;
  for (let value = 0; value < RADIX; value++) {
    const count = starts[value] ?? 0;
    starts[value] = start;
    start += count;
  }
  for (let at = 0; at < order.length; at++) {
    const row = order[at] ?? 0;
    const value = digit(row);
    const place = starts[value] ?? 0;
    into[place] = row;
    starts[value] = place + 1;
    if (at % STRETCH === STRETCH - 1) yield;
  }
  return true;
}
