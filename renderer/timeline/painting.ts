/** Paints the timeline's three canvases whenever what they show changes, and knows what lies where on them. */
import type { TimelineLifetime } from '#contract/timeline.ts';
import type { Wide } from '#contract/wide.ts';
import { computed, type ComputedRef, type Ref } from 'vue';
import type { Tick } from './ticks.ts';
import { count, duration } from '../format/numbers.ts';
import { VERDICT_LOOKS } from '../format/verdicts.ts';
import { useCaptures } from '../stores/captures.ts';
import { useSelection } from '../stores/selection.ts';
import { useTimeline } from '../stores/timeline.ts';
import * as draw from './draw.ts';
import * as foot from './draw-foot.ts';
import * as bar from './draw-lanes.ts';
import { useDrawing, useSize, type Size } from './drawing.ts';
import type { Lane } from './lanes.ts';
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
  readonly lane: Lane;
  /** From the top of the lanes. */
  readonly top: number;
}

/** Lanes in sight; the others scroll below the pinned ones. */
export interface ShownLanes {
  readonly pinned: readonly ShownLane[];
  readonly others: readonly ShownLane[];
}

export const NO_LANES: ShownLanes = { pinned: [], others: [] };

export interface PaintingParts {
  readonly head: Canvas;
  readonly lanes: Canvas;
  readonly foot: Canvas;
  readonly shown: ComputedRef<ShownLanes>;
  readonly axis: ComputedRef<readonly Tick[]>;
}

/** Something that can be pointed at. */
export interface Hit {
  /** Absent where it is no attempt. */
  readonly callId: number | undefined;
  /** Of the event that it begins with. */
  readonly seq: number | undefined;
  /** Boot time of its beginning. */
  readonly ns: Wide;
  readonly words: string;
}

/** Pixels around a mark at which it can be pointed at. */
const REACH = 10;

export function usePainting({ head, lanes, foot: footer, shown, axis }: PaintingParts): {
  /** What lies there, the nearest first. */
  hits(x: number, y: number): readonly Hit[];
} {
  const captures = useCaptures();
  const selection = useSelection();
  const timeline = useTimeline();
  const palette = usePalette();
  const finished = computed(() => captures.current?.info.completeness !== 'recording');
  const cut = computed(() => captures.current?.info.completeness === 'unfinished');
  let marks: readonly PlacedMark[] = [];
  let stretches: readonly PlacedStretch[] = [];
  let bars: readonly bar.PlacedBar[] = [];
  let gaps: readonly PlacedLoss[] = [];
  const sizes = { head: useSize(head), lanes: useSize(lanes), foot: useSize(footer) };

  const modules = computed(() => {
    const found = new Map<string, TimelineLifetime[]>();
    for (const lifetime of timeline.near?.timeline.lifetimes ?? []) {
      const own = found.get(lifetime.module);
      if (own) own.push(lifetime);
      else found.set(lifetime.module, [lifetime]);
    }
    return found;
  });
  const processes = computed(
    () => new Map((timeline.near?.timeline.processes?.lanes ?? []).map((process) => [process.comm, process])),
  );
  const contradictions = computed((): readonly bar.Contradiction[] => {
    const { contradictions: outside = [], hiddenModules = [] } = captures.current?.info ?? {};
    const found = (timeline.near?.timeline.marks ?? []).filter(({ verdict }) => verdict === 'contradiction');
    return [
      ...found.map(bar.contradictionOf),
      ...outside.map(({ ns, evidence, text }) => ({ ns, seq: evidence[0], callId: undefined, words: text })),
      ...hiddenModules.map(({ firstNs, firstSeq, callId, text }) => ({
        ...{ ns: firstNs, seq: firstSeq, words: text },
        callId,
      })),
    ];
  });

  const parts = computed((): readonly foot.PlacedPart[] => {
    const { clock } = captures;
    if (!clock) return [];
    const { clockSteps = [], silences = [] } = timeline.near?.timeline ?? {};
    const { from, to } = timeline.recorded;
    const sheet = { span: timeline.span, clock, width: sizes.foot.value.width };
    return foot.placeParts(sheet, from, finished.value ? to : undefined, cut.value, clockSteps, silences);
  });

  function sheetOf(canvas: HTMLCanvasElement | undefined, size: Size): draw.Sheet | undefined {
    const { clock } = captures;
    const prepared = canvas && clock && draw.prepare(canvas, size);
    if (!prepared) return undefined;
    const sheet = { ...prepared, span: timeline.span, clock, palette: palette.value };
    draw.drawUnknown(sheet, timeline.recorded.from, finished.value ? timeline.recorded.to : undefined);
    draw.drawGrid(sheet, axis.value);
    return sheet;
  }

  function paintHead(): void {
    const sheet = sheetOf(head.value, sizes.head.value);
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

  function paintLane(sheet: draw.Sheet, { lane, top }: ShownLane): bar.PlacedBar[] {
    const end = timeline.recorded.to;
    if (lane.note !== undefined) bar.drawNote(sheet, lane.note, top);
    if (lane.group === 'contradictions') return bar.drawContradictions(sheet, contradictions.value, top);
    if (lane.expanded === false && lane.note === undefined) {
      const all =
        lane.group === 'modules'
          ? (timeline.near?.timeline.lifetimes ?? [])
          : [...processes.value.values()].flatMap((process) => process.stretches);
      bar.drawSummary(sheet, all, top, end);
    }
    if (!lane.below) return [];
    if (lane.group === 'modules') {
      return bar.drawModule(sheet, modules.value.get(lane.name) ?? [], top, end, selection.callId);
    }
    const process = processes.value.get(lane.name);
    return process ? bar.drawProcess(sheet, process, top, selection.callId) : [];
  }

  function paintLanes(): void {
    const sheet = sheetOf(lanes.value, sizes.lanes.value);
    bars = [];
    if (!sheet) return;
    const { context, width, height } = sheet;
    const { pinned, others } = shown.value;
    const edge = pinned.length * LANE;
    foot.drawPartLines(sheet, parts.value);
    context.save();
    context.beginPath();
    context.rect(0, edge, width, height - edge);
    context.clip();
    const below = others.flatMap((lane) => paintLane(sheet, lane));
    context.restore();
    // Pinned ones first: what is scrolled below them cannot be pointed at.
    bars = [...pinned.flatMap((lane) => paintLane(sheet, lane)), ...below];
    if (edge === 0) return;
    context.fillStyle = palette.value('--line-strong');
    context.fillRect(0, edge - 1, width, 1);
  }

  function paintFoot(): void {
    const sheet = sheetOf(footer.value, sizes.foot.value);
    gaps = [];
    if (!sheet) return;
    foot.drawPartLines({ ...sheet, height: LANE }, parts.value);
    foot.drawPartWords(sheet, parts.value, 0);
    sheet.context.fillStyle = palette.value('--line');
    sheet.context.fillRect(0, LANE, sheet.width, 1);
    gaps = placeLosses(timeline.near?.timeline.losses ?? [], sheet.clock, sheet.span, sheet.width);
    foot.drawLosses(sheet, gaps, LANE, LOSSES);
  }

  for (const paint of [paintHead, paintLanes, paintFoot]) useDrawing(paint);

  function marksAt(x: number, y: number): Hit[] {
    const distance = (mark: PlacedMark): number => Math.hypot(mark.x - x, AXIS + mark.y - y);
    return marks
      .filter((mark) => distance(mark) < REACH)
      .sort((a, b) => distance(a) - distance(b))
      .map(({ mark }) => ({ ...{ callId: mark.callId, seq: mark.seq, ns: mark.ns }, words: markWords(mark) }));
  }

  function stretchesAt(x: number, y: number): Hit[] {
    const inside = y - AXIS;
    return stretches
      .filter(({ left, right, top }) => x >= left - 1 && x <= right + 1 && inside >= top && inside < top + STRETCH)
      .map(({ repeat: { callId, seq, count: times, fromNs, toNs, verdict } }) => {
        const length = duration(Number(BigInt(toNs) - BigInt(fromNs)));
        const words = `${count(times)} identical calls in ${length}: ${VERDICT_LOOKS[verdict].word}`;
        return { callId, seq, ns: fromNs, words };
      });
  }

  function barsAt(x: number, y: number): Hit[] {
    const inside = y - AXIS - ATTEMPTS;
    const { pinned } = shown.value;
    const edge = pinned.length * LANE;
    const isThere = ({ top }: bar.PlacedBar): boolean => inside >= top && inside < top + LANE;
    const found = bars.filter((one) => x >= one.left - 2 && x <= one.right + 2 && isThere(one));
    const there = inside < edge ? found.filter(({ top }) => pinned.some((lane) => lane.top === top)) : found;
    return there.map(({ callId, seq, ns, words }) => ({ callId, seq, ns, words: words() }));
  }

  function footAt(x: number, y: number): Hit[] | undefined {
    const canvas = footer.value;
    if (!canvas || y < canvas.offsetTop) return undefined;
    const { clock } = captures;
    const over = ({ left, right }: { left: number; right: number }): boolean => x >= left - 3 && x <= right + 3;
    if (!clock) return [];
    if (y < canvas.offsetTop + LANE) {
      return parts.value
        .filter(over)
        .map(({ words, seq, moment }) => ({ callId: undefined, seq, ns: clock.ns(moment), words }));
    }
    return gaps.filter(over).map((gap) => ({ callId: undefined, seq: gap.seq, ns: gap.ns, words: lossWords(gap) }));
  }

  return {
    hits(x, y) {
      const atFoot = footAt(x, y);
      if (atFoot) return atFoot;
      return y < AXIS + ATTEMPTS ? [...marksAt(x, y), ...stretchesAt(x, y)] : barsAt(x, y);
    },
  };
}
