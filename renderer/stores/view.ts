/** What the window shows beside the timeline. */
import { defineStore } from 'pinia';
import { ref } from 'vue';

export const VIEWS = ['attempts', 'events', 'images', 'capture', 'reference', 'module'] as const;
export type View = (typeof VIEWS)[number];

export const useView = defineStore('view', () => {
  const view = ref<View>('attempts');
  /** The reference's page that is open. */
  const page = ref('finit_module');
  const keysOpen = ref(false);
  const paletteOpen = ref(false);
  /** Counts how often the find box of the inspector was asked for. */
  const finding = ref(0);

  function show(next: View): void {
    view.value = next;
  }

  /** Where the inspector of a module was opened from. */
  const before = ref<View>('attempts');

  function showModule(): void {
    if (view.value !== 'module') before.value = view.value;
    view.value = 'module';
  }

  function leaveModule(): void {
    view.value = before.value;
  }

  function showReference(name: string): void {
    page.value = name;
    view.value = 'reference';
  }

  return { view, page, keysOpen, paletteOpen, finding, show, showModule, leaveModule, showReference };
});
