/** Where the axis has its ticks, and what stands there. */
import { scaleLinear, scaleTime, scaleUtc } from 'd3-scale';
import type { CaptureClock, Offset } from '../format/clock.ts';
import { clockTime, type Precision, type Zone } from '../format/time.ts';
import { exactOf } from './exact.ts';
import { lengthOf, type Span } from './span.ts';

export interface Tick {
  readonly at: Offset;
  /** Where in the span, 0 to 1. */
  readonly part: number;
  readonly label: string;
}

/** Shorter spans are divided in decimal fractions, longer ones as calendars are. */
const CALENDAR_FROM = 2e9;

const DAY = 86_400e9;

function precisionOf(stepNs: number): Precision {
  if (stepNs >= 1e9) return 0;
  if (stepNs >= 1e6) return 3;
  return stepNs >= 1e3 ? 6 : 9;
}

/**
 * Ticks at round wall times, about `wanted` of them.
 * The clock is taken as it runs at the span's beginning; a step within the span shows as a mark of its own.
 */
export function ticks(span: Span, clock: CaptureClock, zone: Zone, wanted: number): Tick[] {
  const length = lengthOf(span);
  const { start: beginning, rest: fraction } = exactOf(span);
  const first = clock.wall(beginning);
  const second = (first / 1_000_000_000n) * 1_000_000_000n;
  // The clock counts whole nanoseconds, a span's beginning may lie between two.
  const rest = Number(first - second) + fraction;
  if (length < CALENDAR_FROM) {
    const found = scaleLinear()
      .domain([rest, rest + length])
      .ticks(wanted)
      // There is nothing between two nanoseconds.
      .filter((ns) => Number.isInteger(ns));
    const step = (found[1] ?? 0) - (found[0] ?? 0) || length;
    return found.map((ns) => ({
      // Rounding must not put the outermost ticks outside.
      at: Math.min(Math.max(span.from + ns - rest, span.from), span.to),
      part: Math.min(Math.max((ns - rest) / length, 0), 1),
      label: clockTime(second + BigInt(ns), zone, precisionOf(step)),
    }));
  }
  const start = Number(first / 1_000_000n);
  const scale = (zone === 'utc' ? scaleUtc() : scaleTime()).domain([
    new Date(start),
    new Date(start + Math.ceil(length / 1e6)),
  ]);
  const found = scale.ticks(wanted);
  const step = ((found[1]?.getTime() ?? 0) - (found[0]?.getTime() ?? 0)) * 1e6 || length;
  return found.flatMap((date) => {
    const wall = BigInt(date.getTime()) * 1_000_000n;
    const at = span.from + Number(wall - first);
    // Dates count milliseconds: the first and the last tick may lie a part of one outside.
    return at < span.from || at > span.to
      ? []
      : [{ at, part: (at - span.from) / length, label: label(wall, zone, step) }];
  });
}

function label(wall: bigint, zone: Zone, step: number): string {
  const time = clockTime(wall, zone, precisionOf(step));
  if (step < DAY && !time.startsWith('00:00:00')) return step >= 60e9 ? time.slice(0, 5) : time;
  const date = new Date(Number(wall / 1_000_000n));
  return date.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    ...(zone === 'utc' ? { timeZone: 'UTC' } : {}),
  });
}
