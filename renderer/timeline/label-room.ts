/** Where words beside a lane's drawings fit: over nothing that is drawn, and over no other words. */

export interface Stretch {
  readonly left: number;
  readonly right: number;
}

/** Empty room between words and what is beside them, in pixels. */
const GAP = 6;

export class LabelRoom {
  readonly #width: number;
  readonly #taken: Stretch[];

  /** @param drawn - what words must not lie over */
  constructor(width: number, drawn: readonly Stretch[]) {
    this.#width = width;
    this.#taken = [...drawn];
  }

  /** The left edge for words of that width, to the right of a stretch or else to its left; undefined where neither fits. */
  beside({ left, right }: Stretch, words: number): number | undefined {
    return [Math.max(right, 0) + GAP, Math.min(left, this.#width) - GAP - words].find((place) =>
      this.#take(place, words),
    );
  }

  #take(left: number, words: number): boolean {
    const right = left + words;
    if (left < 0 || right > this.#width) return false;
    // What is drawn may touch the gap, not the words.
    if (this.#taken.some((other) => other.right > left - GAP / 2 && other.left < right + GAP / 2)) return false;
    this.#taken.push({ left, right });
    return true;
  }
}
