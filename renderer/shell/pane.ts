/** A pane's size: as it was left, within what the window allows. */
import { computed, onBeforeUnmount, onMounted, ref, type ComputedRef, type Ref } from 'vue';
import { useSettings } from '../stores/settings.ts';

export interface Pane {
  readonly size: ComputedRef<number>;
  readonly bounds: ComputedRef<{ size: number; least: number; most: number; first: number }>;
  resize(pixels: number): void;
  /** The size is kept for good. */
  settle(): void;
}

/** @param name - under which the settings hold it */
export function usePane(
  name: string,
  { first, least, most }: { first: () => number; least: number; most: () => number },
): Pane {
  const settings = useSettings();
  const dragged: Ref<number | undefined> = ref();
  const limit = ref(most());
  /** Its size until somebody has changed it, in the window as it is now. */
  const usual = ref(first());
  const size = computed(() =>
    Math.max(Math.min(dragged.value ?? settings.pane(name, usual.value), limit.value), Math.min(least, limit.value)),
  );

  const measure = (): void => {
    limit.value = Math.max(most(), least);
    usual.value = first();
  };
  onMounted(() => {
    window.addEventListener('resize', measure);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('resize', measure);
  });

  return {
    size,
    bounds: computed(() => ({ size: size.value, least, most: limit.value, first: usual.value })),
    resize: (pixels) => {
      dragged.value = pixels;
    },
    settle: () => {
      if (dragged.value !== undefined) void settings.resizePane(name, dragged.value);
    },
  };
}
