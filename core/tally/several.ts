/** Distinct texts, as many as are worth telling apart. */
import type { Several } from '#contract/roster.ts';

/** More are not told apart: so many are a flood of made-up ones. */
const MOST = 200;

/** How many are listed. */
const LISTED = 5;

export class Texts {
  /** Most rows have one only. */
  #only: string | undefined;
  #all: Set<string> | undefined;
  #more = false;

  add(text: string | undefined): void {
    if (text === undefined || text === this.#only) return;
    if (this.#only === undefined) this.#only = text;
    else if (!this.#all) this.#all = new Set([this.#only, text]);
    else if (this.#all.size < MOST) this.#all.add(text);
    else if (!this.#all.has(text)) this.#more = true;
  }

  get first(): string | undefined {
    return this.#only;
  }

  has(wanted: (text: string) => boolean): boolean {
    if (!this.#all) return this.#only !== undefined && wanted(this.#only);
    for (const text of this.#all) if (wanted(text)) return true;
    return false;
  }

  told(): Several {
    const first = this.#only === undefined ? [] : [this.#only];
    if (!this.#all) return { first, count: first.length };
    return { first: [...this.#all].slice(0, LISTED), count: this.#all.size, ...(this.#more ? { atLeast: true } : {}) };
  }
}
