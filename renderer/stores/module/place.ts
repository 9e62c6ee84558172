/** Where in the inspector one is: the tab, the row in it, the bytes that are lit; and the way back. */
import type { ModuleTab, ModuleThing } from '#contract/module.ts';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Range } from '../../module/hex/rows.ts';
import { useModules } from './modules.ts';

/** Bytes that are lit, and what they are called. */
export interface Lit extends Range {
  readonly words: string;
}

export interface Place {
  readonly tab: ModuleTab;
  /** The row that is selected in the tab, by the tab's own id. */
  readonly row?: string;
  readonly lit?: Lit;
}

/** Steps back that are kept. */
const MOST = 200;

export const useModulePlace = defineStore('module-place', () => {
  const modules = useModules();
  const trail = shallowRef<readonly Place[]>([{ tab: 'overview' }]);
  const at = ref(0);
  const place = computed<Place>(() => trail.value[at.value] ?? { tab: 'overview' });
  const canBack = computed(() => at.value > 0);
  const canForward = computed(() => at.value < trail.value.length - 1);

  watch(
    () => modules.current?.id,
    () => {
      trail.value = [{ tab: 'overview' }];
      at.value = 0;
    },
  );

  const same = (one: Place, other: Place): boolean => JSON.stringify(one) === JSON.stringify(other);

  /** Goes somewhere; what was ahead on the way is forgotten. */
  function go(next: Place): void {
    if (same(next, place.value)) return;
    trail.value = [...trail.value.slice(0, at.value + 1), next].slice(-MOST);
    at.value = trail.value.length - 1;
  }

  /** To a tab as it was left last. */
  function showTab(tab: ModuleTab): void {
    const { lit } = place.value;
    const last = trail.value.findLast((known) => known.tab === tab);
    go({ tab, ...(last?.row === undefined ? {} : { row: last.row }), ...(lit ? { lit } : {}) });
  }

  /** Lights bytes up, beside the tab that is shown. */
  function light(lit: Lit, row?: string): void {
    const { tab, row: before } = place.value;
    const kept = row ?? before;
    go({ tab, lit, ...(kept === undefined ? {} : { row: kept }) });
  }

  /** To something that was found: its tab, its row, its bytes. */
  function goTo({ tab, row, words, offset, size }: ModuleThing): void {
    const lit = offset === undefined ? undefined : { offset, size: Math.max(size ?? 1, 1), words };
    go({ tab, ...(row === undefined ? {} : { row }), ...(lit ? { lit } : {}) });
  }

  function back(): void {
    if (canBack.value) at.value -= 1;
  }

  function forward(): void {
    if (canForward.value) at.value += 1;
  }

  return { place, canBack, canForward, go, goTo, showTab, light, back, forward };
});
