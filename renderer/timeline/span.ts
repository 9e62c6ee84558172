/** Arithmetic of what the timeline shows: spans in nanoseconds since the capture's first moment. */
import type { Moment, Offset } from '../format/clock.ts';
import { exactOf, later, sinceStart, spanOf, type Exact, type Span } from './exact.ts';

export type { Span } from './exact.ts';

/** The closest look, in nanoseconds. */
export const SHORTEST = 10;

/** Empty room beside the first and the last moment, as a part of the whole. */
const MARGIN = 0.02;

/** Room around a single moment, in nanoseconds. */
const AROUND_A_MOMENT = 1e9;

export const lengthOf = (span: Span): number => span.exact?.length ?? span.to - span.from;

export const middleOf = (span: Span): Offset => (span.from + span.to) / 2;

export const ordered = (a: Offset, b: Offset): Span => (a <= b ? { from: a, to: b } : { from: b, to: a });

/** A span with some room on both sides. */
export function withMargin(span: Span): Span {
  const length = lengthOf(span);
  if (!(length > 0)) return { from: span.from - AROUND_A_MOMENT / 2, to: span.to + AROUND_A_MOMENT / 2 };
  return { from: span.from - length * MARGIN, to: span.to + length * MARGIN };
}

/** A moment of the capture as the beginning of a span. */
const beginning = (moment: Moment, length: number): Exact =>
  typeof moment === 'bigint'
    ? { start: moment, rest: 0, length }
    : { ...exactOf({ from: moment, to: moment }), length };

/** Moves a span into `limits` without changing its length; a longer one becomes `limits`. */
export function moveInto(span: Span, limits: Span): Span {
  const length = lengthOf(span);
  if (length >= lengthOf(limits)) return limits;
  if (span.from < limits.from) return spanOf(beginning(limits.from, length), limits);
  if (span.to > limits.to) return spanOf(later(beginning(limits.to, length), -length), limits);
  return span;
}

/** Moves by so many nanoseconds, within `limits`. */
export function shift(span: Span, by: number, limits: Span): Span {
  return moveInto(spanOf(later(exactOf(span), by)), limits);
}

/** Zooms so that what lies at a part of the span stays there; a factor above 1 shows more. */
export function zoomPart(span: Span, part: number, factor: number, limits: Span): Span {
  const before = lengthOf(span);
  const length = Math.min(Math.max(before * factor, SHORTEST), lengthOf(limits));
  return moveInto(spanOf({ ...later(exactOf(span), (before - length) * part), length }), limits);
}

/** Zooms so that `at` stays where it is. */
export function zoom(span: Span, at: Moment, factor: number, limits: Span): Span {
  return zoomPart(span, sinceStart(span, at) / lengthOf(span), factor, limits);
}

/** Moves by a part of the span's own length; 1 is a whole screen to the right. */
export function pan(span: Span, part: number, limits: Span): Span {
  return shift(span, lengthOf(span) * part, limits);
}

/** The span itself where the moment is in sight, otherwise one of the same length around it. */
export function reveal(span: Span, at: Moment, limits: Span): Span {
  const length = lengthOf(span);
  const since = sinceStart(span, at);
  if (since >= 0 && since <= length) return span;
  return moveInto(spanOf(later(beginning(at, length), -length / 2)), limits);
}

/** A span of the same length at the end of `limits`. */
export function endingAt(span: Span, limits: Span): Span {
  const length = lengthOf(span);
  return length >= lengthOf(limits) ? limits : spanOf(later(beginning(limits.to, length), -length), limits);
}

/** A part with some room on both sides, no closer than the closest look. */
export function fitting(part: Span, limits: Span): Span {
  const before = lengthOf(part);
  const length = Math.max(lengthOf(withMargin(part)), SHORTEST);
  return moveInto(spanOf({ ...later(exactOf(part), (before - length) / 2), length }), limits);
}

export const toX = (span: Span, at: Moment, width: number): number => (sinceStart(span, at) / lengthOf(span)) * width;

/** A plot without a width, as before the first layout, shows nothing but the span's beginning. */
export const toOffset = (span: Span, x: number, width: number): Offset =>
  width > 0 ? span.from + (x / width) * lengthOf(span) : span.from;
