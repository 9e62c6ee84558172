/** Sorted tables as lists of seqs, kept for as long as the capture does not grow. */
import type { RowOrder } from '#contract/page.ts';

/** A filter as a condition in SQL on rows of `event`, with what is bound to it. */
export type WhereOf = (filter: string) => { readonly where: string; readonly params: readonly unknown[] };

export const everyRow: WhereOf = () => ({ where: '1', params: [] });

/** Lists that are kept: those of two tables, each with an interval and without. 8 MB for a million rows each. */
const KEPT = 6;

export class Orders<Column extends string> {
  readonly #build: (order: RowOrder<Column>) => Float64Array;
  readonly #kept = new Map<string, Float64Array>();

  constructor(build: (order: RowOrder<Column>) => Float64Array) {
    this.#build = build;
  }

  /** The seqs of the rows in that order. */
  seqs(order: RowOrder<Column>): Float64Array {
    const { sort, descending, within, filter } = order;
    const key = [sort, descending, within?.fromNs, within?.toNs, filter].join(' ');
    const seqs = this.#kept.get(key) ?? this.#build(order);
    // The list used last stands last; the one that was not used for longest goes first.
    this.#kept.delete(key);
    this.#kept.set(key, seqs);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return seqs;
  }

  /** The capture has grown. */
  forget(): void {
    this.#kept.clear();
  }
}
