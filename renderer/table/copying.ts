/** Copies the selected rows of a table, also those that are not there yet. */
import { useClipboard } from '../stores/clipboard.ts';
import { count, plural } from '../format/numbers.ts';
import { useRemark } from '../stores/remark.ts';
import type { TextColumn } from './column.ts';
import { copiedRows, MOST_COPIED_ROWS, type RowForm } from './copy-rows.ts';
import type { Marks } from './marks.ts';
import { firstOf } from './ranges.ts';

export interface CopyingUses<Row> {
  readonly marks: Marks;
  readonly rows: { read(first: number, last: number): Promise<readonly Row[] | undefined> };
  /** The columns that are shown. */
  columns(): readonly TextColumn<Row, string>[];
  /** A row as the command line prints it; as it is where absent. */
  whole?(row: Row): unknown;
}

export function useCopying<Row>(uses: CopyingUses<Row>): (form: RowForm) => Promise<void> {
  const clipboard = useClipboard();
  const { say } = useRemark();

  return async (form) => {
    const wanted = uses.marks.amount.value;
    if (wanted === 0) return;
    const rows: Row[] = [];
    for (const { from, to } of firstOf(uses.marks.ranges.value, MOST_COPIED_ROWS)) {
      const found = await uses.rows.read(from, to);
      if (!found) return;
      rows.push(...found);
    }
    const copied = copiedRows(rows, uses.columns(), form, uses.whole ? { whole: uses.whole } : {});
    if (!(await clipboard.copy(copied.text))) return;
    if (copied.rows === wanted) say(`${plural(wanted, 'row')} copied`);
    else say(`only the first ${count(copied.rows)} of ${plural(wanted, 'row')} copied: no more fit at once`, true);
  };
}
