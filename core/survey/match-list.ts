/**
 * The rows that a filter keeps, as they were recorded or by time, once everything was read: found in the columns, a stretch
 * at a time. The first ones that a screen shows are looked for before, one by one.
 */
import type { Progress } from '#contract/page.ts';
import type Database from 'better-sqlite3';
import type { CallList } from '../attempt/call-list.ts';
import type { Bounds } from '../capture/interval.ts';
import { IS_CALL } from '../filter/places.ts';
import { meet, STRETCH } from '../filter/marks.ts';
import { heldScan, RowScan, type Held } from '../filter/row-scan.ts';
import { conjuncts, type Scan } from '../filter/scan.ts';
import type { Sql } from '../filter/sql.ts';
import { inShares, type Helper } from '../helper/errand.ts';
import type { RowsJob } from '../helper/jobs.ts';
import { Bits } from './bits.ts';
import type { StepwiseCondition } from './order-build.ts';
import type { Buildable } from './kept-list.ts';
import { PickedRows } from './picked-rows.ts';

export interface MatchQuery {
  readonly filter: StepwiseCondition;
  /** Boot time; absent where all rows are looked at. */
  readonly within: Bounds | undefined;
  readonly descending: boolean;
  /** Only calls, in order of time; absent where it is all events, in the order of their numbers. */
  readonly calls: CallList | undefined;
  readonly helper?: Helper | undefined;
}

/** A condition of two parts, both of which are to be true. */
interface Apart {
  readonly asked?: Sql;
  readonly rest: Scan;
}

/** What a condition asks of SQL is told apart where that is one part of it, and not several. */
function askedApart(scan: Scan): Apart {
  const parts = conjuncts(scan);
  const [asked, another] = parts.filter((part) => part.kind === 'sql');
  if (!asked || another) return { rest: scan };
  return { asked: asked.condition, rest: { kind: 'and', parts: parts.filter((part) => part !== asked) } };
}

/** Rows in an order. */
interface Ordered {
  readonly length: number;
  /** Undefined, or any, where there are not so many. */
  at(place: number): number | undefined;
  /** -1 where it is none of them. */
  indexOf(row: number): number;
}

/** Rows that are shown while the list is being made. */
const SHOWN = 1000;

/**
 * Rows that fill a screen, and how long they are looked for one by one, in milliseconds: first alone, then for a third of
 * the time while the sets are found that the columns are asked with, up to so long altogether.
 */
const SCREEN = 200;
const ALONE_MS = 20;
const FIRST_MS = 100;

/** Rows that are looked at first; then twice as many while that took less than so many milliseconds. */
const SMALLEST = 256;
const SHORT_MS = 6;

/** Places that are walked at a stretch. */
const WALKED = 1 << 19;

export class MatchList implements Buildable {
  /** It is made when verdicts are final. */
  readonly isJudged = false;
  readonly #database: Database.Database;
  readonly #held: Held;
  readonly #query: MatchQuery;
  readonly #work: Generator<void>;
  #found: Bits;
  /** Rows that are looked at: those that were there when it was begun. */
  readonly #of: number;
  #size = 0;
  #read = 0;
  #shown: number[] = [];
  /** Rows, the earliest one first. */
  #order: Ordered | undefined;

  constructor(database: Database.Database, held: Held, query: MatchQuery) {
    this.#database = database;
    this.#held = held;
    this.#query = query;
    this.#of = held.rows.size;
    this.#found = new Bits(this.#of);
    this.#work = this.#go();
  }

  get size(): number {
    return this.#order || this.#read > 0 ? this.#size : this.#shown.length;
  }

  get progress(): Progress | undefined {
    return this.#order ? undefined : { done: this.#read, of: this.#of };
  }

  at(index: number): number | undefined {
    const order = this.#order;
    const place = order && this.#query.descending ? order.length - 1 - index : index;
    // Of an array, -1 is the last one.
    const row = place < 0 ? undefined : order ? order.at(place) : this.#shown[place];
    return row === undefined ? undefined : this.#held.rows.seqAt(row);
  }

  indexOf(seq: number): number {
    const row = this.#held.rows.rowOf(seq);
    if (row === undefined) return -1;
    if (!this.#order) return this.#shown.indexOf(row);
    const at = this.#order.indexOf(row);
    return at < 0 || !this.#query.descending ? at : this.#order.length - 1 - at;
  }

  /** Goes on for that many milliseconds, and at least a bit. Returns whether it is through. */
  step(milliseconds: number): boolean {
    const end = performance.now() + milliseconds;
    while (!this.#order) {
      this.#work.next();
      if (performance.now() >= end) break;
    }
    return this.#order !== undefined;
  }

  /** It is not asked for any more. */
  end(): void {
    this.#query.filter.end();
  }

  *#go(): Generator<void> {
    const finding = this.#query.filter.find();
    let step = finding.next();
    // Where no sets of other tables are to be found first, the columns answer at once.
    const looking = this.#findFirst();
    let [looked, sought] = [0, 0];
    for (let isLooking = true; step.done !== true;) {
      const started = performance.now();
      if (isLooking && looked < FIRST_MS && (looked < ALONE_MS || looked * 2 < sought)) {
        isLooking = looking.next().done === false;
        looked += performance.now() - started;
      } else {
        step = finding.next();
        sought += performance.now() - started;
      }
      yield;
    }
    const condition = step.value;
    const { within, calls } = this.#query;
    const parts: Scan[] = [heldScan(condition, this.#held)];
    if (within) parts.push({ kind: 'moments', stretches: [[within.from, within.to]] });
    if (calls && IS_CALL.scan) parts.push(IS_CALL.scan);
    const { asked, rest } = askedApart({ kind: 'and', parts });
    const scan = new RowScan(this.#database, rest, this.#held);
    yield;
    this.#shown = [];
    yield* this.#mark(scan, asked);
    yield* this.#put();
  }

  /** So many rows after those that are done, in the direction in which they are shown. */
  #stretch(done: number, length: number): readonly [first: number, end: number] {
    const far = Math.min(done + length, this.#of);
    return this.#query.descending ? [this.#of - far, this.#of - done] : [done, far];
  }

  /** A screen full of rows, or what can be found of them in a moment. */
  *#findFirst(): Generator<void> {
    const { filter, within, calls } = this.#query;
    const { rows } = this.#held;
    const during = within ? 'event.ns BETWEEN ? AND ?' : 'TRUE';
    const statement = this.#database
      .prepare<unknown[], bigint>(
        `SELECT event.seq FROM event WHERE event.seq BETWEEN ? AND ? AND ${during}
           AND (${calls ? IS_CALL.text : 'TRUE'}) AND (${filter.first.where}) ORDER BY event.seq`,
      )
      .pluck();
    const bounds = within ? [within.from, within.to] : [];
    for (let done = 0, length = SMALLEST; done < this.#of;) {
      const started = performance.now();
      const [first, end] = this.#stretch(done, length);
      const found = statement.all(rows.seqAt(first), rows.seqAt(end - 1), ...bounds, ...filter.first.params);
      this.#show(found.flatMap((seq) => rows.rowOf(Number(seq)) ?? []));
      if (this.#shown.length >= SCREEN) return;
      done += length;
      if (performance.now() - started < SHORT_MS) length *= 2;
      yield;
    }
  }

  /** Shows more rows, which come after those that are shown, or nearly so. */
  #show(rows: readonly number[]): void {
    if (rows.length === 0 || this.#shown.length >= SHOWN) return;
    const { calls, descending } = this.#query;
    const keys = new Map([...this.#shown, ...rows].map((row) => [row, calls ? calls.placeOfRow(row) : row]));
    const sorted = [...keys].sort(([, a], [, b]) => a - b).map(([row]) => row);
    this.#shown = (descending ? sorted.reverse() : sorted).slice(0, SHOWN);
  }

  /** @param asked what is asked of SQL besides, which a helper can do as well */
  *#mark(scan: RowScan, asked: Sql | undefined): Generator<void> {
    const { rows } = this.#held;
    const [marks, others] = [new Uint8Array(STRETCH), new Uint8Array(STRETCH)];
    const take = (first: number, end: number): void => {
      const found: number[] = [];
      for (let at = 0; at < end - first; at++) {
        if (marks[at] === 0) continue;
        this.#found.set(first + at);
        this.#size++;
        if (this.#shown.length < SHOWN) found.push(first + at);
      }
      this.#show(found);
      this.#read += end - first;
    };
    const keep = asked && scan.asking(asked);
    const own = (piece: number): void => {
      const [first, end] = this.#stretch(piece * STRETCH, STRETCH);
      scan.mark(first, end, marks);
      keep?.(first, end, marks);
      take(first, end);
    };
    const [firstSeq, lastSeq] = [rows.seqAt(0), rows.seqAt(this.#of - 1)];
    const pieces = Math.ceil(this.#of / STRETCH);
    // A helper knows numbers of events, and not of rows.
    if (!asked || lastSeq - firstSeq !== this.#of - 1) {
      for (let piece = 0; piece < pieces; piece++, yield) own(piece);
      return;
    }
    const job: RowsJob = {
      kind: 'rows',
      sql: `SELECT event.seq FROM event WHERE (${asked.text}) AND event.seq BETWEEN ? AND ?`,
      params: asked.params,
      ...{ first: BigInt(firstSeq), last: BigInt(lastSeq), length: BigInt(STRETCH) },
      descending: this.#query.descending,
    };
    yield* inShares<'rows'>(this.#query.helper, job, own, (seqs, piece) => {
      const [first, end] = this.#stretch(piece * STRETCH, STRETCH);
      scan.mark(first, end, marks);
      others.fill(0);
      for (const seq of seqs) others[seq - firstSeq - first] = 1;
      meet(marks, others);
      take(first, end);
    });
  }

  /** Puts what was found in order. */
  *#put(): Generator<void> {
    const { calls } = this.#query;
    this.#order = calls ? yield* this.#byTime(calls) : new PickedRows(this.#found, this.#of);
    this.#found = new Bits();
    this.#shown = [];
    this.end();
  }

  /** Calls that come meanwhile move others on by some places: none is met twice. */
  *#byTime(calls: CallList): Generator<void, Uint32Array> {
    const order = new Uint32Array(this.#size);
    let size = 0;
    for (let place = 0; place < calls.size && size < order.length; place++) {
      const row = calls.rowAt(place);
      if (this.#found.has(row)) {
        order[size++] = row;
        this.#found.clear(row);
      }
      if (place % WALKED === WALKED - 1) yield;
    }
    return order;
  }
}
