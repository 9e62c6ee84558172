/** Back and forward through what one looked at, over all tabs. */
import { defineStore } from 'pinia';
import { computed, shallowRef, triggerRef } from 'vue';
import { Trail } from '../history/trail.ts';
import { useModulePlace } from './module/place.ts';
import { usePlaces, type Place } from './places.ts';
import { useTabs } from './tabs.ts';
import { useView } from './view.ts';

export interface Where {
  /** The tab's key; empty in the first window. */
  readonly tab: string;
  /** Where in a capture; of other tabs they know themselves. */
  readonly place?: Place;
}

export const useHistory = defineStore('history', () => {
  const module = useModulePlace();
  const places = usePlaces();
  const tabs = useTabs();
  const view = useView();
  const trail = shallowRef(new Trail<Where>());

  /** Where one is now; undefined where nothing is open. */
  function here(): Where | undefined {
    const tab = tabs.find(tabs.active);
    if (!tab) return undefined;
    return { tab: tab.key, ...(tab.kind === 'capture' ? { place: places.take() } : {}) };
  }

  function visit(where: Where | undefined): void {
    if (!where || places.putting) return;
    const { tab, place } = where;
    const area = `${tab} ${place ? JSON.stringify(place['view'] ?? null) : ''}`;
    const key = `${tab} ${place ? places.stepOf(place) : ''}`;
    trail.value.visit({ where, key, area }, performance.now());
    triggerRef(trail);
  }

  async function go(by: 1 | -1): Promise<void> {
    const step = trail.value.go(by, performance.now());
    triggerRef(trail);
    if (!step) return;
    const { tab, place } = step.where;
    const known = tabs.find(tab);
    if (!known) return;
    const elsewhere = tabs.active !== tab;
    if (place && known.kind === 'capture' && elsewhere) places.kept.set(known.id, place);
    tabs.activate(tab);
    // The tab that one came from may have had this capture behind it.
    if (place) await places.put(place, false);
  }

  /** A module's own way comes first, as long as one is in it. */
  const canBack = computed(() => (view.view === 'module' && module.canBack) || trail.value.canBack);
  const canForward = computed(() => (view.view === 'module' && module.canForward) || trail.value.canForward);

  async function back(): Promise<void> {
    if (view.view === 'module' && module.canBack) module.back();
    else await go(-1);
  }

  async function forward(): Promise<void> {
    if (view.view === 'module' && module.canForward) module.forward();
    else await go(1);
  }

  /** Tabs were closed: no step leads there any more. */
  function forgetClosed(): void {
    trail.value.keep(({ tab }) => tabs.find(tab) !== undefined);
    triggerRef(trail);
  }

  return { canBack, canForward, here, visit, back, forward, forgetClosed };
});
