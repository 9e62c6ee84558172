/**
 * Exact ends of close looks. Far from the first moment a double tells no parts of a nanosecond apart, and a hundred days
 * after it no single ones; a span that is short against that carries its beginning as an integer beside its ends.
 */
import type { Offset } from '../format/clock.ts';

export interface Exact {
  /** Whole nanoseconds since the first moment. */
  readonly start: bigint;
  /** The part of a nanosecond after it, 0 to below 1. */
  readonly rest: number;
  readonly length: number;
}

/** Ends of a span as doubles, with their exact form where the doubles do not do. */
export interface Span {
  readonly from: Offset;
  readonly to: Offset;
  readonly exact?: Exact;
}

/** Steps between neighbouring doubles that a span must hold for them to do: hundreds in a pixel. */
const ENOUGH = 1e6;

export function exactOf({ from, to, exact }: Span): Exact {
  if (exact) return exact;
  const floor = Math.floor(from);
  return { start: BigInt(floor), rest: from - floor, length: to - from };
}

/** The same, by so many nanoseconds later. */
export function later(exact: Exact, by: number): Exact {
  const { start, rest, length } = exact;
  // A plot without a width has moved by no number.
  if (!Number.isFinite(by)) return exact;
  const sum = rest + (by - Math.floor(by));
  const carry = Math.floor(sum);
  return { start: start + BigInt(Math.floor(by)) + BigInt(carry), rest: sum - carry, length };
}

/** The span of an exact form; its doubles stay within the limits, whatever rounding does. */
export function spanOf(exact: Exact, limits?: Span): Span {
  const { start, rest, length } = exact;
  const near = Number(start) + rest;
  const from = limits ? Math.max(near, limits.from) : near;
  const to = limits ? Math.min(near + length, limits.to) : near + length;
  const fineness = Math.max(Math.abs(from), Math.abs(to)) * Number.EPSILON;
  return length < fineness * ENOUGH ? { from, to, exact } : { from, to };
}

/** Nanoseconds from the span's beginning to a moment; exact near the span. */
export function sinceStart(span: Span, moment: Offset | bigint): number {
  const { exact } = span;
  if (!exact) return Number(moment) - span.from;
  if (typeof moment === 'bigint') return Number(moment - exact.start) - exact.rest;
  const floor = Math.floor(moment);
  return Number(BigInt(floor) - exact.start) + (moment - floor) - exact.rest;
}

/** The whole nanosecond that lies nearest to a part of the span. */
export function momentAt(span: Span, part: number): bigint {
  const { start, rest, length } = exactOf(span);
  return start + BigInt(Math.round(rest + length * part));
}
