/**
 * Long work in short steps: whoever asks for the result lets it go on for a moment and gets what there is. It is given
 * up by not asking again.
 */
import type { Progress } from '#contract/page.ts';

/** Work that can be interrupted after each `yield`, which tells how many rows of the capture are done. */
export interface Work<Value> {
  /** As far as it has come; grows until the work is done. */
  readonly value: Value;
  readonly steps: Iterator<number>;
  readonly of: number;
}

export interface Stage<Value> {
  readonly value: Value;
  /** Undefined once the value is complete. */
  readonly progress: Progress | undefined;
  /** Another number whenever the value may be another one. */
  readonly version: number;
}

export class Stepped<Value> {
  readonly #begin: () => Work<Value>;
  #done: Value | undefined;
  #work: (Work<Value> & { progress: Progress }) | undefined;
  #stale = true;
  #version = 0;

  constructor(begin: () => Work<Value>) {
    this.#begin = begin;
  }

  /** The capture has grown: what is there is shown until the work has been done again. */
  forget(): void {
    this.#stale = true;
  }

  /** After a failure all begins anew, and fails again as long as its reason is there. */
  #step(work: Work<Value>): IteratorResult<number> {
    try {
      return work.steps.next();
    } catch (error) {
      this.#work = undefined;
      this.#stale = true;
      throw error;
    }
  }

  /** Goes on for that many milliseconds, and one step more. */
  go(milliseconds: number): Stage<Value> {
    const until = performance.now() + milliseconds;
    let work = this.#work;
    if (!work && this.#stale) {
      const begun = this.#begin();
      this.#stale = false;
      work = this.#work = { ...begun, progress: { done: 0, of: begun.of } };
    }
    while (work) {
      const { done, value } = this.#step(work);
      this.#version++;
      if (done) {
        this.#done = work.value;
        work = this.#work = undefined;
      } else {
        work.progress = { done: value, of: work.of };
        if (performance.now() >= until) break;
      }
    }
    // What was complete before is shown until its successor is.
    const value = this.#done ?? work?.value;
    if (value === undefined) throw new Error('a step was made and there is nothing');
    return { value, progress: work?.progress, version: this.#version };
  }
}
