/**
 * Moments of a capture. The page counts in nanoseconds since the capture's first moment, which a double holds exactly
 * for a hundred days; boot time itself may not fit.
 */
import type { ClockSample } from '#contract/clock.ts';
import type { CaptureInfo } from '#contract/capture-info.ts';
import { fromWide, toWide, type Wide } from '#contract/wide.ts';

/** Nanoseconds since the capture's first moment. */
export type Offset = number;

/** An offset, or the same in whole nanoseconds of any size. */
export type Moment = Offset | bigint;

export const whole = (moment: Moment): bigint => (typeof moment === 'bigint' ? moment : BigInt(Math.round(moment)));

export class CaptureClock {
  readonly #origin: bigint;
  /** The same as a double where it holds it: most moments are asked for in every frame. */
  readonly #near: number | undefined;
  /** By boot time. */
  readonly #samples: readonly { readonly boot: bigint; readonly wall: bigint }[];

  constructor(info: Pick<CaptureInfo, 'firstNs'>, samples: readonly ClockSample[]) {
    this.#origin = fromWide(info.firstNs);
    this.#near = typeof info.firstNs === 'number' ? info.firstNs : undefined;
    this.#samples = samples.map(({ ns, wallNs }) => ({ boot: fromWide(ns), wall: fromWide(wallNs) }));
  }

  offset(ns: Wide): Offset {
    // Both are whole, and what is between them is rounded as an integer's double is.
    if (typeof ns === 'number' && this.#near !== undefined) return ns - this.#near;
    return Number(fromWide(ns) - this.#origin);
  }

  /** The offset as an integer, which is exact however long the capture is. */
  elapsed(ns: Wide): bigint {
    return fromWide(ns) - this.#origin;
  }

  /** Boot time again, rounded to whole nanoseconds. */
  ns(moment: Moment): Wide {
    return toWide(this.#origin + whole(moment));
  }

  /** Nanoseconds since 1970 by the last sample at or before the moment. */
  wall(moment: Moment): bigint {
    const boot = this.#origin + whole(moment);
    let low = 0;
    let high = this.#samples.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#samples[middle]?.boot ?? 0n) <= boot) low = middle;
      else high = middle - 1;
    }
    const sample = this.#samples[low];
    return sample ? sample.wall + boot - sample.boot : boot;
  }

  /** Whether the clock on the wall showed each time between those of two moments once, and in their order. */
  isPlain(first: Moment, last: Moment): boolean {
    const [from, to] = [this.wall(first), this.wall(last)];
    if (from > to) return false;
    return this.#samples.every((sample, index) => {
      const before = this.#samples[index - 1];
      const reached = before && before.wall + sample.boot - before.boot;
      // What was shown twice lies between what the clock was set to and what it had reached.
      return reached === undefined || reached <= sample.wall || to < sample.wall || from >= reached;
    });
  }

  /**
   * The first moment at which the clock on the wall showed that; where it was set over it, the next one. A time that was
   * only shown before the recording is a moment before it.
   */
  offsetAt(wall: bigint): Offset {
    let before: bigint | undefined;
    for (const [index, sample] of this.#samples.entries()) {
      const boot = sample.boot + wall - sample.wall;
      const next = this.#samples[index + 1];
      if (next && boot >= next.boot) continue;
      const early = index === 0 ? boot < this.#origin && boot < sample.boot : false;
      if (early) before = boot;
      // What lies before a sample, but after what the one before it reached, was jumped over.
      else if (boot >= sample.boot || index === 0) return Number(boot - this.#origin);
      else if (before === undefined) return Number(sample.boot - this.#origin);
    }
    return Number((before ?? wall) - this.#origin);
  }
}
