/** Ties the one selection to the rows of a table: which row holds it, and what choosing a row selects. */
import type { RowOrder } from '#contract/page.ts';
import type { Result } from '#contract/result.ts';
import { ref, watch, type Ref } from 'vue';
import { useCaptures } from '../stores/captures.ts';

/** A table's rows as its store offers them. */
export interface Rows<Row, Column extends string> {
  readonly order: RowOrder<Column>;
  row(index: number): Row | undefined;
  want(first: number, last: number): void;
}

export interface RowSelectionUses<Row, Column extends string> {
  readonly rows: Rows<Row, Column>;
  /** The selected row's id; undefined where nothing is selected. */
  readonly id: Readonly<Ref<number | undefined>>;
  idOf(row: Row): number;
  choose(id: number): Promise<void>;
  indexOf(capture: string, id: number, order: RowOrder<Column>): Promise<Result<number>>;
}

/** @returns the selected row's index, and a way to select by index that also works for rows which are not there yet */
export function useRowSelection<Row, Column extends string>(
  uses: RowSelectionUses<Row, Column>,
): { readonly index: Readonly<Ref<number | undefined>>; select(index: number): void } {
  const captures = useCaptures();
  const { rows } = uses;
  const index = ref<number>();
  /** Chosen, but its row is still under way. */
  const awaited = ref<number>();
  let asked = 0;

  const idAt = (at: number | undefined): number | undefined => {
    const row = at === undefined ? undefined : rows.row(at);
    return row === undefined ? undefined : uses.idOf(row);
  };

  async function find(): Promise<void> {
    const question = ++asked;
    const id = uses.id.value;
    const capture = captures.currentId;
    if (id === undefined || capture === undefined) {
      index.value = undefined;
      return;
    }
    if (awaited.value !== undefined || idAt(index.value) === id) return;
    const answer = await uses.indexOf(capture, id, rows.order);
    // A selection that these rows do not hold is shown elsewhere; that is no error.
    if (question === asked) index.value = answer.ok ? answer.value : undefined;
  }

  function select(at: number): void {
    index.value = at;
    const id = idAt(at);
    awaited.value = id === undefined ? at : undefined;
    if (id === undefined) rows.want(at, at);
    else void uses.choose(id);
  }

  watch([uses.id, () => rows.order, () => captures.revision], find, { immediate: true });
  watch(
    () => idAt(awaited.value),
    (id) => {
      if (id === undefined) return;
      awaited.value = undefined;
      void uses.choose(id);
    },
  );

  return { index, select };
}
