/** Where in the inspector one is: the tab, the row in it, the bytes that are lit; and the way back. */
import type { ModuleTab, ModuleThing } from '#contract/module.ts';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import type { Range } from '../../module/hex/rows.ts';
import { useModules } from './modules.ts';

/** Bytes that are lit, and what they are called. */
export interface Lit extends Range {
  readonly words: string;
  /** Of the image that this one is held against. */
  readonly other?: true;
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
  /** Trails of open images that are not shown now. */
  const kept = new Map<string, { readonly trail: readonly Place[]; readonly at: number }>();
  const place = computed<Place>(() => trail.value[at.value] ?? { tab: 'overview' });
  const canBack = computed(() => at.value > 0);
  const canForward = computed(() => at.value < trail.value.length - 1);

  watch(
    () => modules.current?.id,
    (id, before) => {
      if (before !== undefined) kept.set(before, { trail: trail.value, at: at.value });
      for (const one of kept.keys()) if (!modules.list.some((open) => open.id === one)) kept.delete(one);
      const known = id === undefined ? undefined : kept.get(id);
      trail.value = known?.trail ?? [{ tab: 'overview' }];
      at.value = known?.at ?? 0;
    },
  );

  /** Where one is, or was last, in any open image. */
  function placeOf(id: string): Place | undefined {
    if (id === modules.current?.id) return place.value;
    const known = kept.get(id);
    return known?.trail[known.at];
  }

  /** Where one begins in an image that is not shown yet. */
  function beginAt(id: string, tab: ModuleTab, row: string | undefined): void {
    kept.set(id, { trail: [{ tab, ...(row === undefined ? {} : { row }) }], at: 0 });
  }

  const same = (one: Place, other: Place): boolean => JSON.stringify(one) === JSON.stringify(other);

  /** Goes somewhere; what was ahead on the way is forgotten. */
  function go(next: Place): void {
    if (same(next, place.value)) return;
    trail.value = [...trail.value.slice(0, at.value + 1), next].slice(-MOST);
    at.value = trail.value.length - 1;
  }

  /** The same place, looked at elsewhere: there is no way back to where it was before. */
  function replace(next: Place): void {
    trail.value = [...trail.value.slice(0, at.value), next, ...trail.value.slice(at.value + 1)];
  }

  /** To a tab as it was left last. */
  function showTab(tab: ModuleTab): void {
    const { lit } = place.value;
    const last = trail.value.findLast((known) => known.tab === tab);
    const kept = lit?.other && tab !== 'hex' && tab !== 'compare' ? undefined : lit;
    go({ tab, ...(last?.row === undefined ? {} : { row: last.row }), ...(kept ? { lit: kept } : {}) });
  }

  /** Lights bytes up, beside the tab that is shown. */
  function light(lit: Lit, row?: string): void {
    const { tab, row: before } = place.value;
    const kept = row ?? before;
    go({ tab, lit, ...(kept === undefined ? {} : { row: kept }) });
  }

  /** To the code that holds a byte. */
  function showCode(offset: number, words: string): void {
    go({ tab: 'code', row: String(offset), lit: { offset, size: 1, words } });
  }

  /** The image whose bytes are shown. */
  const shown = computed(() => (place.value.lit?.other ? (modules.other ?? modules.current) : modules.current));

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

  return {
    placeOf,
    beginAt,
    place,
    shown,
    canBack,
    canForward,
    go,
    replace,
    showCode,
    goTo,
    showTab,
    light,
    back,
    forward,
  };
});
