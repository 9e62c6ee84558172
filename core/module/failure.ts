/** What the parser throws, and nothing else, where an image is not what it claims to be. */
import type { Problem } from '#contract/inspect.ts';

export class ImageError extends Error {
  readonly where: string;
  readonly offset: number | undefined;

  /** @param where the structure; @param offset in the decompressed image */
  constructor(where: string, text: string, offset?: number) {
    super(text);
    this.where = where;
    this.offset = offset;
  }
}

/** The error as it is shown. Anything else is a defect and goes on. */
export function problemOf(error: unknown): Problem {
  if (!(error instanceof ImageError)) throw error;
  const { where, offset, message: text } = error;
  return offset === undefined ? { where, text } : { where, offset, text };
}

/** Problems of one part; the many of a hostile image are counted, not listed. */
export class Problems {
  readonly list: Problem[] = [];
  #unlisted = 0;

  add(where: string, text: string, offset?: number): void {
    if (this.list.length < MOST) this.list.push(offset === undefined ? { where, text } : { where, offset, text });
    else this.#unlisted++;
  }

  /** Runs what may fail; its failure is a problem, and the rest goes on. */
  attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      const { where, text, offset } = problemOf(error);
      this.add(where, text, offset);
    }
  }

  all(): readonly Problem[] {
    if (this.#unlisted === 0) return this.list;
    return [
      ...this.list,
      { where: 'problems', text: `${String(this.#unlisted)} more of the same kinds are not listed` },
    ];
  }
}

const MOST = 50;
