/** The timelines of all open captures on one axis of wall time, each asked for at its own boot time. */
import type { OpenCapture } from '#contract/api.ts';
import type { Timeline } from '#contract/timeline.ts';
import { toWide, type Wide } from '#contract/wide.ts';
import { defineStore } from 'pinia';
import { computed, ref, shallowReactive, shallowRef, watch } from 'vue';
import { bridge } from '../bridge.ts';
import { CaptureClock, type Offset } from '../format/clock.ts';
import { alignedColumns } from '../timeline/layout.ts';
import { pan, withMargin, zoom, lengthOf, moveInto, type Span } from '../timeline/span.ts';
import { WallClock } from '../together/wall.ts';
import { useCaptures } from './captures.ts';
import { useNotices } from './notices.ts';

/** Columns that a timeline is asked for at most. */
const MOST_COLUMNS = 16_384;

/** What one capture has to show, with times as nanoseconds on the common axis. */
export interface Strip {
  readonly grid: Span;
  readonly columns: number;
  readonly marks: Timeline['marks'];
  readonly repeats: Timeline['repeats'];
  readonly losses: Timeline['losses'];
}

export const useTogether = defineStore('together', () => {
  const captures = useCaptures();
  const notices = useNotices();
  const span = shallowRef<Span>({ from: 0, to: 1 });
  /** Pixels of a plot. */
  const width = ref(0);
  const strips = shallowReactive(new Map<string, Strip>());
  /** Questions by capture: only the answer to the last one counts. */
  const asked = new Map<string, number>();
  const running = new Set<string>();

  const wallOf = ({ clock, info }: OpenCapture): WallClock => new WallClock(clock, info.startedNs, info.lastNs);
  const clocks = computed(() => new Map(captures.list.map((capture) => [capture.id, wallOf(capture)])));

  /** Wall time of the axis's zero: that of the earliest capture. */
  const origin = computed(() => {
    const firsts = [...clocks.value.values()].map((clock) => clock.bounds.from);
    return firsts.reduce((least, one) => (one < least ? one : least), firsts[0] ?? 0n);
  });
  /** The axis as a clock: offsets are nanoseconds since its zero. */
  const axis = computed(() => new CaptureClock({ firstNs: 0 }, [{ ns: 0, wallNs: toWide(origin.value) }]));

  /** Where each recording lies on the axis. */
  const recorded = computed(() => {
    const found = new Map<string, Span>();
    for (const [id, clock] of clocks.value) {
      const { from, to } = clock.bounds;
      found.set(id, { from: Number(from - origin.value), to: Number(to - origin.value) });
    }
    return found;
  });
  const limits = computed<Span>(() => {
    const all = [...recorded.value.values()];
    return withMargin({ from: 0, to: Math.max(...all.map(({ to }) => to), 0) });
  });

  async function load(id: string): Promise<void> {
    const clock = clocks.value.get(id);
    if (!clock || width.value <= 0) return;
    const question = (asked.get(id) ?? 0) + 1;
    asked.set(id, question);
    // One question a capture at a time; what is wanted meanwhile is asked for afterwards.
    if (running.has(id)) return;
    const { span: grid, columns } = alignedColumns(span.value, width.value);
    const zero = origin.value;
    const moment = (at: Offset): bigint => zero + BigInt(Math.round(at));
    const boot = clock.bootOf(moment(grid.from), moment(grid.to));
    if (!boot) {
      strips.set(id, { grid, columns, marks: [], repeats: [], losses: [] });
      return;
    }
    const part = (Number(boot.toNs) - Number(boot.fromNs)) / lengthOf(grid);
    const wanted = Math.min(Math.max(Math.ceil(columns * part), 1), MOST_COLUMNS);
    running.add(id);
    const answer = await bridge.timeline(id, { ...boot, columns: wanted });
    running.delete(id);
    if (!clocks.value.has(id)) return;
    const found = notices.valueOf(answer);
    const at = (ns: Wide): Wide => toWide(clock.wall(ns) - zero);
    if (found && zero === origin.value) {
      strips.set(id, {
        ...{ grid, columns },
        marks: found.marks.map((mark) => ({ ...mark, ns: at(mark.ns) })),
        repeats: found.repeats.map((one) => ({ ...one, fromNs: at(one.fromNs), toNs: at(one.toNs) })),
        losses: found.losses.map((one) => ({ ...one, fromNs: at(one.fromNs), toNs: at(one.toNs) })),
      });
    }
    if (found && asked.get(id) !== question) await load(id);
  }

  function loadAll(): void {
    for (const id of clocks.value.keys()) void load(id);
  }

  function show(next: Span): void {
    span.value = next;
    loadAll();
  }

  const showAll = (): void => {
    show(limits.value);
  };

  function resize(pixels: number): void {
    const first = width.value === 0;
    width.value = pixels;
    if (first) showAll();
    else loadAll();
  }

  // Another capture moves the axis; all are in sight then. One that grows leaves the view as it is.
  watch(
    () => captures.list.map(({ id }) => id).join(' '),
    () => {
      for (const id of strips.keys()) if (!clocks.value.has(id)) strips.delete(id);
      if (width.value > 0) showAll();
    },
  );
  watch(
    () => captures.list.map(({ info }) => info.events).join(' '),
    () => {
      if (width.value > 0) loadAll();
    },
  );

  return {
    ...{ span, width, strips, axis, recorded, limits, show, showAll, resize },
    zoomAt: (at: Offset, factor: number) => {
      show(zoom(span.value, at, factor, limits.value));
    },
    zoomMiddle: (factor: number) => {
      show(zoom(span.value, (span.value.from + span.value.to) / 2, factor, limits.value));
    },
    panBy: (part: number) => {
      show(pan(span.value, part, limits.value));
    },
    moveTo: (next: Span) => {
      show(moveInto(next, limits.value));
    },
  };
});
