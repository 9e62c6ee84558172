/** Stretches of boot time as a query binds them. */
import type { Interval } from '#contract/page.ts';
import { fromWide, type Wide } from '#contract/wide.ts';
import { CaptureError } from './failure.ts';
import { clamped, LEAST_INTEGER, MOST_INTEGER } from './integers.ts';

export interface Bounds {
  readonly from: bigint;
  readonly to: bigint;
}

function moment(value: Wide): bigint {
  let exact: bigint;
  try {
    exact = fromWide(value);
  } catch {
    throw new CaptureError('bad-request', `'${String(value).slice(0, 40)}' is not a moment in whole nanoseconds`);
  }
  return clamped(exact);
}

/**
 * Both ends as 64-bit integers; all time where no interval is asked for.
 * @throws CaptureError 'bad-request' where an end is no whole number
 */
export function boundsOf(interval: Interval | undefined): Bounds {
  return interval
    ? { from: moment(interval.fromNs), to: moment(interval.toNs) }
    : { from: LEAST_INTEGER, to: MOST_INTEGER };
}
