/** The image held against another one: how far that is, and what differs. */
import {
  DIFFERENCE_COLUMNS,
  type Comparison,
  type DifferenceColumn,
  type DifferenceGroup,
  type DifferenceRow,
} from '#contract/module-compare.ts';
import { fail } from '#contract/result.ts';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef, watch } from 'vue';
import { bridge } from '../../bridge.ts';
import { useNotices } from '../notices.ts';
import { pagedRows } from '../paged-rows.ts';
import { useModules } from './modules.ts';

/** Milliseconds without a key after which the rows are asked for. */
const PAUSE = 120;

/** Milliseconds after which it is shown how far it is. */
const PATIENCE = 500;

export const useModuleCompare = defineStore('module-compare', () => {
  const modules = useModules();
  const notices = useNotices();
  const comparison = shallowRef<Comparison>();
  /** From 0 to 1 while it is under way. */
  const done = ref<number>();
  const slow = ref(false);
  const filter = ref('');
  /** Only rows of this group; all where empty. */
  const only = ref<DifferenceGroup | ''>('');
  let asked = 0;

  const there = computed(() => modules.other?.id);

  const rows = pagedRows<DifferenceRow, DifferenceColumn>({
    capture: computed(() => (comparison.value ? modules.current?.id : undefined)),
    firstSort: DIFFERENCE_COLUMNS[0],
    fetch: (id, { sort, descending, start, limit }) => {
      const chosen = {
        ...(filter.value === '' ? {} : { filter: filter.value }),
        ...(only.value === '' ? {} : { only: only.value }),
      };
      return bridge.differences(id, there.value ?? '', { sort, descending, start, limit, ...chosen });
    },
    // Nothing leads to a row of these but the table itself.
    indexOf: () => Promise.resolve(fail('no-such-row', 'no difference is looked for')),
  });

  function stop(): void {
    asked += 1;
    done.value = undefined;
    slow.value = false;
  }

  /** Step by step, until it is done or nobody asks any more. */
  async function run(): Promise<void> {
    stop();
    const question = asked;
    comparison.value = undefined;
    rows.forget();
    const [here, other] = [modules.current?.id, there.value];
    if (here === undefined || other === undefined) return;
    done.value = 0;
    const timer = setTimeout(() => (slow.value = question === asked), PATIENCE);
    for (let restart = true; question === asked; restart = false) {
      const answer = await bridge.compareStep(here, other, restart);
      if (question !== asked) break;
      const step = notices.valueOf(answer);
      if (!step) stop();
      else if ('done' in step) done.value = step.done;
      else {
        stop();
        comparison.value = step.comparison;
        rows.reset();
      }
    }
    clearTimeout(timer);
  }

  /** Gives it up; the other image is let go. */
  async function cancel(): Promise<void> {
    stop();
    await modules.compareWithNone();
  }

  watch(there, () => {
    filter.value = only.value = '';
    void run();
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const renew = (): void => {
    clearTimeout(timer);
    if (comparison.value) rows.reset();
  };
  watch(only, renew);
  watch(filter, () => {
    clearTimeout(timer);
    timer = setTimeout(renew, PAUSE);
  });

  return { ...rows, comparison, done, slow, filter, only, run, cancel };
});
