/** The roster: modules by image or by name, with what came of all attempts that were about them. */
import type { RosterColumn, RosterGrouping, RosterOrder, RosterRow } from '#contract/roster.ts';
import type { RowOrder } from '#contract/page.ts';
import { defineStore, storeToRefs } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { bridge } from '../bridge.ts';
import { useCaptures } from './captures.ts';
import { ASK_AGAIN, pagedRows } from './paged-rows.ts';

/** Rows that one question looks through. */
const FIND_ROWS = 1000;

export const useRoster = defineStore('roster', () => {
  const { currentId } = storeToRefs(useCaptures());
  const grouping = ref<RosterGrouping>('name');
  /** The row that is selected, by its id. */
  const selected = ref<number>();
  /** How many images' signers are read; undefined once all are. */
  let found = 0;
  const signers = shallowRef<{ readonly done: number; readonly of: number }>();

  /** More distinct ones than so many are one row together; undefined where there are not so many. */
  const most = ref<number>();

  const orderOf = ({ sort, descending, filter, within }: RowOrder<RosterColumn>) =>
    ({
      ...{ grouping: grouping.value, sort, descending },
      ...(filter === undefined ? {} : { text: filter }),
      ...(within ? { within } : {}),
    }) satisfies RosterOrder;

  const rows = pagedRows<RosterRow, RosterColumn>({
    capture: currentId,
    firstSort: 'first',
    fetch: async (capture, request) => {
      const { start, limit } = request;
      const answer = await bridge.roster(capture, { ...orderOf(request), start, limit });
      if (!answer.ok || capture !== currentId.value) return answer;
      signers.value = answer.value.signers;
      most.value = answer.value.most;
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

  /** Selects the row of a module or of an image, as soon as it is counted. */
  async function find(key: { readonly name: string } | { readonly sha256: string }): Promise<void> {
    const capture = currentId.value;
    const question = ++found;
    const by: RosterGrouping = 'name' in key ? 'name' : 'image';
    rows.narrow('');
    group(by);
    const text = 'name' in key ? key.name : key.sha256;
    const order = {
      sort: 'first',
      descending: false,
      filter: text,
      ...(rows.within.value ? { within: { ...rows.within.value } } : {}),
    } as const;
    for (let start = 0; capture !== undefined;) {
      const answer = await bridge.roster(capture, { ...orderOf(order), start, limit: FIND_ROWS });
      if (!answer.ok || question !== found || capture !== currentId.value || grouping.value !== by) return;
      const row = answer.value.rows.find(({ names, sha256 }) =>
        'name' in key ? names.first[0] === key.name : sha256 === key.sha256,
      );
      if (row) {
        selected.value = row.id;
        return;
      }
      start += answer.value.rows.length;
      if (answer.value.rows.length > 0 && start < answer.value.total) continue;
      if (!answer.value.progress) return;
      start = 0;
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN));
    }
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
    most,
    group,
    find,
    /** Rows in which a text occurs, or all. */
    look: rows.narrow,
  };
});
