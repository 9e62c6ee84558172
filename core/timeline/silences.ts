/**
 * Where neither clocks nor events were recorded for longer than a running recorder leaves the clocks alone. CLOCK_BOOTTIME
 * goes on in sleep and wall time with it, so a sleep leaves no step between the two: only that nothing was written.
 */
import type { TimelineSilence } from '#contract/timeline.ts';
import { toWide } from '#contract/wide.ts';
import type Database from 'better-sqlite3';
import type { ClockMap } from '../capture/clock-map.ts';
import type { Bounds } from '../capture/interval.ts';

/** The recorder takes a sample each minute (native/wall-clock.c); half of that again is no delay any more. */
const LONGEST_NS = 90_000_000_000n;

/** Events between two samples that are read at most; a machine with more of them was awake. */
const MOST_EVENTS = 1000;

/** Silences that are kept; more of them are no sleep but a recorder that takes no samples. */
const MOST = 1000;

/** How long looking goes on in one answer, in milliseconds; the next one goes on from there. */
const LOOK_MS = 10;

interface Silence {
  readonly from: bigint;
  readonly to: bigint;
  /** Boot time of the sample that ended it. */
  readonly sample: bigint;
}

export class Silences {
  readonly #between: Database.Statement<[bigint, bigint, number], bigint>;
  readonly #found: Silence[] = [];
  /** Samples that were looked at. A recording grows at its end. */
  #looked = 0;

  constructor(database: Database.Database) {
    this.#between = database
      .prepare<[bigint, bigint, number], bigint>('SELECT ns FROM event WHERE ns > ? AND ns < ? ORDER BY ns LIMIT ?')
      .pluck();
  }

  /** @param seqs of the clock events, by their boot time */
  within({ from, to }: Bounds, clock: ClockMap, seqs: ReadonlyMap<bigint, number>): TimelineSilence[] {
    this.#look(clock);
    return this.#found
      .filter((silence) => silence.from <= to && silence.to >= from)
      .map((silence) => ({
        seq: seqs.get(silence.sample) ?? 0,
        fromNs: toWide(silence.from),
        toNs: toWide(silence.to),
      }));
  }

  #look(clock: ClockMap): void {
    const steps = clock.steps();
    const end = performance.now() + LOOK_MS;
    for (; this.#looked < steps.length && this.#found.length < MOST && performance.now() < end; this.#looked++) {
      const step = steps[this.#looked];
      if (!step || step.sinceNs <= LONGEST_NS) continue;
      const longest = this.#longest(step.bootNs - step.sinceNs, step.bootNs);
      if (longest) this.#found.push({ ...longest, sample: step.bootNs });
    }
  }

  /** The longest stretch without an event. */
  #longest(from: bigint, to: bigint): { from: bigint; to: bigint } | undefined {
    const moments = this.#between.all(from, to, MOST_EVENTS + 1);
    if (moments.length > MOST_EVENTS) return undefined;
    let found: { from: bigint; to: bigint } | undefined;
    let before = from;
    for (const ns of [...moments, to]) {
      if (ns - before > (found ? found.to - found.from : LONGEST_NS)) found = { from: before, to: ns };
      before = ns;
    }
    return found;
  }
}
