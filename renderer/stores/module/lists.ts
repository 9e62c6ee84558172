/** The long lists of the inspector, a page at a time, each with a text that its rows are to hold. */
import { MODULE_LISTS, type ListColumn, type ModuleList, type ModuleRows } from '#contract/module-rows.ts';
import type { Page } from '#contract/page.ts';
import type { Result } from '#contract/result.ts';
import { defineStore } from 'pinia';
import { computed, ref, watch, type Ref } from 'vue';
import { bridge } from '../../bridge.ts';
import { pagedRows, type PagedRows } from '../paged-rows.ts';
import { useModules } from './modules.ts';

export interface ModuleListRows<List extends ModuleList> extends PagedRows<ModuleRows[List], ListColumn<List>> {
  filter: Ref<string>;
  /** Only rows of this kind; all where empty. */
  only: Ref<string>;
  /** A row by its number, whatever is narrowed down; undefined where there is none. */
  byId(id: number): Promise<ModuleRows[List] | undefined>;
}

/** Milliseconds without a key after which the rows are asked for. */
const PAUSE = 120;

/** @param first - the kind that is shown first; all where empty */
function listRows<List extends ModuleList>(list: List, first = ''): ModuleListRows<List> {
  const modules = useModules();
  const filter = ref('');
  const only = ref(first);
  const [natural] = MODULE_LISTS[list];
  const module = computed(() => modules.current?.id);

  const chosen = (): { filter?: string; only?: string } => ({
    ...(filter.value === '' ? {} : { filter: filter.value }),
    ...(only.value === '' ? {} : { only: only.value }),
  });

  const rows = pagedRows<ModuleRows[List], ListColumn<List>>({
    capture: module,
    firstSort: natural,
    // The list's name says which rows the page holds.
    fetch: (id, { sort, descending, start, limit }) =>
      bridge.moduleRows(id, list, { sort, descending, start, limit, ...chosen() }) as Promise<
        Result<Page<ModuleRows[List]>>
      >,
    indexOf: (id, row, { sort, descending }) => bridge.moduleRowIndex(id, list, row, { sort, descending, ...chosen() }),
  });

  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(module, () => {
    filter.value = '';
    only.value = first;
    clearTimeout(timer);
    rows.forget();
  });
  watch([filter, only], () => {
    clearTimeout(timer);
    // Emptied for another image: its rows are asked for when they are looked at.
    if (rows.total.value === undefined && filter.value === '' && only.value === first) return;
    timer = setTimeout(() => {
      rows.reset();
    }, PAUSE);
  });
  async function byId(id: number): Promise<ModuleRows[List] | undefined> {
    if (module.value === undefined) return undefined;
    const request = { sort: natural, descending: false, start: id, limit: 1 };
    const answer = await bridge.moduleRows(module.value, list, request);
    return answer.ok ? (answer.value.rows[0] as ModuleRows[List] | undefined) : undefined;
  }

  return { ...rows, filter, only, byId };
}

export const useSymbolRows = defineStore('module-symbols', () => listRows('symbols', 'import'));
export const useSectionRows = defineStore('module-sections', () => listRows('sections'));
export const useRelocationRows = defineStore('module-relocations', () => listRows('relocations'));
export const useFunctionRows = defineStore('module-functions', () => listRows('functions'));
export const useTypeRows = defineStore('module-types', () => listRows('types'));
export const useStringRows = defineStore('module-strings', () => listRows('strings'));
