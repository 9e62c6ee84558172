/** What is measured or chosen on the timeline, in words. */
import type { CaptureClock } from '../format/clock.ts';
import { count, duration as lengthInWords } from '../format/numbers.ts';
import { dateTime } from '../format/time.ts';
import { lengthOf, type Span } from './span.ts';

export const duration = (span: Span): string => lengthInWords(lengthOf(span));

/** "1 240 000 ns" */
export const nanoseconds = (span: Span): string => `${count(lengthOf(span))} ns`;

/** RFC 3339 in UTC, to the nanosecond. */
const instant = (wall: bigint): string => `${dateTime(wall, 'utc', 9).replace(' ', 'T')}Z`;

/** The interval as a condition of the filter language. Where the clock was set back within it, it holds for nothing. */
export function intervalTerm({ from, to }: Span, clock: CaptureClock): string {
  const [first, last] = [clock.wall(from), clock.wall(to)];
  return `time >= "${instant(first)}" and time <= "${instant(last)}"`;
}
