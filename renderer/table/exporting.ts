/** All rows of a table into a file: what can be chosen. */
import type { FilterTable } from '#contract/filter.ts';
import { EXPORT_FORM_WORDS, EXPORT_FORMS, type ExportForm, type ExportRequest } from '#contract/row-export.ts';
import type { Interval } from '#contract/page.ts';
import { plural } from '../format/numbers.ts';
import type { MenuEntry } from '../stores/context-menu.ts';
import { useRowExport } from '../stores/row-export.ts';

export interface ExportingUses {
  readonly table: FilterTable;
  readonly rows: {
    readonly total: number | undefined;
    readonly progress?: object | undefined;
    readonly order: {
      readonly sort: string;
      readonly descending: boolean;
      readonly within?: Interval;
      readonly filter?: string;
    };
  };
  /** Names of the columns that are shown. */
  columns(): readonly string[];
}

export function useExporting(uses: ExportingUses): () => readonly MenuEntry[] {
  const rowExport = useRowExport();

  function requestFor(form: ExportForm): ExportRequest {
    const { sort, descending, within, filter } = uses.rows.order;
    const order = {
      ...{ sort, descending },
      ...(within ? { within: { ...within } } : {}),
      ...(filter === undefined ? {} : { filter }),
    };
    // The table's own order and columns; the types of both tables do not meet here.
    return { table: uses.table, form, columns: [...uses.columns()], order } as unknown as ExportRequest;
  }

  return () => {
    const { total, progress } = uses.rows;
    const amount = total === undefined || progress ? 'all rows' : total === 1 ? '1 row' : `all ${plural(total, 'row')}`;
    return [
      { heading: `Export ${amount} to a file` },
      ...EXPORT_FORMS.map((form) => ({
        label: `${EXPORT_FORM_WORDS[form]}…`,
        hint: form === 'csv' ? 'the columns shown' : form === 'ndjson' ? 'whole rows, one a line' : 'whole rows',
        disabled: total === 0 || rowExport.underWay !== undefined,
        run: () => void rowExport.run(requestFor(form)),
      })),
    ];
  };
}
