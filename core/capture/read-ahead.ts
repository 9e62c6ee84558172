/**
 * Brings pages of tables and indexes into the system's cache before SQLite asks for them, many at once: one by one, as it
 * does that itself, a way through a large table waits for the disk most of the time. Nothing is made of what is read here.
 */
import type { PageFile } from './page-file.ts';
import { outerPages, wayTo, type Part, type Tree } from './tree-pages.ts';

/** A table or an index, or a part of it, that is about to be gone through. */
export interface Way extends Part {
  readonly tree: string;
}

/** Who goes through a table or an index says so first. */
export interface Ahead {
  /** What is about to be gone through, in that order. What was named before and is not now is left. */
  bring(ways: readonly Way[]): void;
}

/** The table that a statement goes through, by what stands after its FROM; empty where that is no table. */
export const firstTable = (from: string): string => /^\w+/.exec(from)?.[0] ?? '';

/** What is gone through for that table's rows, and for the events that are joined to them. */
export const waysThrough = (from: string): Way[] =>
  [firstTable(from), ...(from.includes('event AS') ? ['event', 'event_by_call'] : [])].map((tree) => ({ tree }));

/** Reads that are asked for at once: as many as a fast disk does while whoever asks is busy with something else. */
const DEPTH = 4096;

/** Pages that lie beside each other are one read, up to so many. */
const LONGEST = 16;

/**
 * Places that are tried, how long a page takes at most that is in the cache, in milliseconds, and how many may be missing. From a fast
 * disk a page of 16 KiB comes after 0.05, from the cache after 0.003.
 */
const TRIED = 8;
const CACHED_MS = 0.02;
const MISSING = 2;

/** Pages beside each other. */
interface Stretch {
  readonly first: number;
  readonly count: number;
}

export class ReadAhead implements Ahead {
  readonly #file: PageFile;
  /** Where reads go. Nobody looks at it. */
  readonly #room: Buffer;
  /** The inner page that is looked at. */
  readonly #inner: Buffer;
  /** What was ever begun, by its name; undefined where it is there. */
  readonly #begun = new Map<string, Iterator<Stretch> | undefined>();
  /** Names of what is to be read, the first one first. */
  #wanted: readonly string[] = [];
  #underWay = 0;
  #isOver = false;

  /** @param file which is closed at the end */
  constructor(file: PageFile) {
    this.#file = file;
    this.#room = Buffer.alloc(file.pageSize * LONGEST);
    this.#inner = Buffer.alloc(file.pageSize);
  }

  bring(ways: readonly Way[]): void {
    if (this.#isOver) return;
    this.#wanted = ways.map((way) => {
      const name = `${way.tree} ${String(way.key)}`;
      if (!this.#begun.has(name)) this.#begun.set(name, this.#stretchesOf(way));
      return name;
    });
    this.#readOn();
  }

  /** Reads nothing any more, and lets go of the file. */
  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#wanted = [];
    this.#closeAtEnd();
  }

  #closeAtEnd(): void {
    if (this.#isOver && this.#underWay === 0) this.#file.close();
  }

  #readOn(): void {
    while (this.#underWay < DEPTH) {
      const stretch = this.#next();
      if (!stretch) return;
      this.#underWay++;
      this.#file.ask(stretch.first, stretch.count, this.#room, () => {
        this.#underWay--;
        this.#closeAtEnd();
        this.#readOn();
      });
    }
  }

  #next(): Stretch | undefined {
    for (const name of this.#wanted) {
      const next = this.#begun.get(name)?.next();
      if (next && next.done !== true) return next.value;
      this.#begun.set(name, undefined);
    }
    return undefined;
  }

  /** Undefined where it is small, or seems to be in the cache. */
  #stretchesOf({ tree: name, ...part }: Way): Iterator<Stretch> | undefined {
    const tree = this.#file.tree(name);
    if (!tree) return undefined;
    return this.#isCached(tree) ? undefined : stretches(outerPages(tree, (page) => this.#read(page), part));
  }

  #read(page: number): Buffer | undefined {
    return this.#file.read(page, this.#inner) ? this.#inner : undefined;
  }

  #isCached(tree: Tree): boolean {
    let missing = 0;
    for (let tried = 0; tried < TRIED; tried++) {
      let took = 0;
      // Anywhere else each time: what was tried once is in the cache from then on.
      const way = wayTo((tried + Math.random()) / TRIED, tree, (page) => {
        const started = performance.now();
        const bytes = this.#read(page);
        took = performance.now() - started;
        return bytes;
      });
      if (way.length === 0) return true;
      if (took > CACHED_MS) missing++; // of the outermost page, which is read last
    }
    return missing <= MISSING;
  }
}

function* stretches(pages: Iterable<readonly number[]>): Generator<Stretch> {
  let first = 0;
  let count = 0;
  for (const some of pages) {
    for (const page of some) {
      if (page === first + count && count < LONGEST) {
        count++;
        continue;
      }
      if (count > 0) yield { first, count };
      [first, count] = [page, 1];
    }
  }
  if (count > 0) yield { first, count };
}
