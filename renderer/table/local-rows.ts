/** Rows that are all there, as a table wants them: sorted, and only those that a text occurs in. */
import { computed, reactive, ref, type Ref } from 'vue';
import type { TableRows } from './column.ts';

type Key = string | number | undefined;

export interface LocalRowsSource<Row, Name extends string> {
  /** In their natural order. Undefined while they are not known. */
  readonly rows: Readonly<Ref<readonly Row[] | undefined>>;
  readonly firstSort: Name;
  /** What a row is sorted by; absent values come last. */
  keyOf(row: Row, column: Name): Key;
  /** What the text is looked for in; all rows where absent. */
  readonly filter?: Readonly<Ref<string>>;
  wordsOf?(row: Row): string;
}

export interface LocalRows<Row, Name extends string> extends TableRows<Row, Name> {
  readonly shown: readonly Row[];
}

function compare(one: Key, other: Key): number {
  if (one === other) return 0;
  if (one === undefined) return 1;
  if (other === undefined) return -1;
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one) < String(other) ? -1 : 1;
}

export function localRows<Row, Name extends string>(source: LocalRowsSource<Row, Name>): LocalRows<Row, Name> {
  const sort = ref(source.firstSort) as Ref<Name>;
  const descending = ref(false);

  const found = computed(() => {
    const rows = source.rows.value ?? [];
    const wanted = source.filter?.value.toLowerCase() ?? '';
    const { wordsOf } = source;
    return wanted === '' || !wordsOf ? rows : rows.filter((row) => wordsOf(row).toLowerCase().includes(wanted));
  });
  const shown = computed(() => {
    const by = sort.value;
    const sorted = found.value.map((row, at) => ({ row, at, key: source.keyOf(row, by) }));
    sorted.sort((a, b) => compare(a.key, b.key) || a.at - b.at);
    if (descending.value) sorted.reverse();
    return sorted.map(({ row }) => row);
  });

  return reactive({
    sort,
    descending,
    shown,
    natural: computed(() => sort.value === source.firstSort && !descending.value),
    total: computed(() => (source.rows.value ? shown.value.length : undefined)),
    row: (index: number) => shown.value[index],
    want: () => undefined,
    sortBy: (column: Name) => {
      if (sort.value === column) descending.value = !descending.value;
      else {
        sort.value = column;
        descending.value = false;
      }
    },
  }) as LocalRows<Row, Name>;
}
