/** Rows that say they are like another event: which one, in order of their own numbers. */
import { WholeColumn } from './whole-column.ts';

export class Likes {
  #size = 0;
  readonly #rows = new WholeColumn();
  readonly #seqs = new WholeColumn();

  add(row: number, seq: number): void {
    this.#rows.put(this.#size, row);
    this.#seqs.put(this.#size++, seq);
  }

  /** Goes through those from one row on, up to another one (excluded). */
  forEach(first: number, end: number, take: (row: number, seq: number) => void): void {
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#rows.at(middle) < first) low = middle + 1;
      else high = middle;
    }
    for (; low < this.#size && this.#rows.at(low) < end; low++) take(this.#rows.at(low), this.#seqs.at(low));
  }
}
