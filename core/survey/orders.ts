/** Sorted and filtered lists of a table, kept while they are looked at; only the one asked for last is worked on. */
import type { RowOrder } from '#contract/page.ts';
import { KeptList, type Buildable } from './kept-list.ts';

/** Rows of all lists that are kept together: 4 bytes each. */
const MOST_ROWS = 6_000_000;

/** Those of a view, of the saved views that are watched, and some to come back to. */
const MOST_LISTS = 32;

export class Orders<Column extends string> {
  readonly #build: (order: RowOrder<Column>) => Buildable;
  readonly #kept = new Map<string, KeptList>();

  constructor(build: (order: RowOrder<Column>) => Buildable) {
    this.#build = build;
  }

  /** The rows in that order, as far as they are known. */
  list(order: RowOrder<Column>): KeptList {
    const { sort, descending, within, filter } = order;
    const key = JSON.stringify([sort, descending, within?.fromNs, within?.toNs, filter]);
    const found = this.#kept.get(key);
    this.giveUp(key);
    const list = found ?? new KeptList(() => this.#build(order));
    // The list used last stands last; the one that was not used for longest goes first.
    this.#kept.delete(key);
    this.#kept.set(key, list);
    this.#forgetOldest();
    list.look();
    return list;
  }

  /** Lists that are not finished are not asked for any more, but for one. */
  giveUp(except?: string): void {
    for (const [key, list] of this.#kept) if (key !== except && list.progress) this.#drop(key);
  }

  #forgetOldest(): void {
    const rows = (): number => [...this.#kept.values()].reduce((sum, { size }) => sum + size, 0);
    while (this.#kept.size > 1 && (this.#kept.size > MOST_LISTS || rows() > MOST_ROWS)) {
      const [oldest] = this.#kept.keys();
      if (oldest !== undefined) this.#drop(oldest);
    }
  }

  #unfinished(judged: boolean): KeptList | undefined {
    return [...this.#kept.values()].find((list) => list.isDue && (judged || !list.isJudged));
  }

  /** Milliseconds that have gone into what `step` would go on with; undefined where that is nothing. */
  spent(judged: boolean): number | undefined {
    return this.#unfinished(judged)?.spent;
  }

  /**
   * Goes on with what is not finished. Returns whether everything is.
   * @param judged whether with lists too that depend on verdicts
   */
  step(milliseconds: number, judged: boolean): boolean {
    return this.#unfinished(judged)?.step(milliseconds) ?? true;
  }

  #drop(key: string): void {
    this.#kept.get(key)?.end();
    this.#kept.delete(key);
  }

  /**
   * More is known of verdicts. The list that was asked for last is shown as it is until there is another.
   * @param unfinished whether what is not finished is made anew as well: it can be made another way
   */
  renew(unfinished: boolean): void {
    const last = [...this.#kept.keys()].at(-1);
    for (const [key, list] of this.#kept) {
      if (!list.isJudged && !(unfinished && list.progress)) continue;
      if (key === last) list.restart();
      else this.#drop(key);
    }
  }

  /** What was worked out is not of all rows. */
  forget(): void {
    for (const key of this.#kept.keys()) this.#drop(key);
  }

  /** The same, and more will be in a moment: what there is is shown on until there is another. */
  age(): void {
    for (const list of this.#kept.values()) list.age();
  }
}
