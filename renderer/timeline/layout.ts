/** Where marks and bars lie, apart from how they are drawn. Pixels. */
import type { TimelineLifetime, TimelineLoss, TimelineMark, TimelineRepeat } from '#contract/timeline.ts';
import type { Wide } from '#contract/wide.ts';
import type { CaptureClock, Moment, Offset } from '../format/clock.ts';
import { count, duration } from '../format/numbers.ts';
import { sinceStart, type Exact } from './exact.ts';
import { lengthOf, toX, type Span } from './span.ts';

/** As wide as the navigator below. */
export const LABELS = 144;
export const AXIS = 22;
export const ATTEMPTS = 54;
export const LANE = 24;
export const LOSSES = 24;
/** The recording's lane and the losses'. */
export const FOOT = LANE + LOSSES;
export const OVERVIEW = 46;

/** One mark a column and verdict: about as wide as a mark. */
export const COLUMN = 16;

/** Stretches of repeated calls above each other at most. */
const MOST_LEVELS = 2;

/** Distance of marks that share a column, where there is room. */
const LEVEL = 14;

export interface PlacedMark {
  readonly mark: TimelineMark;
  readonly x: number;
  /** From the lane's top. */
  readonly y: number;
}

/** Columns of a grid that does not move while one pans: the span, widened to whole columns. */
export function alignedColumns(span: Span, width: number): { span: Span; columns: number } {
  const column = (lengthOf(span) / Math.max(width, COLUMN)) * COLUMN;
  if (span.exact) return exactColumns(span.exact, column);
  const first = Math.floor(span.from / column);
  const last = Math.ceil(span.to / column);
  return { span: { from: first * column, to: last * column }, columns: Math.min(Math.max(last - first, 1), 16_384) };
}

/** The same with columns of whole nanoseconds: of a close look, and far from the first moment. */
function exactColumns({ start, rest, length }: Exact, column: number): { span: Span; columns: number } {
  const step = BigInt(Math.max(Math.ceil(column), 1));
  const first = floorDiv(start, step) * step;
  const end = start + BigInt(Math.ceil(rest + length));
  const columns = Math.min(Math.max(Number((end - first + step - 1n) / step), 1), 16_384);
  const wide = Number(step) * columns;
  const exact = { start: first, rest: 0, length: wide };
  return { span: { from: Number(first), to: Number(first) + wide, exact }, columns };
}

const floorDiv = (a: bigint, b: bigint): bigint => (a < 0n ? (a - b + 1n) / b : a / b);

/** The moment as toX needs it: exact where the span is. */
const placeOf = (clock: CaptureClock, span: Span, ns: Wide): Moment =>
  span.exact ? clock.elapsed(ns) : clock.offset(ns);

/** Where a moment lies, in pixels. */
export const xOf = (span: Span, clock: CaptureClock, ns: Wide, width: number): number =>
  toX(span, placeOf(clock, span, ns), width);

/** Marks of one column lie above each other, close together where there are many. */
export function placeMarks(
  marks: readonly TimelineMark[],
  clock: CaptureClock,
  span: Span,
  grid: Span,
  columns: number,
  width: number,
): PlacedMark[] {
  const stacks = new Map<number, TimelineMark[]>();
  const columnNs = lengthOf(grid) / columns;
  for (const mark of marks) {
    const column = Math.floor(sinceStart(grid, placeOf(clock, grid, mark.ns)) / columnNs);
    const stack = stacks.get(column);
    if (stack) stack.push(mark);
    else stacks.set(column, [mark]);
  }
  return [...stacks.values()].flatMap((stack) => {
    const distance = stack.length < 2 ? 0 : Math.min(LEVEL, (ATTEMPTS - LEVEL) / (stack.length - 1));
    const top = ATTEMPTS / 2 - (distance * (stack.length - 1)) / 2;
    return stack.map((mark, level) => ({
      mark,
      x: xOf(span, clock, mark.ns, width),
      y: top + distance * level,
    }));
  });
}

/** Height of a stretch of repeated calls; they lie at the foot of the attempts' lane. */
export const STRETCH = 10;

export interface PlacedStretch {
  readonly repeat: TimelineRepeat;
  readonly left: number;
  readonly right: number;
  /** From the lane's top. */
  readonly top: number;
}

/** Repeated calls from their first to their last; those that overlap lie above each other as far as there is room. */
export function placeRepeats(
  repeats: readonly TimelineRepeat[],
  clock: CaptureClock,
  span: Span,
  width: number,
): PlacedStretch[] {
  const ends: number[] = [];
  return repeats.map((repeat) => {
    const left = xOf(span, clock, repeat.fromNs, width);
    const right = Math.max(xOf(span, clock, repeat.toNs, width), left + 3);
    const free = ends.findIndex((end) => end <= left);
    const level = Math.min(free < 0 ? ends.length : free, MOST_LEVELS - 1);
    ends[level] = Math.max(ends[level] ?? right, right);
    return { repeat, left, right, top: ATTEMPTS - (level + 1) * (STRETCH + 1) };
  });
}

/** Modules in the order of their first appearance, with those of the span that the overview left out. */
export function laneNames(...parts: readonly (readonly TimelineLifetime[])[]): string[] {
  return [...new Set(parts.flatMap((lifetimes) => lifetimes.map(({ module }) => module)))];
}

/** Losses of a span that a pixel or less lies between, drawn as one. */
export interface PlacedLoss {
  readonly left: number;
  readonly right: number;
  readonly lost: number;
  /** How many intervals in which records were lost. */
  readonly intervals: number;
  /** From the first one's beginning to the last one's end, in nanoseconds. */
  readonly length: number;
  /** The first one's event and beginning. */
  readonly seq: number;
  readonly ns: Wide;
}

/** Losses are hatched; narrower ones would not be seen. */
const LEAST_LOSS = 6;

/**
 * Losses in sight.
 * @param losses - in order of time
 */
export function placeLosses(
  losses: readonly TimelineLoss[],
  clock: CaptureClock,
  span: Span,
  width: number,
): PlacedLoss[] {
  const found: PlacedLoss[] = [];
  let first: Offset = 0;
  let last: Offset = 0;
  for (const { seq, fromNs, toNs, lost } of losses) {
    const [from, to] = [clock.offset(fromNs), clock.offset(toNs)];
    const left = xOf(span, clock, fromNs, width);
    const right = Math.max(xOf(span, clock, toNs, width), left + LEAST_LOSS);
    if (right < 0 || left > width) continue;
    const before = found.at(-1);
    if (before && left - before.right <= 1 && right >= before.left) {
      last = Math.max(last, to);
      found[found.length - 1] = {
        ...before,
        right: Math.max(before.right, right),
        lost: before.lost + lost,
        intervals: before.intervals + 1,
        length: last - first,
      };
    } else {
      [first, last] = [from, to];
      found.push({ left, right, lost, intervals: 1, length: to - from, seq, ns: fromNs });
    }
  }
  return found;
}

/** "12 lost in 3 ms", "40 lost in 5 gaps within 2 s" */
export function lossWords({ lost, intervals, length }: PlacedLoss): string {
  const gaps = intervals > 1 ? `${count(intervals)} gaps within ` : '';
  return `${count(lost)} lost in ${gaps}${duration(length)}`;
}
