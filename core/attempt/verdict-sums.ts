/** How many calls of each verdict there are up to any place of a list, by sums at every block: a count costs two blocks. */
import { VERDICTS } from '#contract/attempt.ts';
import { withRoom } from '../survey/growing.ts';

const BLOCK = 256;
const KINDS = VERDICTS.length;

/** What a stretch of calls holds of one verdict. */
export interface VerdictCount {
  /** Index into VERDICTS. */
  readonly verdict: number;
  readonly rows: number;
  /** Calls that the rows stand for. */
  readonly calls: number;
  /** Place of the first one. */
  readonly first: number;
}

export class VerdictSums {
  #rows = new Float64Array();
  #calls = new Float64Array();
  readonly #verdictAt: (at: number) => number;
  readonly #weightAt: (at: number) => number;
  #size = 0;

  /**
   * @param verdictAt index into VERDICTS of what is in a place
   * @param weightAt how many calls it stands for
   */
  constructor(verdictAt: (at: number) => number, weightAt: (at: number) => number) {
    this.#verdictAt = verdictAt;
    this.#weightAt = weightAt;
  }

  /**
   * Takes over a list.
   * @param from everything before this place is as it was
   */
  update(size: number, from: number): void {
    this.#size = size;
    const blocks = Math.floor(size / BLOCK) + 1;
    this.#rows = withRoom(this.#rows, blocks * KINDS);
    this.#calls = withRoom(this.#calls, blocks * KINDS);
    for (let block = Math.floor(from / BLOCK) + 1; block < blocks; block++) {
      const base = block * KINDS;
      for (let kind = 0; kind < KINDS; kind++) {
        this.#rows[base + kind] = this.#rows[base - KINDS + kind] ?? 0;
        this.#calls[base + kind] = this.#calls[base - KINDS + kind] ?? 0;
      }
      this.#walk((block - 1) * BLOCK, block * BLOCK, 1, this.#rows, this.#calls, base);
    }
  }

  #walk(from: number, to: number, sign: number, rows: Float64Array, calls: Float64Array, base: number): void {
    for (let at = from; at < to; at++) {
      const slot = base + this.#verdictAt(at);
      rows[slot] = (rows[slot] ?? 0) + sign;
      calls[slot] = (calls[slot] ?? 0) + sign * this.#weightAt(at);
    }
  }

  /** Adds what lies before a place, or takes it away. */
  #upTo(place: number, sign: number, rows: Float64Array, calls: Float64Array): void {
    const block = Math.floor(place / BLOCK);
    for (let kind = 0; kind < KINDS; kind++) {
      rows[kind] = (rows[kind] ?? 0) + sign * (this.#rows[block * KINDS + kind] ?? 0);
      calls[kind] = (calls[kind] ?? 0) + sign * (this.#calls[block * KINDS + kind] ?? 0);
    }
    this.#walk(block * BLOCK, place, sign, rows, calls, 0);
  }

  /** What the places from `from` on, up to `to` (excluded), hold. */
  within(from: number, to: number): VerdictCount[] {
    const rows = new Float64Array(KINDS);
    const calls = new Float64Array(KINDS);
    if (to - from <= 2 * BLOCK) {
      this.#walk(from, to, 1, rows, calls, 0);
    } else {
      this.#upTo(to, 1, rows, calls);
      this.#upTo(from, -1, rows, calls);
    }
    const found: VerdictCount[] = [];
    for (let verdict = 0; verdict < KINDS; verdict++) {
      const n = rows[verdict] ?? 0;
      if (n > 0) found.push({ verdict, rows: n, calls: calls[verdict] ?? 0, first: this.#firstOf(verdict, from) });
    }
    return found.sort((a, b) => a.first - b.first);
  }

  /** How many places before that one have the verdict. */
  before(verdict: number, place: number): number {
    const block = Math.floor(place / BLOCK);
    let found = this.#rows[block * KINDS + verdict] ?? 0;
    for (let at = block * BLOCK; at < place; at++) if (this.#verdictAt(at) === verdict) found++;
    return found;
  }

  /** The place that has the verdict as the n-th, counted from 0; undefined where there are not so many. */
  nth(verdict: number, n: number): number | undefined {
    let block = 0;
    for (let last = Math.floor(this.#size / BLOCK); block < last;) {
      const middle = (block + last) >> 1;
      if ((this.#rows[(middle + 1) * KINDS + verdict] ?? 0) > n) last = middle;
      else block = middle + 1;
    }
    let left = n - (this.#rows[block * KINDS + verdict] ?? 0);
    for (let at = block * BLOCK; at < this.#size; at++) if (this.#verdictAt(at) === verdict && left-- === 0) return at;
    return undefined;
  }

  /** Places that have the verdict: where there are few, the blocks without any are passed over. */
  *placesOf(verdict: number): Generator<number> {
    for (let left = this.before(verdict, this.#size), at = 0; left > 0; left--) {
      at = this.#firstOf(verdict, at);
      yield at++;
    }
  }

  /** The first place from there on that has the verdict; there is one. */
  #firstOf(verdict: number, from: number): number {
    let at = from;
    for (; at < this.#size && at % BLOCK !== 0; at++) if (this.#verdictAt(at) === verdict) return at;
    const before = (block: number): number => this.#rows[block * KINDS + verdict] ?? 0;
    let block = Math.floor(at / BLOCK);
    let last = Math.floor(this.#size / BLOCK);
    const skipped = before(Math.min(block, last));
    while (block < last) {
      const middle = (block + last) >> 1;
      if (before(middle + 1) > skipped) last = middle;
      else block = middle + 1;
    }
    for (at = Math.max(at, block * BLOCK); at < this.#size; at++) if (this.#verdictAt(at) === verdict) return at;
    return from;
  }
}
