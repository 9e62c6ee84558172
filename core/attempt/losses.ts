/** Which loss could hide what is missing: found by searching, however many losses and calls there are. */
import type { LossInterval } from './facts.ts';

/** Losses that can hide what the kernel did within a call. A lost call hides no part of a recorded one. */
const HIDING_STAGES = new Set(['ring-stage', 'recursion', 'collector', 'disk']);

/** Losses that can hide the return of a recorded call. */
const HIDING_RETURNS = new Set(['ring-return', 'recursion', 'collector', 'disk']);

/** Losses that can hide a whole call. */
const HIDING_CALLS = new Set(['ring-call', 'thread-table', 'recursion', 'collector', 'disk']);

/** Losses of which each record is one call that was made. */
export const LOST_CALLS: ReadonlySet<string> = new Set(['ring-call', 'thread-table']);

/** Losses of which each record may have been a call. */
export const UNSURE_CALLS: ReadonlySet<string> = new Set([...HIDING_CALLS].filter((source) => !LOST_CALLS.has(source)));

export class LossSearch {
  /** By their beginning. */
  readonly #losses: readonly LossInterval[];
  /** At each index the loss up to there that reaches furthest. */
  readonly #furthest: readonly LossInterval[];

  constructor(losses: readonly LossInterval[]) {
    this.#losses = [...losses].sort((a, b) => (a.fromNs < b.fromNs ? -1 : a.fromNs > b.fromNs ? 1 : 0));
    let furthest: LossInterval | undefined;
    this.#furthest = this.#losses.map((loss) => {
      if (!furthest || loss.toNs > furthest.toNs) furthest = loss;
      return furthest;
    });
  }

  get isEmpty(): boolean {
    return this.#losses.length === 0;
  }

  /** By their beginning. */
  get all(): readonly LossInterval[] {
    return this.#losses;
  }

  /** A loss that shares a moment with the interval; both ends are included. */
  within(fromNs: bigint, toNs: bigint): LossInterval | undefined {
    let low = 0;
    let high = this.#losses.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#losses[middle]?.fromNs ?? 0n) <= toNs) low = middle + 1;
      else high = middle;
    }
    const furthest = this.#furthest[low - 1];
    return furthest && furthest.toNs >= fromNs ? furthest : undefined;
  }
}

export function lossesOfStages(losses: readonly LossInterval[]): LossSearch {
  return new LossSearch(losses.filter(({ source }) => HIDING_STAGES.has(source)));
}

export function lossesOfCalls(losses: readonly LossInterval[]): LossSearch {
  return new LossSearch(losses.filter(({ source }) => HIDING_CALLS.has(source)));
}

export function lossesOfReturns(losses: readonly LossInterval[]): LossSearch {
  return new LossSearch(losses.filter(({ source }) => HIDING_RETURNS.has(source)));
}
