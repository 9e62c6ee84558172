/** What the window shows beside the timeline. */
import { defineStore } from 'pinia';
import { ref } from 'vue';

export const VIEWS = [
  'attempts',
  'modules',
  'processes',
  'events',
  'images',
  'capture',
  'reference',
  'notes',
  'module',
  'together',
] as const;
export type View = (typeof VIEWS)[number];

/** Views that take the window's whole body and are tabs of their own. */
type Apart = Extract<View, 'module' | 'together'>;

export const isApart = (view: View): view is Apart => view === 'module' || view === 'together';

export const useView = defineStore('view', () => {
  const view = ref<View>('attempts');
  /** The reference's page that is open. */
  const page = ref('finit_module');
  const keysOpen = ref(false);
  const paletteOpen = ref(false);
  /** Counts how often the find box of the inspector was asked for. */
  const finding = ref(0);

  /** The view of the capture that a view apart was opened from. */
  const before = ref<View>('attempts');

  function show(next: View): void {
    if (isApart(next) && !isApart(view.value)) before.value = view.value;
    view.value = next;
  }

  const showModule = (): void => {
    show('module');
  };

  /** Back from a view apart to the capture's own. */
  function leaveModule(): void {
    if (isApart(view.value)) view.value = before.value;
  }

  function showReference(name: string): void {
    page.value = name;
    view.value = 'reference';
  }

  /** The view of the capture, also while something else is looked at. */
  const own = (): View => (isApart(view.value) ? before.value : view.value);

  /** The same, put back. */
  function showOwn(next: Exclude<View, Apart>): void {
    (isApart(view.value) ? before : view).value = next;
  }

  return { view, page, keysOpen, paletteOpen, finding, show, showModule, leaveModule, showReference, own, showOwn };
});
