/** What is not looked at first is drawn in a turn of its own, so that no turn is long. */
import { onBeforeUnmount, ref, watch, type Ref } from 'vue';

/** @returns whether the source has been true, and what that drew has been seen, since it last became so */
export function useLater(source: () => boolean): Readonly<Ref<boolean>> {
  const later = ref(false);
  let frame: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function stop(): void {
    if (frame !== undefined) cancelAnimationFrame(frame);
    clearTimeout(timer);
  }
  watch(
    source,
    (is) => {
      stop();
      later.value = false;
      if (!is) return;
      frame = requestAnimationFrame(() => {
        timer = setTimeout(() => (later.value = true));
      });
    },
    { immediate: true },
  );
  onBeforeUnmount(stop);
  return later;
}
