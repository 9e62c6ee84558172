/** The roster: modules by image or by name, with what came of all attempts that were about them. */
import type { RosterColumn, RosterGrouping, RosterOrder, RosterRow } from '#contract/roster.ts';
import type { PageRequest } from '#contract/page.ts';
import { defineStore, storeToRefs } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { bridge } from '../bridge.ts';
import { useCaptures } from './captures.ts';
import { pagedRows } from './paged-rows.ts';

export const useRoster = defineStore('roster', () => {
  const { currentId } = storeToRefs(useCaptures());
  const grouping = ref<RosterGrouping>('name');
  /** The row that is selected, by its id. */
  const selected = ref<number>();
  /** How many images' signers are read; undefined once all are. */
  const signers = shallowRef<{ readonly done: number; readonly of: number }>();

  const orderOf = ({ sort, descending, filter }: Pick<PageRequest<RosterColumn>, 'sort' | 'descending' | 'filter'>) =>
    ({
      ...{ grouping: grouping.value, sort, descending },
      ...(filter === undefined ? {} : { text: filter }),
    }) satisfies RosterOrder;

  const rows = pagedRows<RosterRow, RosterColumn>({
    capture: currentId,
    firstSort: 'first',
    fetch: async (capture, request) => {
      const { start, limit } = request;
      const answer = await bridge.roster(capture, { ...orderOf(request), start, limit });
      if (!answer.ok || capture !== currentId.value) return answer;
      signers.value = answer.value.signers;
      // Rows are asked for again as long as something of them is still to be read.
      const progress = answer.value.progress ?? answer.value.signers;
      return { ok: true, value: { ...answer.value, ...(progress ? { progress } : {}) } };
    },
    indexOf: (capture, id, order) => bridge.rosterIndex(capture, id, orderOf(order)),
  });

  function group(by: RosterGrouping): void {
    if (grouping.value === by) return;
    grouping.value = by;
    selected.value = undefined;
    rows.reset();
  }

  watch(currentId, () => {
    selected.value = undefined;
    signers.value = undefined;
    rows.filter.value = '';
    rows.forget();
  });

  return {
    ...rows,
    order: computed(() => ({ ...rows.order.value, grouping: grouping.value })),
    grouping,
    selected,
    signers,
    group,
    /** Rows in which a text occurs, or all. */
    look: rows.narrow,
  };
});
