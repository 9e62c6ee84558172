/** What is gathered for one row of the roster. */
import { VERDICTS, type Verdict } from '#contract/attempt.ts';
import type { Wide } from '#contract/wide.ts';
import { Texts } from '../tally/several.ts';

/** Distinct images, and distinct names, that have rows of their own; a flood of made-up ones has one together. */
export const MOST_GROUPS = 50_000;

const PLACES: Readonly<Record<Verdict, number>> = Object.fromEntries(
  VERDICTS.map((verdict, at) => [verdict, at]),
) as Record<Verdict, number>;

/** One attempt, as a group counts it. */
export interface Counted {
  readonly verdict: Verdict;
  readonly calls: number;
  /** Boot time of its first call and of its last one. */
  readonly ns: bigint;
  readonly lastNs: bigint;
  readonly name: string | undefined;
  readonly path: string | undefined;
  readonly program: string | undefined;
}

export class Group {
  readonly id: number;
  readonly names = new Texts();
  readonly paths = new Texts();
  readonly programs = new Texts();
  readonly verdicts: number[] = VERDICTS.map(() => 0);
  attempts = 0;
  calls = 0;
  /** Boot time; undefined as long as no attempt is about it. */
  firstNs: bigint | undefined;
  lastNs: bigint | undefined;
  taints: bigint | undefined;
  live = 0;
  hidden = false;

  constructor(id: number) {
    this.id = id;
  }

  count(attempt: Counted): void {
    const { verdict, calls, ns, lastNs } = attempt;
    const place = PLACES[verdict];
    this.verdicts[place] = (this.verdicts[place] ?? 0) + 1;
    this.attempts++;
    this.calls += calls;
    if (this.firstNs === undefined || ns < this.firstNs) this.firstNs = ns;
    if (this.lastNs === undefined || lastNs > this.lastNs) this.lastNs = lastNs;
    this.names.add(attempt.name);
    this.paths.add(attempt.path);
    this.programs.add(attempt.program);
  }

  taint(mask: bigint | undefined): void {
    if (mask !== undefined) this.taints = (this.taints ?? 0n) | mask;
  }
}

/** A distinct image; the one without a hash stands for all attempts whose image has none or that have no image. */
export class ImageGroup extends Group {
  readonly sha256: string | undefined;
  size: Wide | undefined;
  kept = false;

  constructor(id: number, sha256?: string) {
    super(id);
    this.sha256 = sha256;
  }
}

/** A name; the one without stands for all attempts whose module nothing names. */
export class NameGroup extends Group {
  readonly images = new Set<ImageGroup>();
}

/** Numbers of rows that stay the same when all is counted again. */
export class Ids {
  readonly #known = new Map<string | undefined, number>();

  of(key: string | undefined): number {
    const known = this.#known.get(key) ?? this.#known.size;
    this.#known.set(key, known);
    return known;
  }
}

/** Groups by what they have in common: a hash or a name, of which undefined is one. */
export class Groups<Member extends Group> {
  readonly all: Member[] = [];
  readonly #byKey = new Map<string | undefined, Member>();
  readonly #make: (key: string | undefined) => Member;
  /** Stands for all keys that have no group of their own. */
  rest: Member | undefined;

  constructor(make: (key: string | undefined) => Member) {
    this.#make = make;
  }

  of(key: string | undefined): Member {
    const known = this.#byKey.get(key);
    if (known) return known;
    if (this.rest) return this.rest;
    const made = this.#make(key);
    this.all.push(made);
    this.#byKey.set(key, made);
    if (this.all.length < MOST_GROUPS) return made;
    // This group stands for its own key and for all that follow.
    this.rest = made;
    return made;
  }

  find(key: string | undefined): Member | undefined {
    return this.#byKey.get(key);
  }
}
