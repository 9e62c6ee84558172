/** Drawing of lanes below the attempts: modules' lives, callers' attempts, contradictions, and what a group sums up. */
import type { TimelineLifetime, TimelineMark, TimelineProcess } from '#contract/timeline.ts';
import type { Wide } from '#contract/wide.ts';
import type { Offset } from '../format/clock.ts';
import { count, duration, plural } from '../format/numbers.ts';
import { drawLifetime, drawMark, FONT, lifetimeWords, type Sheet } from './draw.ts';
import { LANE, xOf } from './layout.ts';
import { textWidth } from './text-width.ts';

/** Something that can be pointed at. */
export interface PlacedBar {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly callId: number | undefined;
  readonly seq: number | undefined;
  /** Boot time of its beginning. */
  readonly ns: Wide;
  /** Put together when somebody points at it. */
  words(): string;
}

/** A mark's half width. */
const HALF = 6;

export function drawModule(
  sheet: Sheet,
  lifetimes: readonly TimelineLifetime[],
  top: number,
  end: Offset,
  selected: number | undefined,
): PlacedBar[] {
  return lifetimes.map((lifetime) => {
    const { callId, seq, module, fromNs, toNs } = lifetime;
    const edges = drawLifetime(sheet, lifetime, top, end, callId !== undefined && callId === selected);
    const words = (): string => {
      const length = (toNs === undefined ? end : sheet.clock.offset(toNs)) - sheet.clock.offset(fromNs);
      return `${module}: ${lifetimeWords(lifetime, length)}`;
    };
    return { ...edges, top, callId, seq, ns: fromNs, words };
  });
}

/** Attempts of a caller; the number stands in a stretch where it fits. */
export function drawProcess(
  { context, width, span, clock, palette }: Sheet,
  { comm, stretches }: TimelineProcess,
  top: number,
  selected: number | undefined,
): PlacedBar[] {
  context.textAlign = 'left';
  return stretches.map(({ fromNs, toNs, count: many, seq, callId }) => {
    const left = xOf(span, clock, fromNs, width);
    const right = Math.max(xOf(span, clock, toNs, width), left + 3);
    const [shownLeft, shownRight] = [Math.max(left, -4), Math.min(right, width + 4)];
    context.fillStyle = palette(callId === selected ? '--text' : '--accent');
    context.globalAlpha = many > 1 ? 0.3 : 0.9;
    context.fillRect(shownLeft, top + 5, shownRight - shownLeft, LANE - 10);
    context.globalAlpha = 1;
    context.fillRect(left, top + 5, 2, LANE - 10);
    const number = many > 1 ? count(many) : '';
    if (many > 1 && textWidth(context, FONT, number) < shownRight - Math.max(left, 0) - 8) {
      context.fillStyle = palette('--text');
      context.fillText(number, Math.max(left, 0) + 5, top + LANE / 2 + 1);
    }
    const words = (): string => {
      const length = clock.offset(toNs) - clock.offset(fromNs);
      const when = length > 0 ? ` within ${duration(length)}` : '';
      return `${comm}: ${plural(many, 'call')}${when}`;
    };
    return { left, right, top, callId, seq, ns: fromNs, words };
  });
}

/** A moment, or a stretch, at which something contradicts something else. */
export interface Contradiction {
  readonly ns: Wide;
  readonly seq: number | undefined;
  readonly callId: number | undefined;
  readonly words: string;
}

export const contradictionOf = ({ ns, seq, callId, count: many, label }: TimelineMark): Contradiction => ({
  ...{ ns, seq, callId },
  words: many > 1 ? `${count(many)} calls contradict themselves` : `${label ?? 'an image'}: contradiction`,
});

/** Diamonds; of those that fall on one another one is drawn, and names how many they are. */
export function drawContradictions(sheet: Sheet, all: readonly Contradiction[], top: number): PlacedBar[] {
  const { span, clock, width } = sheet;
  const placed = all
    .map((one) => ({ one, x: xOf(span, clock, one.ns, width) }))
    .filter(({ x }) => x > -HALF && x < width + HALF)
    .sort((a, b) => a.x - b.x);
  const drawn: PlacedBar[] = [];
  let last: { readonly x: number; together: number } | undefined;
  for (const { one, x } of placed) {
    if (last && x - last.x < 1) {
      last.together += 1;
      continue;
    }
    drawMark(sheet, 'contradiction', x, top + LANE / 2);
    const here = (last = { x, together: 1 });
    const { ns, seq, callId } = one;
    const words = (): string =>
      here.together > 1 ? `${count(here.together)} contradictions, the first: ${one.words}` : one.words;
    drawn.push({ left: x - HALF, right: x + HALF, top, ns, seq, callId, words });
  }
  return drawn;
}

/** All of a group in one lane, thin: something happened there. */
export function drawSummary(
  { context, width, span, clock, palette }: Sheet,
  stretches: readonly { readonly fromNs: Wide; readonly toNs?: Wide }[],
  top: number,
  end: Offset,
): void {
  const drawn = new Set<number>();
  context.fillStyle = palette('--accent');
  context.globalAlpha = 0.5;
  for (const { fromNs, toNs } of stretches) {
    const left = Math.max(Math.round(xOf(span, clock, fromNs, width)), -1);
    const right =
      toNs === undefined
        ? Math.min((end - span.from) / (span.to - span.from), 1) * width
        : xOf(span, clock, toNs, width);
    // One a pixel: what begins at the same one is told by opening the group.
    if (drawn.has(left)) continue;
    drawn.add(left);
    context.fillRect(left, top + LANE / 2 - 2, Math.max(Math.min(right, width) - left, 1), 4);
  }
  context.globalAlpha = 1;
}

export function drawNote({ context, palette }: Sheet, words: string, top: number): void {
  context.fillStyle = palette('--text-soft');
  context.textAlign = 'left';
  context.fillText(words, 8, top + LANE / 2 + 1);
}
