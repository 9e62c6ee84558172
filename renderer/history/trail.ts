/** The way that one has come: places looked at, one after the other, with a way back and forward. */

export interface Step<Where> {
  readonly where: Where;
  /** Two places with the same key are the same step. */
  readonly key: string;
  /** Steps within one area that follow each other quickly are one: running through rows is not a way to go back on. */
  readonly area: string;
}

/** Milliseconds that one has to stay for a place to be a step of its own. */
export const PAUSE = 1000;

/** Steps that are kept. */
export const MOST_STEPS = 200;

export class Trail<Where> {
  #steps: Step<Where>[] = [];
  #at = -1;
  #arrived = 0;

  get current(): Step<Where> | undefined {
    return this.#steps[this.#at];
  }

  get canBack(): boolean {
    return this.#at > 0;
  }

  get canForward(): boolean {
    return this.#at < this.#steps.length - 1;
  }

  /**
   * One is here now; what was ahead on the way is forgotten, unless it is the place where one was already.
   * @param now - milliseconds on any clock that does not go back
   */
  visit(step: Step<Where>, now: number): void {
    const { current } = this;
    if (current?.key === step.key) {
      this.#steps[this.#at] = step;
      return;
    }
    const passing = current?.area === step.area && now - this.#arrived < PAUSE && !this.canForward;
    this.#steps = this.#steps.slice(0, passing ? this.#at : this.#at + 1);
    // Back where one was before passing through: that step is still there.
    if (this.#steps.at(-1)?.key === step.key) this.#steps.pop();
    this.#steps.push(step);
    this.#steps = this.#steps.slice(-MOST_STEPS);
    this.#at = this.#steps.length - 1;
    this.#arrived = now;
  }

  /** One step back or forward; undefined where there is none. */
  go(by: 1 | -1, now: number): Step<Where> | undefined {
    const next = this.#steps[this.#at + by];
    if (!next) return undefined;
    this.#at += by;
    this.#arrived = now;
    return next;
  }

  /** Forgets steps that one cannot go to any more; neighbours that are the same then are one. */
  keep(isThere: (where: Where) => boolean): void {
    const { current } = this;
    const left: Step<Where>[] = [];
    let at = -1;
    for (const step of this.#steps) {
      if (isThere(step.where) && left.at(-1)?.key !== step.key) left.push(step);
      if (step === current) at = left.length - 1;
    }
    this.#steps = left;
    this.#at = Math.max(at, left.length > 0 ? 0 : -1);
  }
}
