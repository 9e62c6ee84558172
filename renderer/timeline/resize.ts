/** Measures an element whenever its size changes. */
import { onBeforeUnmount, onMounted, type Ref } from 'vue';

export function useResizeObserver(
  element: Readonly<Ref<HTMLElement | undefined>>,
  measure: (element: HTMLElement) => void,
): void {
  const observer = new ResizeObserver(() => {
    if (element.value) measure(element.value);
  });
  onMounted(() => {
    if (element.value) observer.observe(element.value);
  });
  onBeforeUnmount(() => {
    observer.disconnect();
  });
}
