/** A capture's boot time on the axis of wall time, both ways, and how well the two are known. */
import type { ClockSample } from '#contract/clock.ts';
import { fromWide, toWide, type Wide } from '#contract/wide.ts';
import { duration, plural } from '../format/numbers.ts';

interface Sample {
  readonly boot: bigint;
  readonly wall: bigint;
}

/** A stretch of boot time. */
export interface Stretch {
  readonly fromNs: Wide;
  readonly toNs: Wide;
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const size = (value: bigint): bigint => (value < 0n ? -value : value);

export class WallClock {
  readonly #samples: readonly Sample[];
  readonly #first: bigint;
  readonly #last: bigint;

  /** @param samples - at least one, by boot time; the last one before a moment holds for it */
  constructor(samples: readonly ClockSample[], firstNs: Wide, lastNs: Wide) {
    this.#samples = samples.map(({ ns, wallNs }) => ({ boot: fromWide(ns), wall: fromWide(wallNs) }));
    this.#first = fromWide(firstNs);
    this.#last = larger(fromWide(lastNs), this.#first);
  }

  /** Nanoseconds since 1970. */
  wall(ns: Wide): bigint {
    const boot = fromWide(ns);
    const sample = this.#samples.findLast((one) => one.boot <= boot) ?? this.#samples[0];
    return sample ? sample.wall + boot - sample.boot : boot;
  }

  /** The first and the last wall time of the recording; where the clock was set back, the last is not that of the end. */
  get bounds(): { readonly from: bigint; readonly to: bigint } {
    const ends = this.#pieces().flatMap(({ from, to, ahead }) => [from + ahead, to + ahead]);
    return { from: ends.reduce(smaller), to: ends.reduce(larger) };
  }

  /** The shortest stretch with all moments whose wall time lies between two; undefined where there are none. */
  bootOf(from: bigint, to: bigint): Stretch | undefined {
    let found: { from: bigint; to: bigint } | undefined;
    for (const piece of this.#pieces()) {
      const first = larger(piece.from, from - piece.ahead);
      const last = smaller(piece.to, to - piece.ahead);
      if (first > last) continue;
      found = { from: smaller(found?.from ?? first, first), to: larger(found?.to ?? last, last) };
    }
    return found && { fromNs: toWide(found.from), toNs: toWide(found.to) };
  }

  /** Stretches of boot time with how far wall time is ahead in them. */
  #pieces(): { from: bigint; to: bigint; ahead: bigint }[] {
    const found = this.#samples.flatMap(({ boot, wall }, index) => {
      const next = this.#samples[index + 1];
      const from = index === 0 ? this.#first : larger(boot, this.#first);
      const to = next ? smaller(next.boot, this.#last) : this.#last;
      return from > to ? [] : [{ from, to, ahead: wall - boot }];
    });
    return found.length > 0 ? found : [{ from: this.#first, to: this.#last, ahead: 0n }];
  }
}

/** How well the host's two clocks are known against each other. Whether its wall clock was right no capture can tell. */
export function clockWords(samples: readonly ClockSample[]): { readonly short: string; readonly long: string } {
  const readings = samples.flatMap(({ uncertaintyNs }) =>
    uncertaintyNs === undefined ? [] : [fromWide(uncertaintyNs)],
  );
  let most = 0n;
  for (const [index, { ns, wallNs }] of samples.entries()) {
    const before = samples[index - 1];
    if (!before) continue;
    const passed = fromWide(ns) - fromWide(before.ns);
    most = larger(most, size(fromWide(wallNs) - fromWide(before.wallNs) - passed));
  }
  const moved = duration(Number(most));
  const read = readings.length === 0 ? undefined : `±${duration(Number(readings.reduce(larger)))}`;
  return {
    short: `clock ${read ?? 'uncertainty not recorded'}${most >= 1_000_000n ? `, moved ${moved}` : ''}`,
    long:
      `${read === undefined ? 'How closely the clocks were read is not recorded' : `Wall time was read to ${read} at ${plural(samples.length, 'moment')}`}` +
      `${samples.length > 1 ? `; in between it moved against boot time by ${moved} at most` : ''}. ` +
      'Whether the host’s clock was right is not recorded.',
  };
}
