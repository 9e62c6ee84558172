/** How many attempts fall on each stretch of the whole capture, by verdict. */
import type { Verdict } from '#contract/attempt.ts';
import type { TimelineMark, TimelineUnread } from '#contract/timeline.ts';
import type { Wide } from '#contract/wide.ts';
import type { CaptureClock } from '../format/clock.ts';
import { VERDICT_LOOKS } from '../format/verdicts.ts';
import type { Sheet } from './draw.ts';
import type { Span } from './span.ts';

/** Pixels of one bar with the gap after it. */
export const BAR = 5;

/** Bars from bottom to top, the usual below the alarming. */
const ORDER: readonly Verdict[] = [
  'live',
  'removed',
  'unloaded',
  'rejected',
  'refused',
  'no-return',
  'init-failed',
  'contradiction',
];

export type Bar = Readonly<Partial<Record<Verdict, number>>>;

/** Counts by bar; bars without attempts are holes. */
export function bars(
  marks: readonly TimelineMark[],
  clock: CaptureClock,
  span: Span,
  columns: number,
): Map<number, Bar> {
  const found = new Map<number, Partial<Record<Verdict, number>>>();
  for (const mark of marks) {
    const part = (clock.offset(mark.ns) - span.from) / (span.to - span.from);
    const column = Math.min(Math.max(Math.floor(part * columns), 0), columns - 1);
    const bar = found.get(column) ?? {};
    bar[mark.verdict] = (bar[mark.verdict] ?? 0) + mark.count;
    found.set(column, bar);
  }
  return found;
}

/** Events that were not read yet, by bar: what lies in a stretch is spread over its bars. */
export function unreadBars(
  stretches: readonly TimelineUnread[],
  clock: CaptureClock,
  span: Span,
  columns: number,
): Map<number, number> {
  const found = new Map<number, number>();
  const columnOf = (ns: Wide): number => ((clock.offset(ns) - span.from) / (span.to - span.from)) * columns;
  for (const { fromNs, toNs, count } of stretches) {
    const first = Math.min(Math.max(Math.floor(columnOf(fromNs)), 0), columns - 1);
    const end = Math.min(Math.max(Math.ceil(columnOf(toNs)), first + 1), columns);
    for (let column = first; column < end; column++) {
      found.set(column, (found.get(column) ?? 0) + count / (end - first));
    }
  }
  return found;
}

/** Heights grow with the square root, so that one attempt is still seen beside a thousand. */
export function drawDensity(
  { context, height, palette }: Sheet,
  found: ReadonlyMap<number, Bar>,
  unread: ReadonlyMap<number, number> = new Map(),
): void {
  const total = (bar: Bar): number => Object.values(bar).reduce((sum, value) => sum + value, 0);
  const most = Math.sqrt(Math.max(...[...found.values()].map(total), ...unread.values(), 4));
  context.fillStyle = palette('--line-strong');
  for (const [column, events] of unread) {
    const whole = (Math.sqrt(events) / most) * (height - 4);
    context.fillRect(column * BAR, height - whole, BAR - 1, whole);
  }
  for (const [column, bar] of found) {
    const all = total(bar);
    const whole = Math.max((Math.sqrt(all) / most) * (height - 4), 3);
    let bottom = height;
    for (const verdict of ORDER) {
      const value = bar[verdict];
      if (value === undefined) continue;
      const part = Math.max((value / all) * whole, 1.5);
      context.fillStyle = palette(VERDICT_LOOKS[verdict].color);
      context.fillRect(column * BAR, bottom - part, BAR - 1, part);
      bottom -= part;
    }
  }
}
