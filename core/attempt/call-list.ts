/** All calls in order of time, each with its verdict: 25 bytes a call, so that millions fit. */
import { VERDICTS, type Verdict } from '#contract/attempt.ts';
import type Database from 'better-sqlite3';
import { BRIEF, briefCells, IS_CALL } from './calls.ts';
import type { Judge } from './judge.ts';

const COUNT = `SELECT count(*) FROM event WHERE ${IS_CALL}`;
/** The + keeps SQLite from taking the index on kinds, after which it would have to sort. */
const IN_ORDER = `SELECT ${BRIEF} FROM event WHERE +event.${IS_CALL} ORDER BY event.ns, event.seq`;

interface Repeat {
  readonly count: number;
  /** Boot time of the last one. */
  readonly lastNs: bigint;
}

export class CallList {
  readonly seqs: Float64Array;
  readonly ns: BigInt64Array;
  readonly callIds: Float64Array;
  readonly #verdicts: Uint8Array;
  /** By seq: names that calls have from the load that they shared. */
  readonly #sharedNames = new Map<number, string>();
  /** Only of the rows that stand for several calls. */
  readonly #repeats = new Map<number, Repeat>();

  constructor(database: Database.Database, judge: Judge) {
    const size = Number(database.prepare<[], bigint>(COUNT).pluck().get() ?? 0n);
    this.seqs = new Float64Array(size);
    this.ns = new BigInt64Array(size);
    this.callIds = new Float64Array(size);
    this.#verdicts = new Uint8Array(size);
    let at = 0;
    for (const cells of database.prepare<[], unknown[]>(IN_ORDER).raw().iterate()) {
      const call = briefCells(cells);
      this.seqs[at] = Number(call.seq);
      this.ns[at] = call.ns;
      this.callIds[at] = call.callId;
      const { verdict, sharedWith, life } = judge.judge(call);
      this.#verdicts[at] = VERDICTS.indexOf(verdict);
      if (sharedWith && life?.load) this.#sharedNames.set(Number(call.seq), life.load.name);
      if (call.repeat !== 1) this.#repeats.set(at, { count: call.repeat, lastNs: call.lastNs ?? call.ns });
      at++;
    }
  }

  /** Calls that the rows stand for beyond one each. */
  coalesced(): bigint {
    let sum = 0n;
    for (const { count } of this.#repeats.values()) sum += BigInt(count) - 1n;
    return sum;
  }

  get size(): number {
    return this.seqs.length;
  }

  verdictAt(position: number): Verdict {
    return VERDICTS[this.#verdicts[position] ?? 0] ?? 'contradiction';
  }

  /** The module's name where the call with that seq shared another one's load. */
  sharedName(seq: number): string | undefined {
    return this.#sharedNames.get(seq);
  }

  /** How many calls the row stands for. */
  repeatAt(position: number): number {
    return this.#repeats.get(position)?.count ?? 1;
  }

  /** Rows that stand for several calls, in order of their first one, with the boot time of the last. */
  *repeated(): Generator<{ readonly position: number; readonly lastNs: bigint }> {
    for (const [position, { lastNs }] of this.#repeats) yield { position, lastNs };
  }

  /** Position of the first call at that moment or later. */
  firstAtOrAfter(ns: bigint): number {
    let low = 0;
    let high = this.size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ns[middle] ?? 0n) < ns) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Rows by verdict. */
  counts(): Partial<Record<Verdict, number>> {
    const counts: Partial<Record<Verdict, number>> = {};
    for (let at = 0; at < this.size; at++) {
      const verdict = this.verdictAt(at);
      counts[verdict] = (counts[verdict] ?? 0) + 1;
    }
    return counts;
  }
}
