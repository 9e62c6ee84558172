/**
 * Successful calls of delete_module in which no free is recorded: where a loss hid it, or frees were not watched, they
 * are all that says that a module is gone. Read only where one of both is so, because calls are many.
 */
import type Database from 'better-sqlite3';
import { integer, readable, type Row } from '../capture/columns.ts';
import { RETURNED, TOOK } from '../capture/events.ts';
import { clamped, LEAST_INTEGER as BEFORE_ALL } from '../capture/integers.ts';
import { withRoom } from '../survey/growing.ts';
import { WholeColumn } from '../survey/whole-column.ts';
import { WordColumn } from '../survey/word-column.ts';
import { READ_NAME } from './calls.ts';
import type { LossInterval } from './facts.ts';
import type { LossSearch } from './losses.ts';
import type { ModuleChanges } from './module-changes.ts';

/** A call that removed a module without a record of its free. */
export interface Removal {
  readonly seq: bigint;
  /** Boot time of its return: by then the module was gone. */
  readonly ns: bigint;
  readonly callId: number;
  readonly name: string;
}

/** Calls, and changes of modules, that are gone through in one step. */
const PIECE = 8192;

/** Calls that had not returned and are asked for again: there are no more of them than threads that unload. */
const MOST_WAITING = 10_000;

/** More than MODULE_NAME_LEN (include/linux/module.h). */
const LONGEST_NAME = 64;

/** How far so many calls go, whatever they returned. */
const STRETCH = `SELECT max(seq) FROM (SELECT seq FROM event WHERE kind = 'delete_module' AND seq > ?
  ORDER BY seq LIMIT ${String(PIECE)})`;

const CALL = `SELECT event.seq, event.ns, event.call_id, ${RETURNED} AS returned, ${TOOK} AS took,
    ${READ_NAME} AS name`;

/** Rows that stand for several calls are of calls that failed. */
const IS_REMOVAL = `event.kind = 'delete_module' AND event.repeat = 1 AND coalesce(${RETURNED}, 0) >= 0`;

const CALLS = `${CALL} FROM event WHERE event.seq > ? AND event.seq <= ? AND ${IS_REMOVAL} ORDER BY event.seq`;

/** By the moments in which they were entered. */
const ENTERED = `${CALL} FROM event INDEXED BY event_by_ns WHERE event.ns > ? AND event.ns <= ? AND ${IS_REMOVAL}`;

const SECOND = 1_000_000_000n;

/** So long before a loss began the calls were entered of which it may hide the free, at most; and so late it is all there. */
const MARGIN = 10n * SECOND;

/** Stretches of a loss that are read in one step, at most. */
const MOST_STRETCHES = 1000n;

/** What is longer than any name that a kernel takes names no module. */
function nameIn({ name }: Row): string | undefined {
  if (typeof name !== 'string' && !Buffer.isBuffer(name)) return undefined;
  return name.length <= LONGEST_NAME ? readable(name) : undefined;
}

export class Removals {
  readonly #stretch: Database.Statement<[bigint], bigint | null>;
  readonly #calls: Database.Statement<[bigint, bigint], Row>;
  readonly #entered: Database.Statement<[bigint, bigint], Row>;
  /** Losses whose calls were read, and the calls that were looked at. */
  readonly #read = new Set<bigint>();
  readonly #seen = new Set<bigint>();
  #size = 0;
  readonly #seqs = new WholeColumn();
  readonly #callIds = new WholeColumn();
  /** Boot times of entry and return. */
  #ns = new BigInt64Array();
  #ends = new BigInt64Array();
  readonly #names = new WordColumn();
  #last = BEFORE_ALL;
  #waiting: bigint[] = [];

  constructor(database: Database.Database) {
    this.#stretch = database.prepare<[bigint], bigint | null>(STRETCH).pluck();
    this.#calls = database.prepare<[bigint, bigint], Row>(CALLS);
    this.#entered = database.prepare<[bigint, bigint], Row>(ENTERED);
  }

  get size(): number {
    return this.#size;
  }

  at(index: number): Removal | undefined {
    const name = this.#names.at(index);
    if (name === undefined) return undefined;
    const [seq, callId] = [BigInt(this.#seqs.at(index)), this.#callIds.at(index)];
    return { seq, ns: this.#ends[index] ?? 0n, callId, name };
  }

  /**
   * Reads the calls that were not read yet; stops after each piece.
   * @param losses - undefined where frees were not watched at all; otherwise only calls are read of which they may hide one
   * @param lastNs - the capture's last moment
   */
  *read(modules: ModuleChanges, losses: LossSearch | undefined, lastNs: bigint): Generator<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const seq of waiting) {
      for (const row of this.#calls.all(seq - 1n, seq)) this.#add(row, modules);
      yield;
    }
    if (!losses) yield* this.#readAll(modules);
    else yield* this.#readHidden(modules, losses.all, lastNs);
  }

  *#readHidden(modules: ModuleChanges, losses: readonly LossInterval[], lastNs: bigint): Generator<void> {
    let until = BEFORE_ALL;
    for (const loss of losses) {
      if (!this.#read.has(loss.seq)) yield* this.#readAround(loss, until, modules);
      // What was recorded at the same time can be committed after it.
      if (lastNs > loss.toNs + MARGIN) this.#read.add(loss.seq);
      if (loss.toNs > until) until = loss.toNs;
    }
  }

  /** @param until - up to where losses before it were read */
  *#readAround({ fromNs, toNs }: LossInterval, until: bigint, modules: ModuleChanges): Generator<void> {
    const stretch = (toNs - fromNs) / MOST_STRETCHES + SECOND;
    const first = fromNs - MARGIN;
    for (let from = first > until ? first : until + 1n; from <= toNs; from += stretch) {
      const to = from + stretch < toNs ? from + stretch : toNs;
      for (const row of this.#entered.all(clamped(from - 1n), clamped(to))) {
        const call = integer(row, 'seq');
        if (!this.#seen.has(call)) this.#add(row, modules);
        this.#seen.add(call);
      }
      yield;
    }
  }

  *#readAll(modules: ModuleChanges): Generator<void> {
    for (;;) {
      const end = this.#stretch.get(this.#last);
      if (typeof end !== 'bigint') return;
      for (const row of this.#calls.all(this.#last, end)) this.#add(row, modules);
      this.#last = end;
      yield;
    }
  }

  #add(row: Row, modules: ModuleChanges): void {
    const seq = integer(row, 'seq');
    const { took, call_id: callId } = row;
    if (typeof row['returned'] !== 'bigint' || typeof took !== 'bigint') {
      if (this.#waiting.length < MOST_WAITING) this.#waiting.push(seq);
      return;
    }
    const name = nameIn(row);
    if (typeof callId !== 'bigint' || name === undefined || modules.freesIn(Number(callId))) return;
    const at = this.#size++;
    const ns = integer(row, 'ns');
    this.#ns = withRoom(this.#ns, this.#size);
    this.#ends = withRoom(this.#ends, this.#size);
    this.#seqs.put(at, Number(seq));
    this.#callIds.put(at, Number(callId));
    this.#ns[at] = ns;
    this.#ends[at] = ns + took;
    this.#names.put(at, name);
  }

  /**
   * Tells each load which of these calls removed its module: the next one with its name, unless the same name was loaded
   * again before. Goes backwards in time.
   * @param losses - undefined where frees were not watched at all; otherwise only what they may hide is without a record
   */
  *assign(modules: ModuleChanges, losses: LossSearch | undefined): Generator<void> {
    const due = yield* this.#credible(modules, losses);
    const names = new Set(due.map((index) => this.#names.at(index)));
    const isWanted = modules.names.answers((name) => names.has(name));
    const next = new Map<string, number>();
    const found = new Int32Array(due.length === 0 ? 0 : modules.size);
    for (let at = found.length - 1, place = due.length - 1; at >= 0; at--) {
      for (; place >= 0 && (this.#ns[due[place] ?? 0] ?? 0n) > modules.nsAt(at); place--) {
        next.set(this.#names.at(due[place] ?? 0) ?? '', due[place] ?? 0);
      }
      if (modules.loadsAt(at) && isWanted[modules.names.codeAt(at)] === 1) {
        found[at] = (next.get(modules.nameAt(at)) ?? -1) + 1;
        next.delete(modules.nameAt(at));
      }
      if (at % PIECE === 0) yield;
    }
    modules.endBy(this, found);
  }

  /** What may have removed a module, in order of time; sorting is cheap, because calls are recorded nearly in that order. */
  *#credible(modules: ModuleChanges, losses: LossSearch | undefined): Generator<void, number[]> {
    const found: number[] = [];
    for (let index = 0; index < this.#size; index++) {
      const [ns, end] = [this.#ns[index] ?? 0n, this.#ends[index] ?? 0n];
      const isHidden = losses === undefined || losses.within(ns, end) !== undefined;
      if (isHidden && !modules.freesIn(this.#callIds.at(index))) found.push(index);
      if (index % PIECE === 0) yield;
    }
    return found.sort((a, b) => {
      const [one, other] = [this.#ns[a] ?? 0n, this.#ns[b] ?? 0n];
      return one < other ? -1 : one > other ? 1 : a - b;
    });
  }
}
