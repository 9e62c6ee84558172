/** Rows that are counted while their view is looked at: begun with it, and again when what they are counted of changes. */
import { onBeforeUnmount, onMounted, watch, type Ref } from 'vue';
import { useCaptures } from '../stores/captures.ts';
import { useView } from '../stores/view.ts';

export interface CountedUses {
  readonly rows: {
    readonly total: number | undefined;
    readonly within: object | undefined;
    reset(): void;
    refresh(): void;
  };
  /** Where a text is looked for. */
  readonly frame: Readonly<Ref<{ find(): void } | undefined>>;
}

/** Counting goes over all attempts: while a recording goes on it is begun again so many milliseconds later, or more. */
export const COUNTED_APART = 1000;

export function useCountedRows({ rows, frame }: CountedUses): void {
  const captures = useCaptures();
  const view = useView();
  onMounted(() => {
    if (rows.total === undefined) rows.reset();
    else rows.refresh();
  });
  watch([() => captures.currentId, () => rows.within], () => {
    rows.reset();
  });
  let begun = -Infinity;
  let due: ReturnType<typeof setTimeout> | undefined;
  function recount(): void {
    clearTimeout(due);
    due = undefined;
    begun = performance.now();
    rows.refresh();
  }
  watch(
    () => captures.revision,
    () => {
      const wait = begun + COUNTED_APART - performance.now();
      if (wait <= 0) recount();
      else due ??= setTimeout(recount, wait);
    },
  );
  onBeforeUnmount(() => {
    clearTimeout(due);
  });
  watch(
    () => view.finding,
    () => frame.value?.find(),
  );
}
