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

  /** The first moment at which the clock on the wall showed that; where it was set over it, the next one. */
  offsetAt(wall: bigint): Offset {
    for (const [index, sample] of this.#samples.entries()) {
      const boot = sample.boot + wall - sample.wall;
      const next = this.#samples[index + 1];
      // What lies before a sample, but after what the one before it reached, was jumped over.
      if (!next || boot < next.boot)
        return Number((index > 0 && boot < sample.boot ? sample.boot : boot) - this.#origin);
    }
    return Number(wall - this.#origin);
  }
}
