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
  /** True where it covers the beginning only, to have something to show; the whole is begun when it is done. */
  readonly preview: boolean;
  /** How much there is to show. */
  size(): number;
}

export interface Stage<Value> {
  readonly value: Value;
  /** Undefined once the value is complete. */
  readonly progress: Progress | undefined;
  /** Another number whenever the value may be another one. */
  readonly version: number;
}

export class Stepped<Value> {
  readonly #begin: (first: boolean) => Work<Value>;
  #done: Work<Value> | undefined;
  #work: (Work<Value> & { progress: Progress }) | undefined;
  #stale = true;
  #version = 0;

  /** @param begin - told whether there is nothing to show yet */
  constructor(begin: (first: boolean) => Work<Value>) {
    this.#begin = begin;
  }

  /** The capture has grown: what is there is shown until the work has been done again. */
  forget(): void {
    this.#stale = true;
  }

  /** What was complete before is shown until its successor is; a preview until there is more. */
  #shown(work: Work<Value> | undefined): Value {
    const done = this.#done;
    if (done && work && done.preview && work.size() > done.size()) return work.value;
    const shown = done ?? work;
    if (!shown) throw new Error('a step was made and there is nothing');
    return shown.value;
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
      const begun = this.#begin(this.#done === undefined);
      this.#stale = false;
      work = this.#work = { ...begun, progress: { done: 0, of: begun.of } };
    }
    while (work) {
      const { done, value } = this.#step(work);
      this.#version++;
      if (done) {
        this.#done = work;
        if (work.preview) this.#stale = true;
        work = this.#work = undefined;
      } else {
        work.progress = { done: value, of: work.of };
        if (performance.now() >= until) break;
      }
    }
    const value = this.#shown(work);
    const { preview, of } = this.#done ?? { preview: false, of: 0 };
    const progress = work?.progress ?? (preview ? { done: 0, of } : undefined);
    return { value, progress, version: this.#version };
  }
}
