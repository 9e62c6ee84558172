/** The tree of the processes that led to the attempts, as far as it is open. */
import { MOST_TOGGLED, type LineageRow, type LineageView } from '#contract/lineage.ts';
import type { RowOrder } from '#contract/page.ts';
import { defineStore, storeToRefs } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { bridge } from '../bridge.ts';
import { useCaptures } from './captures.ts';
import { pagedRows } from './paged-rows.ts';

export const useLineage = defineStore('lineage', () => {
  const { currentId } = storeToRefs(useCaptures());
  /** Rows that are not as they are at first: open or closed. */
  const toggled = shallowRef<ReadonlySet<number>>(new Set());
  /** The process that is selected, by its row. */
  const selected = ref<number>();

  const viewOf = ({ filter, within }: Pick<RowOrder<string>, 'filter' | 'within'>): LineageView => ({
    toggled: [...toggled.value],
    ...(filter === undefined ? {} : { text: filter }),
    ...(within ? { within } : {}),
  });

  const rows = pagedRows<LineageRow, 'process'>({
    capture: currentId,
    firstSort: 'process',
    fetch: (capture, { start, limit, ...order }) => bridge.lineage(capture, { ...viewOf(order), start, limit }),
    indexOf: (capture, id, order) => bridge.lineageIndex(capture, id, viewOf(order)),
  });

  /** Opens a row that is closed, and the other way round. */
  function toggle(id: number): void {
    const next = new Set(toggled.value);
    if (!next.delete(id)) next.add(id);
    const [oldest] = next;
    if (next.size > MOST_TOGGLED && oldest !== undefined) next.delete(oldest);
    toggled.value = next;
    rows.refresh();
  }

  /** Only processes in which a text occurs, with what led to them, or all. */
  function look(text: string): void {
    toggled.value = new Set();
    rows.narrow(text);
  }

  // The processes of another interval are others, and have other numbers.
  watch(rows.within, () => {
    toggled.value = new Set();
    selected.value = undefined;
  });
  watch(currentId, () => {
    toggled.value = new Set();
    selected.value = undefined;
    rows.filter.value = '';
    rows.forget();
  });

  return {
    ...rows,
    order: computed(() => ({ ...rows.order.value, toggled: toggled.value })),
    selected,
    toggle,
    look,
  };
});
