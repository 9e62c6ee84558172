/** What is open, side by side: captures, modules, and all captures on one axis. One of them is looked at. */
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { useCaptures } from './captures.ts';
import { useModules } from './module/modules.ts';
import { useView } from './view.ts';

export interface Tab {
  /** Unique among the tabs. */
  readonly key: string;
  readonly kind: 'capture' | 'module' | 'together';
  /** Of the capture or the module; empty for all together. */
  readonly id: string;
  readonly name: string;
  /** More about it, for the tooltip and the palette. */
  readonly detail: string;
}

const TOGETHER: Tab = {
  ...{ key: 'together', kind: 'together', id: '', name: 'Together', detail: 'all captures on one axis' },
};

export const useTabs = defineStore('tabs', () => {
  const captures = useCaptures();
  const modules = useModules();
  const view = useView();
  const togetherOpen = ref(false);
  /** Keys in the order in which they were opened. */
  const order = shallowRef<readonly string[]>([]);

  const open = computed<readonly Tab[]>(() => [
    ...captures.list.map(({ id, name, folder, info }): Tab => ({
      ...{ key: `capture:${id}`, kind: 'capture', id, name },
      detail: `${info.host ?? 'host not recorded'}, ${folder}`,
    })),
    ...modules.list.map(({ id, name, folder, from }): Tab => ({
      ...{ key: `module:${id}`, kind: 'module', id, name },
      detail: folder ?? `image of ${captures.list.find((one) => one.id === from?.capture)?.name ?? 'a capture'}`,
    })),
    ...(togetherOpen.value ? [TOGETHER] : []),
  ]);
  watch(
    () => open.value.map(({ key }) => key),
    (keys) => {
      const known = order.value.filter((key) => keys.includes(key));
      order.value = [...known, ...keys.filter((key) => !known.includes(key))];
    },
    { immediate: true, flush: 'sync' },
  );
  const tabs = computed(() =>
    order.value.flatMap((key) => {
      const tab = open.value.find((one) => one.key === key);
      return tab ? [tab] : [];
    }),
  );

  /** The tab that is looked at; undefined in the first window. */
  const active = computed(() => {
    if (view.view === 'module' && modules.current) return `module:${modules.current.id}`;
    if (view.view === 'together' && togetherOpen.value) return TOGETHER.key;
    return captures.currentId === undefined ? undefined : `capture:${captures.currentId}`;
  });

  const find = (key: string | undefined): Tab | undefined => open.value.find((tab) => tab.key === key);

  function activate(key: string): void {
    const tab = find(key);
    if (tab?.kind === 'capture') {
      captures.look(tab.id);
      view.leaveModule();
    } else if (tab?.kind === 'module') {
      // What a module's links lead to is in its own capture.
      const from = modules.list.find(({ id }) => id === tab.id)?.from;
      if (from) captures.look(from.capture);
      modules.look(tab.id);
      view.showModule();
    } else if (tab) view.show('together');
  }

  async function close(key: string | undefined): Promise<void> {
    const tab = find(key);
    if (tab?.kind === 'capture') await captures.close(tab.id);
    else if (tab?.kind === 'module') await modules.close(tab.id);
    else if (tab) {
      togetherOpen.value = false;
      view.leaveModule();
    }
    // With the last capture goes the axis of all; a module that is open is looked at then.
    if (captures.list.length === 0) togetherOpen.value = false;
    const left = active.value === undefined ? tabs.value.at(-1) : undefined;
    if (left) activate(left.key);
  }

  /** The tab beside, round and round. */
  function step(by: 1 | -1): void {
    const keys = tabs.value.map((tab) => tab.key);
    const at = active.value === undefined ? 0 : keys.indexOf(active.value) + by;
    const next = keys.at(at % Math.max(keys.length, 1));
    if (next !== undefined) activate(next);
  }

  function showTogether(): void {
    togetherOpen.value = true;
    activate(TOGETHER.key);
  }

  return { tabs, active, togetherOpen, find, activate, close, step, showTogether };
});
