/** Files dropped on the window are opened; nothing else can be dropped. */
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue';
import { useCaptures } from '../stores/captures.ts';

/** @returns whether a file hovers over the window */
export function useDrop(): Readonly<Ref<boolean>> {
  const captures = useCaptures();
  const hovering = ref(false);

  function over(event: DragEvent): void {
    event.preventDefault();
    const isFile = event.dataTransfer?.types.includes('Files') ?? false;
    if (event.dataTransfer) event.dataTransfer.dropEffect = isFile ? 'copy' : 'none';
    hovering.value = isFile;
  }

  function leave(event: DragEvent): void {
    if (event.relatedTarget === null) hovering.value = false;
  }

  /** What takes the file for itself keeps the drop from going on: the window hears of it before. */
  function ended(): void {
    hovering.value = false;
  }

  async function drop(event: DragEvent): Promise<void> {
    event.preventDefault();
    for (const file of event.dataTransfer?.files ?? []) await captures.openDropped(file);
  }

  const listeners = { dragover: over, dragleave: leave, drop: (event: DragEvent) => void drop(event) };
  onMounted(() => {
    window.addEventListener('drop', ended, true);
    for (const [name, listener] of Object.entries(listeners)) window.addEventListener(name, listener as EventListener);
  });
  onBeforeUnmount(() => {
    window.removeEventListener('drop', ended, true);
    for (const [name, listener] of Object.entries(listeners))
      window.removeEventListener(name, listener as EventListener);
  });
  return hovering;
}
