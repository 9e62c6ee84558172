/** Pages of a long list in any order: what stands in the image becomes an object only when it is in sight. */
import type { ListColumn, ListOrder, ListRequest, ModuleRow } from '#contract/module-rows.ts';
import type { Page } from '#contract/page.ts';
import { sortBy } from './order.ts';

/** A list as its part of the image offers it, by number in its natural order. */
export interface RowSource<Row extends ModuleRow> {
  readonly count: number;
  row(id: number): Row;
  /** What it is sorted by, as a number or a text. */
  key(id: number, column: ListColumn): number | string;
  /** What a text is looked for in. */
  words(id: number): string;
  /** Whether it is of that kind. */
  is(id: number, kind: string): boolean;
}

/** Orders that are kept: going back to one costs nothing. */
const KEPT = 3;

export class Listing<Row extends ModuleRow> {
  readonly #source: RowSource<Row>;
  readonly #natural: ListColumn;
  readonly #orders = new Map<string, Uint32Array>();

  constructor(source: RowSource<Row>, natural: ListColumn) {
    this.#source = source;
    this.#natural = natural;
  }

  get count(): number {
    return this.#source.count;
  }

  row(id: number): Row {
    return this.#source.row(id);
  }

  page(request: ListRequest): Page<Row> {
    const { start, limit } = request;
    const ids = this.#order(request);
    const rows = Array.from(ids.subarray(start, start + limit), (id) => this.#source.row(id));
    return { start, rows, total: ids.length };
  }

  /** Where a row stands in an order; -1 where it is not in it. */
  indexOf(id: number, order: ListOrder): number {
    return this.#order(order).indexOf(id);
  }

  /** Numbers of rows in which a text occurs, the first `most` of them, and how many there are. */
  find(text: string, most: number): { readonly ids: readonly number[]; readonly total: number } {
    const wanted = text.toLowerCase();
    const ids: number[] = [];
    let total = 0;
    for (let id = 0; id < this.#source.count; id++) {
      if (!this.#source.words(id).toLowerCase().includes(wanted)) continue;
      total += 1;
      if (ids.length < most) ids.push(id);
    }
    return { ids, total };
  }

  #order({ sort, descending, filter = '', only = '' }: ListOrder): Uint32Array {
    const name = JSON.stringify([sort, descending, filter, only]);
    const known = this.#orders.get(name);
    if (known) return known;
    const ids = this.#chosen(filter.toLowerCase(), only);
    if (sort !== this.#natural) sortBy(ids, (id) => this.#source.key(id, sort));
    if (descending) ids.reverse();
    const [oldest] = this.#orders.keys();
    if (this.#orders.size >= KEPT && oldest !== undefined) this.#orders.delete(oldest);
    this.#orders.set(name, ids);
    return ids;
  }

  #chosen(filter: string, only: string): Uint32Array {
    const source = this.#source;
    const ids = new Uint32Array(source.count);
    let found = 0;
    for (let id = 0; id < ids.length; id++) {
      if (only !== '' && !source.is(id, only)) continue;
      if (filter === '' || source.words(id).toLowerCase().includes(filter)) ids[found++] = id;
    }
    return ids.slice(0, found);
  }
}
