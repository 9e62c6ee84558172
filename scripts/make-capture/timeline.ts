/** When things happen: from the start to the end, but for the quiet stretches in between. */
import type { Random } from './random.ts';

const SECOND = 1e9;

/** The recording begins so long after the machine. */
const START = 4.2 * SECOND;

/** So long takes the boot, in which nothing is quiet. */
export const BOOT = 14 * SECOND;

/** Parts of the time, one after the other: even ones are busy, odd ones quiet. */
const STRETCHES = 7;

/** How much of the time is quiet. */
const QUIET = 0.42;

export class Timeline {
  readonly start = START;
  readonly end: number;
  /** The whole time in which something happens, in nanoseconds. */
  readonly busy: number;
  /** Busy stretches. */
  readonly #stretches: readonly { readonly from: number; readonly to: number }[];

  /** @param events a larger capture is longer, and more happens in it at once */
  constructor(random: Random, events: number) {
    const length = Math.max(90, 600 * Math.pow(events / 1000, 0.6)) * SECOND;
    this.end = Math.floor(START + length);
    const weights = Array.from({ length: STRETCHES }, () => 0.4 + random.unit());
    const sum = (odd: number): number => weights.reduce((all, weight, at) => (at % 2 === odd ? all + weight : all), 0);
    const [busy, quiet] = [sum(0), sum(1)];
    let at = START + BOOT;
    this.#stretches = weights.flatMap((weight, index) => {
      const share = index % 2 === 0 ? ((1 - QUIET) * weight) / busy : (QUIET * weight) / quiet;
      const from = at;
      at += share * (length - BOOT - SECOND);
      return index % 2 === 0 ? [{ from, to: at }] : [];
    });
    this.busy = this.#stretches.reduce((all, { from, to }) => all + to - from, 0);
  }

  /** Boot time of a moment that is counted in busy time only, from 0 to `busy`. */
  moment(busyNs: number): number {
    let left = busyNs;
    for (const { from, to } of this.#stretches) {
      if (left < to - from) return Math.floor(from + left);
      left -= to - from;
    }
    return Math.floor(this.#stretches.at(-1)?.to ?? this.end);
  }

  /** How long it stays busy from that boot time on. */
  room(ns: number): number {
    const stretch = this.#stretches.find(({ from, to }) => ns >= from && ns < to);
    return stretch ? stretch.to - ns : 0;
  }

  /** Moments at which something happens that needs `cost(…)` events each time, until `events` are used up. */
  *spread(
    random: Random,
    events: number,
    turn: (now: number, left: number) => number,
    typical: number,
  ): Generator<number> {
    let [left, busyNs] = [events, 0];
    while (left > 0) {
      busyNs += random.exponential((this.busy - busyNs) / Math.max(1, left / typical + 0.5));
      if (busyNs >= this.busy) return;
      const now = this.moment(busyNs);
      yield now;
      left -= turn(now, left);
    }
  }
}
