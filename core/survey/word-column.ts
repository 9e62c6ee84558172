/** A column of texts of which few are distinct: a code of 1 to 3 bytes each. */
import { NarrowColumn } from './narrow-column.ts';

/** SQLite compares a text up to its first NUL, and what is no UTF-8 is not what it was. */
export const isOddWord = (word: string): boolean => word.includes('\0') || word.includes('\ufffd');

export class WordColumn {
  readonly #codes = new NarrowColumn();
  readonly #words: string[] = [];
  readonly #codeOf = new Map<string, number>();
  /** Whether there is a text of which SQL and this program may think differently. */
  isOdd = false;

  put(place: number, word: string | undefined): void {
    if (word === undefined) {
      this.#codes.put(place, 0);
      return;
    }
    let code = this.#codeOf.get(word);
    if (code === undefined) {
      code = this.#words.push(word);
      this.#codeOf.set(word, code);
      this.isOdd ||= isOddWord(word);
    }
    this.#codes.put(place, code);
  }

  at(place: number): string | undefined {
    return this.#words[this.#codes.at(place) - 1];
  }

  /** 0 where there is none. */
  codeAt(place: number): number {
    return this.#codes.at(place);
  }

  /** Which words pass, 1 or 0 by code. */
  answers(passes: (word: string) => boolean): Uint8Array {
    return Uint8Array.from([0, ...this.#words.map((word) => (passes(word) ? 1 : 0))]);
  }
}
