/** What is measured or chosen on the timeline, in words. */
import { fromWide, type Wide } from '#contract/wide.ts';
import type { CaptureClock, Offset } from '../format/clock.ts';
import { count, duration as lengthInWords } from '../format/numbers.ts';
import { dateTime } from '../format/time.ts';
import { lengthOf, type Span } from './span.ts';

export const duration = (span: Span): string => lengthInWords(lengthOf(span));

/** "1 240 000 ns" */
export const nanoseconds = (span: Span): string => `${count(lengthOf(span))} ns`;

/** RFC 3339 in UTC, to the nanosecond. */
const instant = (wall: bigint): string => `${dateTime(wall, 'utc', 9).replace(' ', 'T')}Z`;

/**
 * The interval as a condition of the filter language. Where the clock on the wall showed one of its times twice, it is
 * counted from the start of the recording.
 * @param startedNs - boot time of that start
 */
export function intervalTerm({ from, to }: Span, clock: CaptureClock, startedNs: Wide): string {
  const since = (moment: Offset): string => {
    const ns = fromWide(clock.ns(moment)) - fromWide(startedNs);
    return ns < 0n ? `-${String(-ns)}ns` : `+${String(ns)}ns`;
  };
  const at = (moment: Offset): string => (clock.isPlain(from, to) ? instant(clock.wall(moment)) : since(moment));
  return `time >= "${at(from)}" and time <= "${at(to)}"`;
}
