/** Rows that are counted while their view is looked at: begun with it, and again when what they are counted of changes. */
import { onMounted, watch, type Ref } from 'vue';
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
  watch(
    () => captures.revision,
    () => {
      rows.refresh();
    },
  );
  watch(
    () => view.finding,
    () => frame.value?.find(),
  );
}
