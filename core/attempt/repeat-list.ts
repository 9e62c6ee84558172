/** Rows that stand for several calls, in order of their first one. */
import { VERDICTS, type Verdict } from '#contract/attempt.ts';
import { withRoom } from '../survey/growing.ts';
import { WholeColumn } from '../survey/whole-column.ts';

export class RepeatList {
  #size = 0;
  readonly #seqs = new WholeColumn();
  #fromNs = new BigInt64Array();
  #toNs = new BigInt64Array();
  readonly #counts = new WholeColumn();
  #verdicts = new Uint8Array();
  #inOrder = true;
  #order: Uint32Array | undefined;

  get size(): number {
    return this.#size;
  }

  add(seq: number, fromNs: bigint, toNs: bigint, count: number, verdict: Verdict): void {
    const at = this.#size++;
    this.#fromNs = withRoom(this.#fromNs, this.#size);
    this.#toNs = withRoom(this.#toNs, this.#size);
    this.#verdicts = withRoom(this.#verdicts, this.#size);
    this.#seqs.put(at, seq);
    this.#fromNs[at] = fromNs;
    this.#toNs[at] = toNs;
    this.#counts.put(at, count);
    this.#verdicts[at] = VERDICTS.indexOf(verdict);
    if (at > 0 && (this.#fromNs[at - 1] ?? 0n) > fromNs) this.#inOrder = false;
    this.#order = undefined;
  }

  /** Index of the row that is the n-th in order of time. */
  nth(n: number): number {
    if (this.#inOrder) return n;
    this.#order ??= Uint32Array.from({ length: this.#size }, (_, at) => at).sort((a, b) => {
      const [one, other] = [this.#fromNs[a] ?? 0n, this.#fromNs[b] ?? 0n];
      return one < other ? -1 : one > other ? 1 : a - b;
    });
    return this.#order[n] ?? 0;
  }

  /** How many calls the event of that number stands for; they were added in the order of their numbers. */
  countOf(seq: number): number {
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#seqs.at(middle) < seq) low = middle + 1;
      else high = middle;
    }
    return low < this.#size && this.#seqs.at(low) === seq ? this.#counts.at(low) : 1;
  }

  seqAt(index: number): number {
    return this.#seqs.at(index);
  }

  fromAt(index: number): bigint {
    return this.#fromNs[index] ?? 0n;
  }

  toAt(index: number): bigint {
    return this.#toNs[index] ?? 0n;
  }

  countAt(index: number): number {
    return this.#counts.at(index);
  }

  /** Index into VERDICTS. */
  verdictAt(index: number): number {
    return this.#verdicts[index] ?? 0;
  }
}
