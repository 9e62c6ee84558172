/**
 * The events or calls that a filter keeps, while the capture is still being read: found by its indexes, where these hold what is
 * asked. Until then, and where they do not, it is another list that goes through the events.
 */
import type { Progress } from '#contract/page.ts';
import type Database from 'better-sqlite3';
import { boundsOf, type Bounds } from '../capture/interval.ts';
import { dependsOnVerdicts } from '../filter/judged.ts';
import { IndexScan, type FoundEvents } from '../filter/index-scan.ts';
import { IS_CALL } from '../filter/places.ts';
import type { Helper } from '../helper/errand.ts';
import type { Buildable } from './kept-list.ts';
import type { PageFile } from '../capture/page-file.ts';
import type { Ahead } from '../capture/read-ahead.ts';
import type { Condition, StepwiseCondition } from './order-build.ts';
import { walkByTime } from './time-walk.ts';

export interface IndexedQuery {
  readonly filter: StepwiseCondition;
  /** Numbers of the first and of the last event. */
  readonly range: readonly [first: number, last: number];
  /** Boot time; absent where all rows are looked at. */
  readonly within: Bounds | undefined;
  /** Calls in the order of time, otherwise events in that of their numbers. */
  readonly calls: boolean;
  readonly descending: boolean;
  /** The list that goes through the events. */
  readonly other: (filter: StepwiseCondition) => Buildable;
  readonly ahead?: Ahead | undefined;
  readonly file?: PageFile | undefined;
  readonly helper?: Helper | undefined;
}

/** Events that are put in order at a stretch. */
const STRETCH = 1 << 16;

/** So many are asked for their moments one by one. */
const FEW = 2048;

/** Whether numbers of events are such as a recorder writes: the marks of all of them fit into memory. */
export const isMarkable = ([first, last]: readonly [number, number]): boolean =>
  first >= 0 && last <= 0xffffffff && last - first < 1 << 28;

const during = ({ from, to }: Bounds, { where, params }: Condition): Condition => ({
  where: `event.ns BETWEEN ? AND ? AND (${where})`,
  params: [from, to, ...params],
});

/** A condition that is found once, whoever goes on with it. */
class Finding {
  readonly #work: Generator<void, Condition>;
  found: Condition | undefined;

  constructor(filter: StepwiseCondition) {
    this.#work = filter.find();
  }

  *find(): Generator<void, Condition> {
    while (!this.found) {
      const step = this.#work.next();
      if (step.done === true) this.found = step.value;
      else yield;
    }
    return this.found;
  }
}

export class IndexedList implements Buildable {
  readonly #database: Database.Database;
  readonly #query: IndexedQuery;
  readonly #finding: Finding;
  readonly #other: Buildable;
  readonly #work: Generator<void>;
  /** Whether the indexes have answered, or cannot. */
  #isAsked = false;
  #events: FoundEvents | undefined;
  /** How far it is, and what was found, where each event is asked. */
  #asking: (Progress & { readonly found: number }) | undefined;
  #order = new Uint32Array();
  #placed = 0;

  /** @param database of a capture that has the indexes */
  constructor(database: Database.Database, query: IndexedQuery) {
    this.#database = database;
    this.#query = query;
    this.#finding = new Finding(query.filter);
    this.#other = query.other({ ...query.filter, find: () => this.#finding.find() });
    this.#work = this.#go();
  }

  /** What indexes answer never is; for as long as they are asked, it is shown what the other list finds. */
  get isJudged(): boolean {
    const isOthers = this.#isAsked ? !this.#events : this.#query.filter.isWaiting === true;
    return isOthers && this.#other.isJudged;
  }

  get size(): number {
    return this.#events?.size ?? Math.max(this.#other.size, this.#asking?.found ?? 0);
  }

  /** Whether the size is the last one, though not every row has its place yet. */
  get isCounted(): boolean {
    return this.#events !== undefined;
  }

  /** Both ways lead to the same rows, in the same order, but for what the other one knows too little of yet. */
  get isSteady(): boolean {
    return this.#other.isSteady === true && !this.#other.isJudged;
  }

  get progress(): Progress | undefined {
    if (!this.#events) return this.#asking ?? this.#other.progress ?? this.#untilAsked;
    return this.#placed < this.#events.size ? { done: this.#placed, of: this.#events.size } : undefined;
  }

  /** What the other list found when too little was known is not the last, before the indexes have answered. */
  get #untilAsked(): Progress | undefined {
    if (this.#isAsked || !this.#other.isJudged) return undefined;
    const [first, last] = this.#query.range;
    return { done: last - first + 1, of: last - first + 1 };
  }

  at(index: number): number | undefined {
    if (!this.#events) return this.#other.at(index);
    return index < this.#placed ? this.#order[index] : undefined;
  }

  indexOf(seq: number, ns: bigint): number {
    if (!this.#events) return this.#other.indexOf(seq, ns);
    return this.#order.subarray(0, this.#placed).indexOf(seq);
  }

  /** Goes on for that many milliseconds, and at least a bit. Returns whether it is through. */
  step(milliseconds: number): boolean {
    const end = performance.now() + milliseconds;
    while (this.progress && performance.now() < end) {
      if (this.#isAsked && !this.#events) return this.#other.step(end - performance.now());
      if (this.#finding.found) this.#work.next();
      else this.#other.step(0);
    }
    return this.progress === undefined;
  }

  /** It is not asked for any more. */
  end(): void {
    this.#other.end();
  }

  *#go(): Generator<void> {
    const { range, filter } = this.#query;
    const asked = this.#asked();
    const { ahead, file, helper } = this.#query;
    const scan = new IndexScan(this.#database, range, { ahead, file, helper });
    let events = yield* scan.find(asked);
    if (!events && filter.wait && dependsOnVerdicts(asked.where)) yield* filter.wait();
    // How many they are is known sooner when they need not be put in order.
    else if (!events && this.#query.calls && !dependsOnVerdicts(asked.where))
      events = yield* this.#askEach(scan, asked);
    this.#isAsked = true;
    if (!events) return;
    this.#order = new Uint32Array(events.size);
    this.#events = events;
    filter.end();
    if (!this.#query.calls) yield* this.#putByNumber(events);
    else if (events.size <= FEW) yield* this.#putFew(events);
    else yield* this.#putByTime(events);
  }

  *#askEach(scan: IndexScan, { where, params }: Condition): Generator<void, FoundEvents> {
    // Most conditions that pass few events ask of calls alone: whether it is one is asked last.
    const asking = scan.askEach({ where: `(${where}) AND ${IS_CALL.text}`, params });
    for (let step = asking.next(); ; step = asking.next()) {
      if (step.done === true) return step.value;
      this.#asking = step.value;
      yield;
    }
  }

  /** The condition, with all that has to be true besides. */
  #asked(): Condition {
    const { filter, within, calls } = this.#query;
    const { where, params, scan } = this.#finding.found ?? filter.first;
    if (!scan) return within ? during(within, { where, params }) : { where, params };
    const parts = [scan, ...(calls && IS_CALL.scan ? [IS_CALL.scan] : [])];
    if (!within) return { where, params, scan: { kind: 'and', parts } };
    return {
      ...during(within, { where, params }),
      scan: { kind: 'and', parts: [...parts, { kind: 'moments', stretches: [[within.from, within.to]] }] },
    };
  }

  *#seqs({ bits, size }: FoundEvents): Generator<number | undefined> {
    const { range, descending } = this.#query;
    const [first, last] = range;
    let left = size;
    for (let far = 0; far <= last - first && left > 0; far++) {
      const at = descending ? last - first - far : far;
      if (bits.has(at)) {
        left--;
        yield first + at;
      }
      if (far % STRETCH === STRETCH - 1) yield undefined;
    }
  }

  *#putByNumber(events: FoundEvents): Generator<void> {
    for (const seq of this.#seqs(events)) {
      if (seq === undefined) yield;
      else this.#order[this.#placed++] = seq;
    }
  }

  *#putFew(events: FoundEvents): Generator<void> {
    const moment = this.#database.prepare<[number], bigint>('SELECT ns FROM event WHERE seq = ?').pluck();
    const found: [seq: number, ns: bigint][] = [];
    for (const seq of this.#seqs(events)) {
      if (seq !== undefined) found.push([seq, moment.get(seq) ?? 0n]);
      if (seq === undefined || found.length % 64 === 0) yield;
    }
    found.sort(([one, ns], [other, otherNs]) => (ns < otherNs ? -1 : ns > otherNs ? 1 : one - other));
    if (this.#query.descending) found.reverse();
    this.#order.set(found.map(([seq]) => seq));
    this.#placed = found.length;
  }

  /** In the order of the index of moments, from the end that is shown first. */
  *#putByTime({ bits, size }: FoundEvents): Generator<void> {
    const { range, within, descending } = this.#query;
    const { from, to } = within ?? boundsOf(undefined);
    if (!within) this.#query.ahead?.bring([{ tree: 'event_by_ns', descending }]);
    for (const seqs of walkByTime(this.#database, [from, to], descending)) {
      for (const seq of seqs) if (bits.has(seq - range[0])) this.#order[this.#placed++] = seq;
      if (this.#placed >= size) return;
      yield;
    }
  }
}
