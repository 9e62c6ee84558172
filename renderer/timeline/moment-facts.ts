/** A moment in all the forms in which a capture tells time. */
import type { Wide } from '#contract/wide.ts';
import { fromWide } from '#contract/wide.ts';
import type { CaptureClock } from '../format/clock.ts';
import { count } from '../format/numbers.ts';
import { dateTime, zoneName, type Zone } from '../format/time.ts';

export interface MomentFact {
  readonly name: string;
  readonly value: string;
}

const SECOND = 1_000_000_000n;

/** "1,234.567890123 s" */
export function seconds(ns: bigint): string {
  const size = ns < 0n ? -ns : ns;
  const whole = size / SECOND;
  const digits = whole <= BigInt(Number.MAX_SAFE_INTEGER) ? count(Number(whole)) : whole.toString();
  return `${ns < 0n ? '−' : ''}${digits}.${(size % SECOND).toString().padStart(9, '0')} s`;
}

/**
 * Wall time in the zone that is set, in UTC where that is another one, since the recording began, and by the boot clock.
 * @param ns - boot time
 * @param startedNs - boot time at which the recording began
 * @param seq - of the event that the moment is of
 */
export function momentFacts(ns: Wide, clock: CaptureClock, startedNs: Wide, zone: Zone, seq?: number): MomentFact[] {
  const wall = clock.wall(clock.elapsed(ns));
  return [
    { name: zoneName(zone, wall), value: dateTime(wall, zone, 9) },
    ...(zone === 'utc' ? [] : [{ name: 'UTC', value: dateTime(wall, 'utc', 9) }]),
    { name: 'since start', value: seconds(fromWide(ns) - fromWide(startedNs)) },
    { name: 'boot clock', value: seconds(fromWide(ns)) },
    ...(seq === undefined ? [] : [{ name: 'seq', value: String(seq) }]),
  ];
}

/** The same in a sentence, for a screen reader. */
export const momentWords = (facts: readonly MomentFact[]): string =>
  facts.map(({ name, value }) => `${name} ${value}`).join(', ');
