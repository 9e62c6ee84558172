/** What the tables of attempts and of events share: arranged columns, several rows selected, copying, the menu of a cell. */
import type { FilterTable } from '#contract/filter.ts';
import { useHandles, type Handle } from '../filter/handles.ts';
import { plural } from '../format/numbers.ts';
import { useContextMenu, type MenuEntry, type MenuPlace } from '../stores/context-menu.ts';
import { useArrangement, type ArrangedColumns } from './arrangement.ts';
import type { TextColumn } from './column.ts';
import { useCopying } from './copying.ts';
import { FORM_WORDS, ROW_FORMS } from './copy-rows.ts';
import { useExporting, type ExportingUses } from './exporting.ts';
import { useMarks, type Marks } from './marks.ts';
import type { CellDeed } from './table-keys.ts';
import type { Ref } from 'vue';

export interface TableUses<Row, Name extends string> {
  /** Under which the settings hold its columns. */
  readonly name: string;
  /** Where all rows can be put into a file. */
  readonly exported?: FilterTable;
  readonly columns: readonly TextColumn<Row, Name>[];
  readonly rows: {
    readonly order: ExportingUses['rows']['order'];
    readonly total: number | undefined;
    read(first: number, last: number): Promise<readonly Row[] | undefined>;
    row(index: number): Row | undefined;
  };
  readonly index: Readonly<Ref<number | undefined>>;
  select(index: number): void;
  /** What else can be done with a row. */
  entriesOf?(row: Row): readonly MenuEntry[];
  /** A row as the command line prints it; as it is where absent. */
  whole?(row: Row): unknown;
}

export interface TableDeeds<Name extends string> {
  readonly arrangement: ArrangedColumns<Name>;
  readonly marks: Marks;
  /** Of the menu that exports all rows. */
  exports(): readonly MenuEntry[];
  menu(at: MenuPlace, index: number | undefined, column: Name | undefined): void;
  deed(deed: CellDeed, index: number | undefined, column: Name | undefined): void;
}

export function useTableDeeds<Row, Name extends string>(uses: TableUses<Row, Name>): TableDeeds<Name> {
  const { rows } = uses;
  const contextMenu = useContextMenu();
  const handles = useHandles();
  const arrangement = useArrangement(uses.name, uses.columns);
  const marks = useMarks(uses.index, () => rows.order, uses.select);
  const copy = useCopying({
    marks,
    rows,
    columns: () =>
      arrangement.shown.value.flatMap(({ name }) => uses.columns.find((column) => column.name === name) ?? []),
    ...(uses.whole ? { whole: uses.whole } : {}),
  });

  const { exported } = uses;
  const exports = exported
    ? useExporting({ table: exported, rows, columns: () => arrangement.shown.value.map(({ name }) => name) })
    : () => [];

  function rowEntries(): readonly MenuEntry[] {
    const amount = marks.amount.value;
    return [
      { heading: plural(amount, 'row') },
      ...ROW_FORMS.map((form) => ({
        label: `Copy as ${FORM_WORDS[form]}`,
        ...(form === 'text' ? { hint: 'Ctrl C' } : {}),
        disabled: amount === 0,
        run: () => void copy(form),
      })),
      {
        label: 'Select all',
        hint: 'Ctrl A',
        run: () => {
          marks.all(rows.total ?? 0);
        },
      },
    ];
  }

  /** The value of a cell, with its text. */
  function valueAt(index: number | undefined, name: Name | undefined): { handle: Handle; text: string } | undefined {
    const row = index === undefined ? undefined : rows.row(index);
    const column = uses.columns.find((one) => one.name === name);
    const handle = row === undefined ? undefined : column?.handle?.(row);
    return row !== undefined && column && handle ? { handle, text: column.text(row) } : undefined;
  }

  return {
    arrangement,
    marks,
    exports,
    menu: (at, index, column) => {
      const found = valueAt(index, column);
      const row = index === undefined ? undefined : rows.row(index);
      const parts = [
        found ? handles.entries(found.handle, found.text) : [],
        row === undefined ? [] : (uses.entriesOf?.(row) ?? []),
        rowEntries(),
        exports(),
      ].filter((entries) => entries.length > 0);
      contextMenu.open(
        at,
        parts.flatMap((entries, part) => (part === 0 ? entries : ['line' as const, ...entries])),
      );
    },
    deed: (deed, index, column) => {
      if (deed === 'copy') {
        void copy('text');
        return;
      }
      const found = valueAt(index, column);
      if (found) handles.apply(found.handle, deed);
    },
  };
}
