/** Moments of wall time as stretches of boot time. Where the clock was set, one wall time can be several moments, or none. */
import type { ClockMap } from '../capture/clock-map.ts';
import { clamped, LEAST_INTEGER as FIRST, MOST_INTEGER as LAST } from '../capture/integers.ts';
import type { Comparison, Moment } from './tree.ts';

/** What a filter needs to know of a capture's time. */
export interface FilterClock {
  readonly clock: ClockMap;
  /** Boot time of the capture's start. */
  readonly startNs: bigint;
}

export type Stretch = readonly [from: bigint, to: bigint];

/** Between two moments of wall time, both included, in stretches that do not touch. */
function wallStretches(clock: ClockMap, from: bigint, to: bigint): Stretch[] {
  const stretches: [bigint, bigint][] = [];
  for (const { fromNs, toNs, aheadNs } of clock.pieces()) {
    const begin = from === FIRST ? fromNs : from - aheadNs > fromNs ? from - aheadNs : fromNs;
    const end = to === LAST ? toNs : to - aheadNs < toNs ? to - aheadNs : toNs;
    if (begin > end) continue;
    const last = stretches.at(-1);
    if (last && last[1] + 1n >= begin) last[1] = end;
    else stretches.push([begin, end]);
  }
  return stretches;
}

/** From one moment to another, both included. */
export function stretchesBetween({ clock, startNs }: FilterClock, from: Moment, to: Moment): Stretch[] {
  const upper =
    'wallNs' in to ? wallStretches(clock, FIRST, to.wallNs) : [[FIRST, clamped(startNs + to.sinceStartNs)] as const];
  const lower =
    'wallNs' in from
      ? wallStretches(clock, from.wallNs, LAST)
      : [[clamped(startNs + from.sinceStartNs), LAST] as const];
  if ('wallNs' in from && 'wallNs' in to) return wallStretches(clock, from.wallNs, to.wallNs);
  return lower.flatMap(([begin, end]) =>
    upper.flatMap(([first, last]) => {
      const both = [begin > first ? begin : first, end < last ? end : last] as const;
      return both[0] <= both[1] ? [both] : [];
    }),
  );
}

/** The moments of which a comparison with one is true. */
export function stretchesOf(time: FilterClock, operator: Comparison, moment: Moment): Stretch[] {
  const moved = (by: bigint): Moment =>
    'wallNs' in moment ? { wallNs: moment.wallNs + by } : { sinceStartNs: moment.sinceStartNs + by };
  const from = (first: Moment): Stretch[] =>
    'wallNs' in first ? wallStretches(time.clock, first.wallNs, LAST) : relative(time, first.sinceStartNs, undefined);
  const until = (last: Moment): Stretch[] =>
    'wallNs' in last ? wallStretches(time.clock, FIRST, last.wallNs) : relative(time, undefined, last.sinceStartNs);
  switch (operator) {
    case '==':
      return stretchesBetween(time, moment, moment);
    case '!=':
      return [...until(moved(-1n)), ...from(moved(1n))].toSorted(([a], [b]) => (a < b ? -1 : 1));
    case '<':
      return until(moved(-1n));
    case '<=':
      return until(moment);
    case '>':
      return from(moved(1n));
    case '>=':
      return from(moment);
  }
}

function relative({ startNs }: FilterClock, from: bigint | undefined, to: bigint | undefined): Stretch[] {
  const begin = from === undefined ? FIRST : startNs + from;
  const end = to === undefined ? LAST : startNs + to;
  return begin > LAST || end < FIRST ? [] : [[clamped(begin), clamped(end)]];
}
