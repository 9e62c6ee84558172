/** All calls that were read, in order of time, each with its verdict: 21 bytes a call, so that millions fit. */
import { VERDICTS, type Verdict } from '#contract/attempt.ts';
import { withRoom, type Column } from '../survey/growing.ts';
import { VerdictSums, type VerdictCount } from './verdict-sums.ts';

/** One call as the list takes it. */
export interface ListedCall {
  readonly seq: number;
  /** Boot time of the entry. */
  readonly ns: bigint;
  readonly verdict: Verdict;
  /** How many calls the row stands for. */
  readonly repeat: number;
}

/** Repeats from here on stand in a map of their own. */
const MUCH = 0xffffffff;

/** A file that says it holds more is believed when it has shown them. */
const MOST_EXPECTED = 1 << 25;

export class CallList {
  #size = 0;
  #seqs: Uint32Array | Float64Array = new Uint32Array();
  #ns = new BigInt64Array();
  #verdicts = new Uint8Array();
  #repeats = new Uint32Array();
  /** By seq: repeats that do not fit the column. */
  readonly #muchRepeated = new Map<number, number>();
  readonly #sums = new VerdictSums();
  #coalesced = 0n;
  #expected = 0;

  /** How many there will be at most, as far as known. */
  expect(calls: number): void {
    this.#expected = Math.min(calls, MOST_EXPECTED);
  }

  /** Takes more calls, in any order; they are put in their places. */
  add(calls: readonly ListedCall[]): void {
    if (calls.length === 0) return;
    const sorted = [...calls].sort((a, b) => (a.ns < b.ns ? -1 : a.ns > b.ns ? 1 : a.seq - b.seq));
    const first = sorted[0];
    const from = first ? this.#placeOf(first.ns, first.seq) : this.#size;
    this.#makeRoom(this.#size + sorted.length, sorted);
    this.#merge(sorted, from);
    this.#size += sorted.length;
    for (const { seq, repeat } of sorted) {
      if (repeat !== 1) this.#coalesced += BigInt(repeat) - 1n;
      if (repeat >= MUCH) this.#muchRepeated.set(seq, repeat);
    }
    this.#sum(from);
  }

  /** From behind, so that nothing is overwritten that is still needed. */
  #merge(sorted: readonly ListedCall[], from: number): void {
    let old = this.#size - 1;
    let to = this.#size + sorted.length - 1;
    for (let at = sorted.length - 1; at >= 0; to--) {
      const call = sorted[at];
      if (!call) break;
      if (old >= from && this.#isAfter(old, call.ns, call.seq)) {
        this.#move(old--, to);
      } else {
        this.#seqs[to] = call.seq;
        this.#ns[to] = call.ns;
        this.#verdicts[to] = VERDICTS.indexOf(call.verdict);
        this.#repeats[to] = Math.min(call.repeat, MUCH);
        at--;
      }
    }
  }

  #move(from: number, to: number): void {
    this.#seqs[to] = this.#seqs[from] ?? 0;
    this.#ns[to] = this.#ns[from] ?? 0n;
    this.#verdicts[to] = this.#verdicts[from] ?? 0;
    this.#repeats[to] = this.#repeats[from] ?? 0;
  }

  #makeRoom(size: number, calls: readonly ListedCall[]): void {
    if (this.#seqs instanceof Uint32Array && calls.some(({ seq }) => seq > MUCH || seq < 0)) {
      this.#seqs = Float64Array.from(this.#seqs);
    }
    const wider = <C extends Column>(column: C): C => withRoom(column, size, this.#expected);
    this.#seqs = wider(this.#seqs);
    this.#ns = wider(this.#ns);
    this.#verdicts = wider(this.#verdicts);
    this.#repeats = wider(this.#repeats);
  }

  #sum(from: number): void {
    this.#sums.update(this.#verdicts, (at) => this.repeatAt(at), this.#size, from);
  }

  #isAfter(at: number, ns: bigint, seq: number): boolean {
    const own = this.#ns[at] ?? 0n;
    return own > ns || (own === ns && (this.#seqs[at] ?? 0) > seq);
  }

  /** How many calls come before that one in order of time. */
  #placeOf(ns: bigint, seq: number): number {
    if (this.#size > 0 && !this.#isAfter(this.#size - 1, ns, seq)) return this.#size;
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#isAfter(middle, ns, seq)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The place of a call; undefined where it is not in the list. */
  indexOf(ns: bigint, seq: number): number | undefined {
    const place = this.#placeOf(ns, seq) - 1;
    return place >= 0 && this.#seqs[place] === seq ? place : undefined;
  }

  /** A verdict that is another one now. */
  judgeAnew(place: number, verdict: Verdict): void {
    const index = VERDICTS.indexOf(verdict);
    if (this.#verdicts[place] === index) return;
    this.#verdicts[place] = index;
    this.#sum(place);
  }

  /** Calls that the rows stand for beyond one each. */
  coalesced(): bigint {
    return this.#coalesced;
  }

  get size(): number {
    return this.#size;
  }

  /** Whether all calls that there are were taken. */
  isWhole = false;

  seqAt(place: number): number {
    return this.#seqs[place] ?? 0;
  }

  nsAt(place: number): bigint {
    return this.#ns[place] ?? 0n;
  }

  verdictAt(place: number): Verdict {
    return VERDICTS[this.#verdicts[place] ?? 0] ?? 'contradiction';
  }

  /** How many calls the row stands for. */
  repeatAt(place: number): number {
    const repeat = this.#repeats[place] ?? 1;
    return repeat === MUCH ? (this.#muchRepeated.get(this.#seqs[place] ?? 0) ?? MUCH) : repeat;
  }

  /** Places of the calls with one of the verdicts. */
  *placesOf(wanted: readonly Verdict[]): Generator<number> {
    const indexes = new Set(wanted.map((verdict) => VERDICTS.indexOf(verdict)));
    for (let place = 0; place < this.#size; place++) if (indexes.has(this.#verdicts[place] ?? 0)) yield place;
  }

  /** The places from `from` on, up to `to` (excluded), by verdict and, within one, in order of time. */
  byVerdict(from: number, to: number): Uint32Array {
    const places = new Uint32Array(to - from);
    const starts = new Float64Array(VERDICTS.length);
    let start = 0;
    for (const { verdict, rows } of this.countsWithin(from, to).sort((a, b) => a.verdict - b.verdict)) {
      starts[verdict] = start;
      start += rows;
    }
    for (let place = from; place < to; place++) {
      const verdict = this.#verdicts[place] ?? 0;
      const at = starts[verdict] ?? 0;
      places[at] = place;
      starts[verdict] = at + 1;
    }
    return places;
  }

  /** Place of the first call at that moment or later. */
  firstAtOrAfter(ns: bigint, from = 0): number {
    let low = from;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ns[middle] ?? 0n) < ns) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Place of the first call after that moment. */
  firstAfter(ns: bigint, from = 0): number {
    return ns === LAST ? this.#size : this.firstAtOrAfter(ns + 1n, from);
  }

  /** What the places from `from` on, up to `to` (excluded), hold, by their first one. */
  countsWithin(from: number, to: number): VerdictCount[] {
    return this.#sums.within(from, to);
  }

  /** Rows by verdict. */
  counts(): Partial<Record<Verdict, number>> {
    const found = this.#sums.within(0, this.#size).sort((a, b) => a.verdict - b.verdict);
    return Object.fromEntries(found.map(({ verdict, rows }) => [VERDICTS[verdict], rows]));
  }
}

const LAST = 2n ** 63n - 1n;
