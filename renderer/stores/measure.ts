/** Two markers on the timeline, and what lies between them. */
import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import type { Offset } from '../format/clock.ts';
import { duration, nanoseconds } from '../timeline/measured.ts';
import { ordered, type Span } from '../timeline/span.ts';
import { useCaptures } from './captures.ts';

export const useMeasure = defineStore('measure', () => {
  const captures = useCaptures();
  /** None, one or two; in the order in which they were set. Whole nanoseconds. */
  const markers = shallowRef<readonly Offset[]>([]);
  /** Where the pointer is on the timeline; undefined elsewhere. */
  const pointer = shallowRef<Offset>();

  /** A third marker takes the place of the first. */
  function mark(at: Offset): void {
    markers.value = [...markers.value, Math.round(at)].slice(-2);
  }

  function clear(): void {
    markers.value = [];
  }

  const between = computed<Span | undefined>(() => {
    const [first, second] = markers.value;
    return first === undefined || second === undefined ? undefined : ordered(first, second);
  });

  /** "1.24 ms": what stands on the axis. */
  const words = computed(() => between.value && duration(between.value));

  /** "1 240 000 ns": what is copied. */
  const exact = computed(() => between.value && nanoseconds(between.value));

  watch(() => captures.currentId, clear);

  return { markers, pointer, between, words, exact, mark, clear };
});
