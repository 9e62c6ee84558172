/** Drawing of the timeline's parts on a canvas. Sizes are CSS pixels; the context is scaled for the screen before. */
import type { Verdict } from '#contract/attempt.ts';
import type { TimelineLifetime } from '#contract/timeline.ts';
import type { CaptureClock, Offset } from '../format/clock.ts';
import { count, duration } from '../format/numbers.ts';
import { CountRoom, NUMBER_RIGHT, NUMBER_UP } from './count-room.ts';
import { VERDICT_LOOKS } from '../format/verdicts.ts';
import type { Size } from './drawing.ts';
import { LANE, STRETCH, xOf, type PlacedMark, type PlacedStretch } from './layout.ts';
import type { Palette } from './palette.ts';
import { toX, type Span } from './span.ts';
import { MARK, putMark } from './sprites.ts';
import { textWidth } from './text-width.ts';
import type { Tick } from './ticks.ts';

/** A canvas that can be drawn on. */
export interface Prepared extends Size {
  readonly context: CanvasRenderingContext2D;
  /** Pixels of the screen in one of the canvas's. */
  readonly scale: number;
}

/** What all drawing needs. */
export interface Sheet extends Prepared {
  readonly span: Span;
  readonly clock: CaptureClock;
  readonly palette: Palette;
}

export const FONT = '11px system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif';
const SMALL = '9px system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif';

/** Contexts whose font is set: setting it again costs a look at the page's style. */
const ready = new WeakSet<CanvasRenderingContext2D>();

/**
 * Makes a canvas as sharp as the screen and clears it. Undefined where it has no size.
 * @param size - of the canvas, where it is known; asking the canvas costs a layout of the page
 */
export function prepare(
  canvas: HTMLCanvasElement,
  size: Size = { width: canvas.clientWidth, height: canvas.clientHeight },
): Prepared | undefined {
  const context = canvas.getContext('2d');
  if (!context || size.width === 0 || size.height === 0) return undefined;
  const scale = window.devicePixelRatio;
  const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)];
  if (canvas.width !== width || canvas.height !== height) {
    Object.assign(canvas, { width, height });
    // With its size a canvas forgets all else.
    ready.delete(context);
  }
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, size.width, size.height);
  if (!ready.has(context)) {
    context.font = FONT;
    context.textBaseline = 'middle';
    ready.add(context);
  }
  return { context, scale, ...size };
}

/** What lies before the start and after the end of the recording is shaded: nothing is known of it. */
export function drawUnknown(
  { context, width, height, span, palette }: Sheet,
  first: Offset,
  last: Offset | undefined,
): void {
  context.fillStyle = palette('--shade');
  const start = Math.min(Math.max(toX(span, first, width), 0), width);
  if (start > 0) context.fillRect(0, 0, start, height);
  if (last === undefined) return;
  const end = Math.min(Math.max(toX(span, last, width), 0), width);
  if (end < width) context.fillRect(end, 0, width - end, height);
}

export function drawGrid({ context, width, height, palette }: Sheet, ticks: readonly Tick[]): void {
  context.fillStyle = palette('--line');
  for (const tick of ticks) context.fillRect(Math.round(tick.part * width), 0, 1, height);
}

export function drawAxis({ context, width, height, palette }: Sheet, ticks: readonly Tick[]): void {
  context.fillStyle = palette('--text-soft');
  context.textAlign = 'left';
  for (const tick of ticks) {
    const x = Math.round(tick.part * width) + 4;
    // A time that is cut at the edge is another time.
    if (x + textWidth(context, FONT, tick.label) <= width) context.fillText(tick.label, x, height / 2);
  }
}

/** A verdict's mark around a point. */
export function drawMark({ context, scale, palette }: Sheet, verdict: Verdict, x: number, y: number): void {
  context.setTransform(1, 0, 0, 1, 0, 0);
  putMark(context, palette, scale, verdict, x, y);
  context.setTransform(scale, 0, 0, scale, 0, 0);
}

/** @param top - of the attempts' lane */
export function drawMarks(
  sheet: Sheet,
  placed: readonly PlacedMark[],
  top: number,
  selected: number | undefined,
): void {
  const { context, palette } = sheet;
  for (const { mark, x, y } of placed) {
    if (mark.callId === selected) {
      context.strokeStyle = palette('--text');
      context.lineWidth = 1.5;
      context.beginPath();
      context.arc(x, top + y, MARK / 2 + 3, 0, 2 * Math.PI);
      context.stroke();
    }
    drawMark(sheet, mark.verdict, x, top + y);
  }
  context.font = SMALL;
  context.textAlign = 'left';
  context.fillStyle = palette('--text-soft');
  const room = new CountRoom(placed);
  for (const [index, { mark, x, y }] of placed.entries()) {
    if (mark.count < 2) continue;
    const words = count(mark.count);
    if (room.take(index, textWidth(context, SMALL, words))) {
      context.fillText(words, x + NUMBER_RIGHT, top + y - NUMBER_UP);
    }
  }
  context.font = FONT;
}

/** A flat bar from the first to the last of many identical calls, with their number where it fits. */
export function drawRepeats(
  { context, width, palette }: Sheet,
  placed: readonly PlacedStretch[],
  top: number,
  selected: number | undefined,
): void {
  context.textAlign = 'left';
  context.font = SMALL;
  for (const { repeat, left, right, top: y } of placed) {
    const [shownLeft, shownRight] = [Math.max(left, -4), Math.min(right, width + 4)];
    if (shownRight < shownLeft) continue;
    context.fillStyle = palette(VERDICT_LOOKS[repeat.verdict].color);
    context.globalAlpha = repeat.callId === selected ? 0.42 : 0.24;
    context.fillRect(shownLeft, top + y, shownRight - shownLeft, STRETCH);
    context.globalAlpha = 1;
    for (const edge of [left, right - 1]) context.fillRect(edge, top + y, 1, STRETCH);
    const words = `×${count(repeat.count)}`;
    if (textWidth(context, SMALL, words) > shownRight - Math.max(left, 0) - 8) continue;
    context.fillStyle = palette('--text');
    context.fillText(words, Math.max(left, 0) + 4, top + y + STRETCH / 2 + 0.5);
  }
  context.font = FONT;
}

/** A bar from load to unload with words in it where they fit. Returns its left and right edge. */
export function drawLifetime(
  sheet: Sheet,
  lifetime: TimelineLifetime,
  top: number,
  end: Offset,
  selected: boolean,
): { left: number; right: number } {
  const { context, width, span, clock, palette } = sheet;
  const from = clock.offset(lifetime.fromNs);
  const to = lifetime.toNs === undefined ? end : clock.offset(lifetime.toNs);
  const left = xOf(span, clock, lifetime.fromNs, width);
  const right = Math.max(
    lifetime.toNs === undefined ? toX(span, to, width) : xOf(span, clock, lifetime.toNs, width),
    left + 3,
  );
  const shownLeft = Math.max(left, -4);
  const shownRight = Math.min(right, width + 4);
  const color = palette(VERDICT_LOOKS[lifetime.verdict].color);
  context.fillStyle = color;
  context.globalAlpha = selected ? 0.42 : 0.24;
  context.fillRect(shownLeft, top + 4, shownRight - shownLeft, LANE - 8);
  context.globalAlpha = 1;
  context.fillRect(left, top + 4, 3, LANE - 8);
  if (lifetime.toNs !== undefined) context.fillRect(right - 2, top + 4, 2, LANE - 8);
  if (selected) {
    context.strokeStyle = palette('--text');
    context.lineWidth = 1;
    context.strokeRect(shownLeft + 0.5, top + 3.5, shownRight - shownLeft - 1, LANE - 7);
  }
  const words = lifetimeWords(lifetime, to - from);
  const textLeft = Math.max(left, 0) + 8;
  context.textAlign = 'left';
  if (textWidth(context, FONT, words) < Math.min(right, width) - textLeft - 4) {
    context.fillStyle = palette('--text');
    context.fillText(words, textLeft, top + LANE / 2 + 1);
  }
  return { left, right };
}

/** "live · 57 s", "unloaded after 13.1 s" */
export function lifetimeWords(lifetime: TimelineLifetime, length: number): string {
  if (lifetime.toNs === undefined) return `${VERDICT_LOOKS[lifetime.verdict].word} · ${duration(length)}`;
  if (lifetime.verdict === 'init-failed') return `init failed after ${duration(length)}`;
  return `${VERDICT_LOOKS[lifetime.verdict].word} after ${duration(length)}`;
}
