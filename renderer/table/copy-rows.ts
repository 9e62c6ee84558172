/** Rows as text for other programs. */
import { csvCell } from '#contract/csv.ts';
import type { TextColumn } from './column.ts';

export const ROW_FORMS = ['text', 'csv', 'json'] as const;
export type RowForm = (typeof ROW_FORMS)[number];

export const FORM_WORDS: Readonly<Record<RowForm, string>> = { text: 'text', csv: 'CSV', json: 'JSON' };

/** Rows that are copied at once at most. */
export const MOST_COPIED_ROWS = 10_000;

/** UTF-16 code units that are copied at once at most; main takes no longer text. */
export const MOST_COPIED_TEXT = (1 << 24) - 1;

type Columns<Row> = readonly TextColumn<Row, string>[];

/** A cell on one line, without what a terminal would obey. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ');

function lineOf<Row>(row: Row, columns: Columns<Row>, form: RowForm, whole: (row: Row) => unknown): string {
  switch (form) {
    case 'text':
      return columns.map((column) => oneLine(column.text(row))).join('\t');
    case 'csv':
      return columns.map((column) => csvCell(column.text(row))).join(',');
    case 'json':
      return JSON.stringify(whole(row));
  }
}

export interface CopyOptions<Row> {
  /** A row as the command line prints it; as it is where absent. */
  readonly whole?: (row: Row) => unknown;
  /** UTF-16 code units of the text at most. */
  readonly most?: number;
}

export interface CopiedRows {
  readonly text: string;
  /** Rows in it: fewer than were given where they are too long. */
  readonly rows: number;
}

/**
 * Rows in one form: text with a tab between cells, CSV with a line of headings, JSON as an array of whole rows.
 */
export function copiedRows<Row>(
  rows: readonly Row[],
  columns: Columns<Row>,
  form: RowForm,
  { whole = (row) => row, most = MOST_COPIED_TEXT }: CopyOptions<Row> = {},
): CopiedRows {
  const heading = form === 'csv' ? [columns.map(({ heading: words }) => csvCell(words)).join(',')] : [];
  const [separator, before, after] = form === 'json' ? [',\n', '[\n', '\n]\n'] : ['\n', '', '\n'];
  const lines = [...heading];
  let length = before.length + after.length + (heading[0]?.length ?? 0) + separator.length;
  for (const row of rows) {
    const line = lineOf(row, columns, form, whole);
    length += line.length + separator.length;
    if (length > most) break;
    lines.push(line);
  }
  return { text: before + lines.join(separator) + after, rows: lines.length - heading.length };
}
