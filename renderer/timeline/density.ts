/** How many attempts fall on each stretch of the whole capture, by verdict. */
import type { Verdict } from '#contract/attempt.ts';
import type { TimelineMark } from '#contract/timeline.ts';
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

/** Heights grow with the square root, so that one attempt is still seen beside a thousand. */
export function drawDensity({ context, height, palette }: Sheet, found: ReadonlyMap<number, Bar>): void {
  const total = (bar: Bar): number => Object.values(bar).reduce((sum, value) => sum + value, 0);
  const most = Math.sqrt(Math.max(...[...found.values()].map(total), 4));
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
