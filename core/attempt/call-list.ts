/** All calls that were read, in order of time: a byte and a bit a call, so that millions fit. What they are stands in their rows. */
import { VERDICTS, type Verdict } from '#contract/attempt.ts';
import { MOST_INTEGER } from '../capture/integers.ts';
import type { EventRows } from '../survey/event-rows.ts';
import { NearColumn } from '../survey/near-column.ts';
import { VerdictSums, type VerdictCount } from './verdict-sums.ts';

/** Places in another order, found one by one: millions of them would take long to be listed. */
export interface VerdictPlaces {
  placeAt(index: number): number | undefined;
  /** -1 where it is none of them. */
  indexOf(place: number): number;
}

export class CallList {
  readonly #rows: EventRows;
  readonly #repeatOf: (row: number) => number;
  #size = 0;
  /** Rows of the events, by place. */
  readonly #order = new NearColumn();
  readonly #sums: VerdictSums;
  /** The sums are right up to this place. */
  #summed = 0;
  #coalesced = 0n;
  /** Whether all calls that there are were taken. */
  isWhole = false;

  /** @param repeatOf how many calls the event in a row stands for */
  constructor(rows: EventRows, repeatOf: (row: number) => number) {
    this.#rows = rows;
    this.#repeatOf = repeatOf;
    this.#sums = new VerdictSums(
      (at) => rows.verdictIndexAt(this.#order.at(at)),
      (at) => this.repeatAt(at),
    );
  }

  /** How many there will be at most, as far as known. */
  expect(calls: number): void {
    this.#order.expect(calls);
  }

  /** Takes more calls by their rows, which are new; they are put in their places. */
  add(rows: readonly number[]): void {
    if (rows.length === 0) return;
    const sorted = this.#sorted(rows);
    const from = this.#placeOf(sorted[0] ?? 0);
    this.#merge(sorted, from);
    this.#size += rows.length;
    for (const row of rows) {
      const repeat = this.#repeatOf(row);
      if (repeat !== 1) this.#coalesced += BigInt(repeat) - 1n;
    }
    this.#summed = Math.min(this.#summed, from);
  }

  /** They come nearly in order of time, and are compared by how far they lie from the first. */
  #sorted(rows: readonly number[]): number[] {
    const moments = rows.map((row) => this.#rows.moments.at(row));
    const base = moments[0] ?? 0n;
    const far = Float64Array.from(moments, (ns) => Number(ns - base));
    const byMoment = (a: number, b: number): number => {
      const [one, other] = [moments[a] ?? 0n, moments[b] ?? 0n];
      return one < other ? -1 : one > other ? 1 : a - b;
    };
    return Array.from(rows, (_, at) => at)
      .sort((a, b) => (far[a] ?? 0) - (far[b] ?? 0) || byMoment(a, b))
      .map((at) => rows[at] ?? 0);
  }

  /** From behind, so that nothing is overwritten that is still needed. */
  #merge(sorted: readonly number[], from: number): void {
    let old = this.#size - 1;
    let to = this.#size + sorted.length - 1;
    for (let at = sorted.length - 1; at >= 0; to--) {
      const row = sorted[at] ?? 0;
      if (old >= from && this.#isAfter(old, this.#rows.moments.at(row), row))
        this.#order.put(to, this.#order.at(old--));
      else {
        this.#order.put(to, row);
        at--;
      }
    }
  }

  #isAfter(place: number, ns: bigint, row: number): boolean {
    const own = this.nsAt(place);
    return own > ns || (own === ns && this.#order.at(place) > row);
  }

  /** How many calls come before that one in order of time; itself too where it is in the list. */
  #placeOf(row: number): number {
    const ns = this.#rows.moments.at(row);
    if (this.#size > 0 && !this.#isAfter(this.#size - 1, ns, row)) return this.#size;
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#isAfter(middle, ns, row)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The place of a call; undefined where it is not in the list. */
  indexOf(seq: number): number | undefined {
    const row = this.#rows.rowOf(seq);
    if (row === undefined) return undefined;
    const place = this.#placeOf(row) - 1;
    return place >= 0 && this.#order.at(place) === row ? place : undefined;
  }

  /** The place of a call that is in the list. */
  placeOfRow(row: number): number {
    return this.#placeOf(row) - 1;
  }

  /** A verdict that is another one now. */
  judgeAnew(place: number, verdict: Verdict): void {
    if (this.verdictAt(place) === verdict) return;
    this.#rows.setVerdict(this.rowAt(place), verdict);
    this.#summed = Math.min(this.#summed, place);
  }

  get #current(): VerdictSums {
    if (this.#summed < this.#size) this.#sums.update(this.#size, this.#summed);
    this.#summed = this.#size;
    return this.#sums;
  }

  /** Calls that the rows stand for beyond one each. */
  coalesced(): bigint {
    return this.#coalesced;
  }

  get size(): number {
    return this.#size;
  }

  /** The event's row. */
  rowAt(place: number): number {
    return this.#order.at(place);
  }

  seqAt(place: number): number {
    return this.#rows.seqAt(this.#order.at(place));
  }

  nsAt(place: number): bigint {
    return this.#rows.moments.at(this.#order.at(place));
  }

  verdictAt(place: number): Verdict {
    return this.#rows.verdictAt(this.#order.at(place)) ?? 'contradiction';
  }

  /** How many calls the row stands for. */
  repeatAt(place: number): number {
    return this.#repeatOf(this.#order.at(place));
  }

  /** Places of the calls with one of the verdicts, one verdict after the other. */
  placesOf(wanted: readonly Verdict[]): number[] {
    return wanted.flatMap((verdict) => [...this.#current.placesOf(VERDICTS.indexOf(verdict))]);
  }

  /** The places from `from` on, up to `to` (excluded), by verdict and, within one, in order of time. */
  byVerdict(from: number, to: number): VerdictPlaces {
    const sums = this.#current;
    const groups: {
      readonly verdict: number;
      readonly start: number;
      readonly end: number;
      readonly before: number;
    }[] = [];
    for (const { verdict, rows } of this.countsWithin(from, to).sort((a, b) => a.verdict - b.verdict)) {
      const start = groups.at(-1)?.end ?? 0;
      groups.push({ verdict, start, end: start + rows, before: sums.before(verdict, from) });
    }
    return {
      placeAt: (index) => {
        const group = groups.find(({ start, end }) => index >= start && index < end);
        return group && sums.nth(group.verdict, group.before + index - group.start);
      },
      indexOf: (place) => {
        const group = groups.find(({ verdict }) => verdict === this.#rows.verdictIndexAt(this.#order.at(place)));
        if (!group || place < from || place >= to) return -1;
        return group.start + sums.before(group.verdict, place) - group.before;
      },
    };
  }

  /** The same, listed: for who goes through all of them while others may be judged. */
  listByVerdict(from: number, to: number): Uint32Array {
    const places = new Uint32Array(to - from);
    const starts = new Float64Array(VERDICTS.length);
    let start = 0;
    for (const { verdict, rows } of this.countsWithin(from, to).sort((a, b) => a.verdict - b.verdict)) {
      starts[verdict] = start;
      start += rows;
    }
    for (let place = from; place < to; place++) {
      const verdict = this.#rows.verdictIndexAt(this.#order.at(place));
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
      if (this.nsAt(middle) < ns) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Place of the first call after that moment. */
  firstAfter(ns: bigint, from = 0): number {
    return ns === MOST_INTEGER ? this.#size : this.firstAtOrAfter(ns + 1n, from);
  }

  /** What the places from `from` on, up to `to` (excluded), hold, by their first one. */
  countsWithin(from: number, to: number): VerdictCount[] {
    return this.#current.within(from, to);
  }

  /** Rows by verdict. */
  counts(): Partial<Record<Verdict, number>> {
    const found = this.#current.within(0, this.#size).sort((a, b) => a.verdict - b.verdict);
    return Object.fromEntries(found.map(({ verdict, rows }) => [VERDICTS[verdict], rows]));
  }
}
