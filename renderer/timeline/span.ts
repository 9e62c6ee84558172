/** Arithmetic of what the timeline shows: spans in nanoseconds since the capture's first moment. */
import type { Offset } from '../format/clock.ts';

export interface Span {
  readonly from: Offset;
  readonly to: Offset;
}

/** The closest look, in nanoseconds. */
export const SHORTEST = 100;

/** A hundred days after the first moment a double still counts single nanoseconds; beyond, the closest look grows. */
const FINENESS = 2 ** -47;

/** Empty room beside the first and the last moment, as a part of the whole. */
const MARGIN = 0.02;

/** Room around a single moment, in nanoseconds. */
const AROUND_A_MOMENT = 1e9;

export const lengthOf = (span: Span): number => span.to - span.from;

export const middleOf = (span: Span): Offset => (span.from + span.to) / 2;

export const ordered = (a: Offset, b: Offset): Span => (a <= b ? { from: a, to: b } : { from: b, to: a });

/** A span with some room on both sides. */
export function withMargin(span: Span): Span {
  const length = lengthOf(span);
  if (!(length > 0)) return { from: span.from - AROUND_A_MOMENT / 2, to: span.to + AROUND_A_MOMENT / 2 };
  return { from: span.from - length * MARGIN, to: span.to + length * MARGIN };
}

/** The closest look within limits at which neighbouring pixels still are different moments. */
function shortestIn(limits: Span): number {
  return Math.max(SHORTEST, Math.max(Math.abs(limits.from), Math.abs(limits.to)) * FINENESS);
}

/** Moves a span into `limits` without changing its length; a longer one becomes `limits`. */
export function moveInto(span: Span, limits: Span): Span {
  const length = lengthOf(span);
  if (length >= lengthOf(limits)) return limits;
  if (span.from < limits.from) return { from: limits.from, to: limits.from + length };
  if (span.to > limits.to) return { from: limits.to - length, to: limits.to };
  return span;
}

/** Zooms so that `at` stays where it is; a factor above 1 shows more. */
export function zoom(span: Span, at: Offset, factor: number, limits: Span): Span {
  const length = Math.min(Math.max(lengthOf(span) * factor, shortestIn(limits)), lengthOf(limits));
  const part = (at - span.from) / lengthOf(span);
  const from = at - length * part;
  return moveInto({ from, to: from + length }, limits);
}

/** Moves by a part of the span's own length; 1 is a whole screen to the right. */
export function pan(span: Span, part: number, limits: Span): Span {
  const by = lengthOf(span) * part;
  return moveInto({ from: span.from + by, to: span.to + by }, limits);
}

/** The span itself where the moment is in sight, otherwise one of the same length around it. */
export function reveal(span: Span, at: Offset, limits: Span): Span {
  const length = lengthOf(span);
  if (at >= span.from && at <= span.to) return span;
  return moveInto({ from: at - length / 2, to: at + length / 2 }, limits);
}

/** A part with some room on both sides, no closer than the closest look. */
export function fitting(part: Span, limits: Span): Span {
  const middle = (part.from + part.to) / 2;
  const half = Math.max(lengthOf(withMargin(part)), shortestIn(limits)) / 2;
  return moveInto({ from: middle - half, to: middle + half }, limits);
}

export const toX = (span: Span, at: Offset, width: number): number => ((at - span.from) / lengthOf(span)) * width;

/** A plot without a width, as before the first layout, shows nothing but the span's beginning. */
export const toOffset = (span: Span, x: number, width: number): Offset =>
  width > 0 ? span.from + (x / width) * lengthOf(span) : span.from;
