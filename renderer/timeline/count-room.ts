/** Whether there is room for the number beside a mark: one that lies over another mark, or over its number, reads wrong. */

/** The middle of a mark, in pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** From a mark's middle to its number's beginning, and up to the number's middle. */
export const NUMBER_RIGHT = 5;
export const NUMBER_UP = 7;

/** Half of a mark with its margin, and of a line of numbers. */
const HALF_MARK = 6;
const HALF_LINE = 6;

export class CountRoom {
  readonly #marks: readonly Place[];
  /** Numbers that were placed: where each line ends. */
  readonly #ends = new Map<number, number>();

  /** @param marks from left to right */
  constructor(marks: readonly Place[]) {
    this.#marks = marks;
  }

  /** Takes the room for the number of a mark, where there is some. Asked from left to right. */
  take(index: number, width: number): boolean {
    const mark = this.#marks[index];
    if (!mark) return false;
    const [left, right, line] = [mark.x + NUMBER_RIGHT, mark.x + NUMBER_RIGHT + width, mark.y - NUMBER_UP];
    if (left < (this.#ends.get(line) ?? Number.NEGATIVE_INFINITY)) return false;
    const covers = (other: Place): boolean =>
      Math.abs(other.y - line) < HALF_MARK + HALF_LINE && other.x + HALF_MARK > left && other.x - HALF_MARK < right;
    for (let at = index + 1; at < this.#marks.length; at++) {
      const other = this.#marks[at];
      if (!other || other.x - HALF_MARK > right) break;
      if (other.x > mark.x && covers(other)) return false;
    }
    this.#ends.set(line, right + 2);
    return true;
  }
}
