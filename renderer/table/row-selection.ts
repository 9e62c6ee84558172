/** Ties the one selection to the rows of a table: which row holds it, and what choosing a row selects. */
import type { Progress } from '#contract/page.ts';
import { ref, watch, type Ref } from 'vue';
import { useCaptures } from '../stores/captures.ts';

/** A table's rows as its store offers them. */
export interface Rows<Row> {
  /** Another object whenever the order changes. */
  readonly order: object;
  /** How far rows have been looked for; undefined once each has its place. */
  readonly progress: Progress | undefined;
  row(index: number): Row | undefined;
  indexOf(id: number): Promise<number | undefined>;
  want(first: number, last: number): void;
}

export interface RowSelectionUses<Row> {
  readonly rows: Rows<Row>;
  /** The selected row's id; undefined where nothing is selected. */
  readonly id: Readonly<Ref<number | undefined>>;
  idOf(row: Row): number;
  choose(id: number): Promise<void>;
}

/** @returns the selected row's index, and a way to select by index that also works for rows which are not there yet */
export function useRowSelection<Row>(uses: RowSelectionUses<Row>): {
  readonly index: Readonly<Ref<number | undefined>>;
  select(index: number): void;
} {
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
    if (awaited.value !== undefined) return;
    if (id === undefined) index.value = undefined;
    else if (idAt(index.value) !== id) {
      const found = await rows.indexOf(id);
      if (question === asked) index.value = found;
    }
  }

  function select(at: number): void {
    asked += 1;
    index.value = at;
    const id = idAt(at);
    awaited.value = id === undefined ? at : undefined;
    if (id === undefined) rows.want(at, at);
    else void uses.choose(id);
  }

  // What was chosen in another order or before something else was selected is not waited for any more.
  watch(
    [uses.id, () => rows.order, () => captures.currentId],
    () => {
      awaited.value = undefined;
      void find();
    },
    { immediate: true },
  );
  // Rows that arrive may push the selected one on, and one that had no place yet has one in the end.
  watch([() => idAt(index.value), () => captures.revision, () => rows.progress === undefined], find);
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
