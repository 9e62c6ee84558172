/**
 * A sorted or filtered list that is kept while it is looked at. Where the capture grows faster than the list is made, the
 * one that is there is shown on, and says that it is not the last, while another one is being made.
 */
import type { Progress } from '#contract/page.ts';
import type { RowList } from './order-build.ts';

/** A list that is made a piece at a time. */
export interface Buildable extends RowList {
  step(milliseconds: number): boolean;
  /** Whether it is another one when more is known of verdicts. */
  readonly isJudged: boolean;
  /** It is not asked for any more. */
  end(): void;
}

/** Between two lists lies so many times as long as the last one took: others need the time, too. */
const SHARE = 2;

export class KeptList implements RowList {
  readonly #build: () => Buildable;
  #list: Buildable;
  /** Is to take its place. */
  #next: Buildable | undefined;
  /** What is known now is more than what the list, or the next one, was made of. */
  #isOld = false;
  #isNextOld = false;
  /** Milliseconds that have gone into the one that is being made, and performance.now() when it was through. */
  #spent = 0;
  #done = -Infinity;

  constructor(build: () => Buildable) {
    this.#build = build;
    this.#list = build();
  }

  get size(): number {
    return this.#list.size;
  }

  at(index: number): number | undefined {
    return this.#list.at(index);
  }

  indexOf(seq: number, ns: bigint): number {
    return this.#list.indexOf(seq, ns);
  }

  /** Of nothing where the list is right for what was known when it was begun. */
  get progress(): Progress | undefined {
    return this.#list.progress ?? (this.#isOld ? { done: 0, of: 0 } : undefined);
  }

  get isJudged(): boolean {
    return this.#list.isJudged;
  }

  get isCounted(): boolean {
    return this.#list.isCounted === true && !this.#isOld;
  }

  get isSteady(): boolean {
    return this.#list.isSteady === true && !this.#isOld;
  }

  /** Whether there are rows to show that are not going to be others with each step. */
  get isThere(): boolean {
    return this.#list.progress === undefined;
  }

  /** What is shown now, for who goes through all of it while another may take its place. */
  get current(): RowList {
    return this.#list;
  }

  /** More is known now. */
  age(): void {
    this.#isOld = this.#isNextOld = true;
  }

  /** It is made anew at once: what was found is shown until all is found again, or as much where that was not all. */
  restart(): void {
    this.#next?.end();
    this.#next = this.#build();
    this.#isOld = true;
    this.#isNextOld = false;
    this.#spent = 0;
  }

  /** Somebody looks at it: where it is old, the next one is begun when it is due. */
  look(): void {
    if (!this.#isOld || this.#next || !this.isThere) return;
    if (performance.now() < this.#done + SHARE * this.#spent) return;
    this.#next = this.#build();
    this.#isNextOld = false;
    this.#spent = 0;
  }

  /** Milliseconds that have gone into what is being made. */
  get spent(): number {
    return this.#spent;
  }

  /** Whether there is something to be made. */
  get isDue(): boolean {
    return this.#next !== undefined || !this.isThere;
  }

  /** Goes on for that many milliseconds, and at least a bit. Returns whether it is through. */
  step(milliseconds: number): boolean {
    if (!this.isDue) return true;
    const made = this.#next ?? this.#list;
    const started = performance.now();
    const through = made.step(milliseconds);
    this.#done = performance.now();
    this.#spent += this.#done - started;
    if (made === this.#next && (through || (!this.isThere && made.size >= this.#list.size))) {
      this.#list.end();
      this.#list = made;
      this.#isOld = this.#isNextOld;
      this.#next = undefined;
    }
    return through;
  }

  /** Goes on for that many milliseconds, or until a row is there: after each slice of that time it is looked whether it is. */
  bring(index: number, milliseconds: number, slice: number): void {
    const end = performance.now() + milliseconds;
    for (let isOver = false; !isOver && this.at(index) === undefined;) {
      isOver = this.step(Math.min(slice, end - performance.now())) || performance.now() >= end;
    }
  }

  end(): void {
    this.#list.end();
    this.#next?.end();
  }
}
