/**
 * The events that a filter keeps, in the order of their numbers, while the capture is still being read: asked of the
 * database, which has an index for some filters. What is found is in its place at once, and counted when all was looked at.
 */
import type { Progress } from '#contract/page.ts';
import type Database from 'better-sqlite3';
import type { Ahead } from '../capture/read-ahead.ts';
import type { Bounds } from '../capture/interval.ts';
import { dependsOnVerdicts } from '../filter/judged.ts';
import { inEqualShares, type Helper } from '../helper/errand.ts';
import type { RowsJob } from '../helper/jobs.ts';
import { rowsWork } from '../helper/works.ts';
import { withRoom } from './growing.ts';
import type { Buildable } from './kept-list.ts';
import type { Condition, StepwiseCondition } from './order-build.ts';

export interface FoundQuery {
  readonly filter: StepwiseCondition;
  /** Boot time; absent where all rows are looked at. */
  readonly within: Bounds | undefined;
  readonly descending: boolean;
  /** Numbers of the first and of the last event. */
  readonly range: readonly [first: number, last: number];
}

/** Who helps to go through the events. */
export interface Hands {
  readonly ahead?: Ahead | undefined;
  readonly helper?: Helper | undefined;
}

/** Rows that fill a screen, and how long they are looked for one by one, in milliseconds. */
const SCREEN = 200;
const FIRST_MS = 100;

/** Events that are looked at first, and at most at once: twice as many while that is short, half as many where it is long. */
const SMALLEST = 512;
const LARGEST = 1 << 19;
const SHORT_MS = 10;
const LONG_MS = 40;

/** How long a piece takes that is shared with a helper, in milliseconds, and how many events are one at most. */
const PIECE_MS = 15;
const MOST = 1 << 15;

/** How much more time sets are given than going through the events without them: most are found sooner. */
const SETS_SHARE = 3;

/** Events in a millisecond from which on it is worth while to go through them without sets, and how many tell the pace with them. */
const FAST = 500;
const TRIED = 1 << 18;

export class FoundList implements Buildable {
  /** Whether the list depends on verdicts, and is another one when more is known. */
  readonly isJudged: boolean;
  /** What is found comes after what was found before. */
  readonly isSteady = true;
  readonly #database: Database.Database;
  readonly #query: FoundQuery;
  readonly #ahead: Ahead | undefined;
  readonly #helper: Helper | undefined;
  readonly #work: Generator<void>;
  readonly #of: number;
  #seqs: Float64Array | Uint32Array;
  #size = 0;
  /** Events that were looked at, from the end that is shown first. */
  #done = 0;
  /** Events beyond those that were looked at already, out of their order. */
  #beyond = 0;
  /** Events that were looked at in a millisecond of late. */
  #pace = 0;

  constructor(database: Database.Database, query: FoundQuery, { ahead, helper }: Hands = {}) {
    const [first, last] = query.range;
    this.#database = database;
    this.#query = query;
    this.#ahead = ahead;
    this.#helper = helper;
    this.#of = Math.max(last - first + 1, 0);
    this.#seqs = first >= 0 && last <= 0xffffffff ? new Uint32Array() : new Float64Array();
    this.isJudged = dependsOnVerdicts(query.filter.first.where);
    this.#work = this.#go();
  }

  get size(): number {
    return this.#size;
  }

  get progress(): Progress | undefined {
    return this.#done < this.#of ? { done: this.#done + this.#beyond, of: this.#of } : undefined;
  }

  at(index: number): number | undefined {
    return index < this.#size ? this.#seqs[index] : undefined;
  }

  indexOf(seq: number): number {
    const { descending } = this.#query;
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >> 1;
      const found = this.#seqs[middle] ?? 0;
      if (descending ? found > seq : found < seq) low = middle + 1;
      else high = middle;
    }
    return low < this.#size && this.#seqs[low] === seq ? low : -1;
  }

  /** Goes on for that many milliseconds, and at least a bit. Returns whether it is through. */
  step(milliseconds: number): boolean {
    const end = performance.now() + milliseconds;
    while (this.#work.next().done !== true) if (performance.now() >= end) break;
    return this.progress === undefined;
  }

  /** It is not asked for any more. */
  end(): void {
    this.#query.filter.end();
  }

  *#go(): Generator<void> {
    const { filter } = this.#query;
    const end = performance.now() + FIRST_MS;
    yield* this.#look(filter.first, () => this.#size >= SCREEN || performance.now() >= end);
    const bySets = yield* this.#race(filter.find());
    const pace = this.#pace;
    yield; // indexes may have answered
    this.#ahead?.bring([{ tree: 'event', descending: this.#query.descending }]);
    const tried = this.#done + TRIED;
    yield* this.#look(bySets, () => this.#done >= tried);
    yield* this.#share(this.#pace < pace ? filter.first : bySets);
    this.end();
  }

  /** Sets can take longer to be found than the events to be gone through without them: both goes on, mostly the sets. */
  *#race(find: Generator<void, Condition>): Generator<void, Condition> {
    const { filter } = this.#query;
    const isSlow = filter.isBroad || this.#pace < FAST;
    const rows = this.#look(filter.first, () => isSlow);
    for (let spent = 0; ; yield) {
      const started = performance.now();
      const found = find.next();
      if (found.done === true) return found.value;
      spent += performance.now() - started;
      if (spent < SETS_SHARE * LONG_MS) continue;
      yield;
      rows.next();
      spent = 0;
    }
  }

  /** Of events in a range, which is bound last. */
  #statement({ where, params }: Condition): Pick<RowsJob, 'sql' | 'params'> {
    const { within, descending } = this.#query;
    return {
      sql: `SELECT event.seq FROM event WHERE ${within ? 'event.ns BETWEEN ? AND ?' : 'TRUE'} AND (${where})
              AND event.seq BETWEEN ? AND ? ORDER BY event.seq ${descending ? 'DESC' : ''}`,
      params: [...(within ? [within.from, within.to] : []), ...params],
    };
  }

  #put(found: ArrayLike<number>): void {
    this.#seqs = withRoom(this.#seqs, this.#size + found.length);
    this.#seqs.set(found, this.#size);
    this.#size += found.length;
  }

  /** Goes through the events in pieces, from where that was left. */
  *#look(condition: Condition, isEnough: () => boolean): Generator<void> {
    const { descending, range } = this.#query;
    const { sql, params } = this.#statement(condition);
    const statement = this.#database.prepare<unknown[], number>(sql).pluck().safeIntegers(false);
    for (let piece = SMALLEST; this.#done < this.#of && !isEnough(); yield) {
      const started = performance.now();
      const far = Math.min(this.#done + piece, this.#of);
      const [from, to] = descending
        ? [range[1] - far + 1, range[1] - this.#done]
        : [range[0] + this.#done, range[0] + far - 1];
      // Bound as whole numbers: compared with a real one, the table is not gone through by its numbers alone.
      this.#put(statement.all(...params, BigInt(from), BigInt(to)));
      this.#done = far;
      const took = performance.now() - started;
      this.#pace = (to - from + 1) / took;
      if (took > LONG_MS) piece = Math.max(SMALLEST, piece >> 1);
      else if (took < SHORT_MS) piece = Math.min(LARGEST, piece * 2);
    }
  }

  /** Goes through the rest with a helper. */
  *#share(condition: Condition): Generator<void> {
    const { descending, range } = this.#query;
    const done = this.#done;
    const length = Math.floor(Math.min(Math.max(this.#pace * PIECE_MS, SMALLEST), MOST));
    const job: RowsJob = {
      ...{ kind: 'rows', ...this.#statement(condition), descending },
      first: BigInt(range[0] + (descending ? 0 : done)),
      last: BigInt(range[1] - (descending ? done : 0)),
      length: BigInt(length),
    };
    /** What comes after what is not known yet, by piece. */
    const later = new Map<number, Float64Array>();
    let next = 0;
    const take = (found: Float64Array, piece: number): void => {
      later.set(piece, found);
      for (let seqs = later.get(next); seqs; seqs = later.get(++next)) {
        this.#put(seqs);
        later.delete(next);
      }
      this.#done = Math.min(done + next * length, this.#of);
      this.#beyond = Math.min(later.size * length, this.#of - this.#done);
    };
    yield* inEqualShares<'rows'>(this.#helper, job, rowsWork(this.#database, job), take);
  }
}
