/** What the timeline shows: span, interval, and the data for both the whole and the part in sight. */
import type { Timeline } from '#contract/timeline.ts';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import { bridge } from '../bridge.ts';
import type { Moment } from '../format/clock.ts';
import { BAR } from '../timeline/density.ts';
import { momentAt } from '../timeline/exact.ts';
import { alignedColumns } from '../timeline/layout.ts';
import { Questions } from '../timeline/questions.ts';
import {
  endingAt,
  fitting,
  lengthOf,
  ordered,
  pan,
  reveal,
  withMargin,
  zoom,
  zoomPart,
  type Span,
} from '../timeline/span.ts';
import { useCaptures } from './captures.ts';
import { useNotices } from './notices.ts';

/** Data together with the grid that it was asked for. */
export interface Loaded {
  readonly grid: Span;
  readonly columns: number;
  readonly timeline: Timeline;
}

export const useTimeline = defineStore('timeline', () => {
  const captures = useCaptures();
  const notices = useNotices();
  const span = shallowRef<Span>({ from: 0, to: 1 });
  const interval = shallowRef<Span>();
  const near = shallowRef<Loaded>();
  const far = shallowRef<Loaded>();
  /** Pixels of the plot. */
  const width = ref(0);
  /** Whether the whole capture is in sight, and stays so while it grows. */
  const whole = ref(true);

  /** Whether the newest moment is in sight, and stays so while the capture grows. */
  const atEnd = ref(false);

  const recorded = computed<Span>(() => {
    const { current, clock } = captures;
    if (!current || !clock) return { from: 0, to: 0 };
    return ordered(clock.offset(current.info.startedNs), clock.offset(current.info.lastNs));
  });
  const limits = computed(() => withMargin(recorded.value));

  async function fetch(part: Span, columns: number): Promise<Timeline | undefined> {
    const { currentId, clock } = captures;
    if (currentId === undefined || !clock) return undefined;
    const request = {
      fromNs: clock.ns(part.exact?.start ?? part.from),
      toNs: clock.ns(part.exact ? momentAt(part, 1) : part.to),
      columns,
    };
    const answer = await bridge.timeline(currentId, request);
    return currentId === captures.currentId ? notices.valueOf(answer) : undefined;
  }

  async function askNear(): Promise<void> {
    const { span: grid, columns } = alignedColumns(span.value, width.value);
    const timeline = await fetch(grid, columns);
    if (timeline) near.value = { grid, columns, timeline };
  }

  async function askFar(): Promise<void> {
    const columns = Math.max(Math.floor(width.value / BAR), 1);
    const grid = limits.value;
    const timeline = await fetch(grid, columns);
    if (timeline) far.value = { grid, columns, timeline };
  }

  const questions = new Questions();

  /** Until the answer is there, marks of before are drawn where they lie now. */
  function loadNear(): void {
    if (width.value > 0) questions.ask('near', askNear);
  }

  function loadFar(): void {
    if (width.value > 0) questions.ask('far', askFar);
  }

  function show(next: Span): void {
    span.value = next;
    whole.value = lengthOf(next) >= lengthOf(limits.value);
    atEnd.value = next.to >= recorded.value.to;
    loadNear();
  }

  function showAll(): void {
    show(limits.value);
  }

  /** Another capture, or none. */
  function reset(): void {
    near.value = far.value = undefined;
    interval.value = undefined;
    if (!captures.current) return;
    showAll();
    loadFar();
  }

  /** The capture has grown. */
  function refresh(): void {
    if (whole.value) showAll();
    else if (atEnd.value && !interval.value) show(endingAt(span.value, limits.value));
    else loadNear();
    loadFar();
  }

  function resize(pixels: number): void {
    if (pixels === width.value) return;
    width.value = pixels;
    loadNear();
    loadFar();
  }

  return {
    span,
    interval,
    near,
    far,
    width,
    whole,
    recorded,
    limits,
    show,
    showAll,
    reset,
    refresh,
    resize,
    zoomAt: (at: Moment, factor: number) => {
      show(zoom(span.value, at, factor, limits.value));
    },
    /** Around what lies at a part of the span, 0 to 1. */
    zoomPart: (part: number, factor: number) => {
      show(zoomPart(span.value, part, factor, limits.value));
    },
    zoomMiddle: (factor: number) => {
      show(zoomPart(span.value, 0.5, factor, limits.value));
    },
    panBy: (part: number) => {
      show(pan(span.value, part, limits.value));
    },
    reveal: (at: Moment) => {
      const next = reveal(span.value, at, limits.value);
      if (next !== span.value) show(next);
    },
    fit: (part: Span) => {
      show(fitting(part, limits.value));
    },
  };
});
