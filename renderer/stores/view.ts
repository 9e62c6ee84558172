/** What the window shows beside the timeline. */
import { defineStore } from 'pinia';
import { ref } from 'vue';

export const VIEWS = ['attempts', 'events', 'capture', 'reference'] as const;
export type View = (typeof VIEWS)[number];

export const useView = defineStore('view', () => {
  const view = ref<View>('attempts');
  /** The reference's page that is open. */
  const page = ref('finit_module');
  const keysOpen = ref(false);

  function show(next: View): void {
    view.value = next;
  }

  function showReference(name: string): void {
    page.value = name;
    view.value = 'reference';
  }

  return { view, page, keysOpen, show, showReference };
});
