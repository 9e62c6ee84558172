/** Questions to the store: one under way at a time, and of each topic only the newest, with a rest after each answer. */

/** Milliseconds between an answer and the next question of the same topic: other readers of the store get their turn. */
export const REST = 50;

export class Questions {
  /** The newest question of each topic, in the order in which topics came. */
  readonly #waiting = new Map<string, () => Promise<void>>();
  readonly #resting = new Set<string>();
  #busy = false;

  /** Asks as soon as it may be; what the topic waited with before is dropped. */
  ask(topic: string, question: () => Promise<void>): void {
    this.#waiting.set(topic, question);
    this.#next();
  }

  #next(): void {
    if (this.#busy) return;
    for (const [topic, question] of this.#waiting) {
      if (this.#resting.has(topic)) continue;
      this.#waiting.delete(topic);
      this.#busy = true;
      void question().finally(() => {
        this.#busy = false;
        this.#rest(topic);
        this.#next();
      });
      return;
    }
  }

  #rest(topic: string): void {
    this.#resting.add(topic);
    setTimeout(() => {
      this.#resting.delete(topic);
      this.#next();
    }, REST);
  }
}
