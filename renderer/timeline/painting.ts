/** Paints the timeline's three canvases whenever what they show changes, and knows what lies where on them. */
import { computed, watchEffect, type ComputedRef, type Ref } from 'vue';
import type { Tick } from './ticks.ts';
import { count, duration } from '../format/numbers.ts';
import { VERDICT_LOOKS } from '../format/verdicts.ts';
import { useCaptures } from '../stores/captures.ts';
import { useSelection } from '../stores/selection.ts';
import { useTimeline } from '../stores/timeline.ts';
import * as draw from './draw.ts';
import {
  ATTEMPTS,
  AXIS,
  LANE,
  LOSSES,
  lossWords,
  placeLosses,
  placeMarks,
  placeRepeats,
  STRETCH,
  type PlacedLoss,
  type PlacedMark,
  type PlacedStretch,
} from './layout.ts';
import { markWords } from './mark-walk.ts';
import { usePalette } from './palette.ts';

type Canvas = Readonly<Ref<HTMLCanvasElement | undefined>>;

/** A lane in sight. */
export interface ShownLane {
  readonly name: string;
  /** From the top of the lanes. */
  readonly top: number;
}

export interface PaintingParts {
  readonly head: Canvas;
  readonly lanes: Canvas;
  readonly losses: Canvas;
  readonly shown: ComputedRef<readonly ShownLane[]>;
  readonly axis: ComputedRef<readonly Tick[]>;
}

interface PlacedBar {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly callId: number | undefined;
  readonly words: string;
}

/** What lies under a point of the plot. */
export interface Hit {
  readonly callId: number | undefined;
  readonly words: string;
}

/** Pixels around a mark's middle that count as the mark. */
const REACH = 10;

export function usePainting({ head, lanes, losses, shown, axis }: PaintingParts): {
  hit(x: number, y: number): Hit | undefined;
} {
  const captures = useCaptures();
  const selection = useSelection();
  const timeline = useTimeline();
  const palette = usePalette();
  const finished = computed(() => captures.current?.info.completeness !== 'recording');
  const cut = computed(() => captures.current?.info.completeness === 'unfinished');
  let marks: readonly PlacedMark[] = [];
  let stretches: readonly PlacedStretch[] = [];
  let bars: readonly PlacedBar[] = [];
  let gaps: readonly PlacedLoss[] = [];

  function sheetOf(canvas: HTMLCanvasElement | undefined): draw.Sheet | undefined {
    const { clock } = captures;
    const context = canvas && clock && draw.prepare(canvas);
    if (!context) return undefined;
    const { clientWidth: width, clientHeight: height } = canvas;
    const sheet = { context, width, height, span: timeline.span, clock, palette: palette.value };
    draw.drawUnknown(sheet, timeline.recorded.from, finished.value ? timeline.recorded.to : undefined);
    draw.drawGrid(sheet, axis.value);
    return sheet;
  }

  function paintHead(): void {
    const sheet = sheetOf(head.value);
    marks = [];
    stretches = [];
    if (!sheet) return;
    draw.drawAxis({ ...sheet, height: AXIS }, axis.value);
    if (!timeline.near) return;
    const { grid, columns } = timeline.near;
    stretches = placeRepeats(timeline.near.timeline.repeats, sheet.clock, sheet.span, sheet.width);
    draw.drawRepeats(sheet, stretches, AXIS, selection.callId);
    marks = placeMarks(timeline.near.timeline.marks, sheet.clock, sheet.span, grid, columns, sheet.width);
    draw.drawMarks(sheet, marks, AXIS, selection.callId);
  }

  function paintLanes(): void {
    const sheet = sheetOf(lanes.value);
    if (!sheet) return;
    const end = timeline.recorded.to;
    const tops = new Map(shown.value.map(({ name, top }) => [name, top]));
    bars = (timeline.near?.timeline.lifetimes ?? []).flatMap((lifetime) => {
      const top = tops.get(lifetime.module);
      if (top === undefined) return [];
      const { callId } = lifetime;
      const edges = draw.drawLifetime(sheet, lifetime, top, end, callId !== undefined && callId === selection.callId);
      const from = sheet.clock.offset(lifetime.fromNs);
      const to = lifetime.toNs === undefined ? end : sheet.clock.offset(lifetime.toNs);
      return [{ ...edges, top, callId, words: `${lifetime.module}: ${draw.lifetimeWords(lifetime, to - from)}` }];
    });
    draw.drawEnds(sheet, timeline.recorded.from, finished.value ? end : undefined, cut.value);
    draw.drawClockSteps(sheet, timeline.near?.timeline.clockSteps ?? []);
  }

  function paintLosses(): void {
    const sheet = sheetOf(losses.value);
    gaps = [];
    if (!sheet) return;
    gaps = placeLosses(timeline.near?.timeline.losses ?? [], sheet.clock, sheet.span, sheet.width);
    draw.drawLosses(sheet, gaps, 0, LOSSES);
  }

  for (const paint of [paintHead, paintLanes, paintLosses]) watchEffect(paint, { flush: 'post' });

  function markAt(x: number, y: number): Hit | undefined {
    const distance = (mark: PlacedMark): number => Math.hypot(mark.x - x, AXIS + mark.y - y);
    const [nearest] = marks.filter((mark) => distance(mark) < REACH).sort((a, b) => distance(a) - distance(b));
    if (!nearest) return undefined;
    return { callId: nearest.mark.callId, words: markWords(nearest.mark) };
  }

  function stretchAt(x: number, y: number): Hit | undefined {
    const inside = y - AXIS;
    const found = stretches.find(
      ({ left, right, top }) => x >= left - 1 && x <= right + 1 && inside >= top && inside < top + STRETCH,
    );
    if (!found) return undefined;
    const { callId, count: times, fromNs, toNs, verdict } = found.repeat;
    const length = duration(Number(BigInt(toNs) - BigInt(fromNs)));
    return { callId, words: `${count(times)} identical calls in ${length}: ${VERDICT_LOOKS[verdict].word}` };
  }

  function barAt(x: number, y: number): Hit | undefined {
    const inside = y - AXIS - ATTEMPTS;
    return bars.find((bar) => x >= bar.left - 2 && x <= bar.right + 2 && inside >= bar.top && inside < bar.top + LANE);
  }

  function lossAt(x: number, y: number): Hit | undefined {
    const canvas = losses.value;
    if (!canvas || y < canvas.offsetTop) return undefined;
    const found = gaps.find(({ left, right }) => x >= left - 1 && x <= right + 1);
    return found && { callId: undefined, words: lossWords(found) };
  }

  return { hit: (x, y) => lossAt(x, y) ?? markAt(x, y) ?? stretchAt(x, y) ?? barAt(x, y) };
}
