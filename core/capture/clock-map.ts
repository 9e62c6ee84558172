/** From boot time to wall time, by the samples that the recorder took of both. */
import type { ClockSample } from '#contract/clock.ts';
import { toWide } from '#contract/wide.ts';
import { LEAST_INTEGER, MOST_INTEGER } from './integers.ts';

export interface Sample {
  readonly bootNs: bigint;
  readonly wallNs: bigint;
  readonly uncertaintyNs?: bigint;
}

/** Seconds that a date can be made of (ECMAScript: 100 million days around 1970). */
const LIMIT_SECONDS = 8_640_000_000_000n;

const SECOND = 1_000_000_000n;

/** RFC 3339 in UTC with nanoseconds. A moment beyond all calendars is told as what it is. */
export function formatWall(wallNs: bigint): string {
  const rest = ((wallNs % SECOND) + SECOND) % SECOND;
  const seconds = (wallNs - rest) / SECOND;
  if (seconds > LIMIT_SECONDS || seconds < -LIMIT_SECONDS) return `${wallNs.toString()} ns after 1970`;
  const text = new Date(Number(seconds) * 1000).toISOString();
  return `${text.slice(0, -'.000Z'.length)}.${rest.toString().padStart(9, '0')}Z`;
}

export class ClockMap {
  readonly #samples: Sample[];

  /** @param samples at least one; in any order */
  constructor(samples: readonly Sample[]) {
    this.#samples = [...samples].sort((a, b) => (a.bootNs < b.bootNs ? -1 : a.bootNs > b.bootNs ? 1 : 0));
  }

  /** The last sample at or before a moment, or the first one. */
  #at(bootNs: bigint): Sample {
    let low = 0;
    let high = this.#samples.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#samples[middle]?.bootNs ?? 0n) <= bootNs) low = middle;
      else high = middle - 1;
    }
    return this.#samples[low] ?? { bootNs: 0n, wallNs: 0n };
  }

  wallNs(bootNs: bigint): bigint {
    const sample = this.#at(bootNs);
    return sample.wallNs + (bootNs - sample.bootNs);
  }

  time(bootNs: bigint): string {
    return formatWall(this.wallNs(bootNs));
  }

  samples(): ClockSample[] {
    return this.#samples.map(({ bootNs, wallNs, uncertaintyNs }) => ({
      ns: toWide(bootNs),
      wallNs: toWide(wallNs),
      ...(uncertaintyNs === undefined ? {} : { uncertaintyNs: toWide(uncertaintyNs) }),
    }));
  }

  /** The stretches of boot time with one distance to wall time each, both ends included, from the first moment to the last. */
  *pieces(): Generator<{ readonly fromNs: bigint; readonly toNs: bigint; readonly aheadNs: bigint }> {
    for (const [index, { bootNs, wallNs }] of this.#samples.entries()) {
      const next = this.#samples[index + 1];
      const fromNs = index === 0 ? LEAST_INTEGER : bootNs;
      const toNs = next ? next.bootNs - 1n : MOST_INTEGER;
      if (fromNs <= toNs) yield { fromNs, toNs, aheadNs: wallNs - bootNs };
    }
  }

  /** At each sample but the first: how far wall time is from what the one before predicts, and how long ago that was. */
  steps(): { bootNs: bigint; stepNs: bigint; sinceNs: bigint }[] {
    return this.#samples.slice(1).map(({ bootNs, wallNs }, index) => {
      const before = this.#samples[index] ?? { bootNs, wallNs };
      const sinceNs = bootNs - before.bootNs;
      return { bootNs, stepNs: wallNs - before.wallNs - sinceNs, sinceNs };
    });
  }
}
