/** Rows of a table as the text of a file. */
import type { Argument } from '#contract/event.ts';
import { csvCell } from '#contract/csv.ts';
import { EXPORT_COLUMNS, type ExportForm, type ExportRequest } from '#contract/row-export.ts';

/** How a file of rows begins, goes on and ends. */
export interface RowText {
  readonly before: string;
  /** @param first whether it is the file's first row */
  row(row: object, first: boolean): string;
  readonly after: string;
}

/** Names of the fields that the chosen columns stand for, each once. */
export function exportFields({ table, columns }: Pick<ExportRequest, 'table' | 'columns'>): readonly string[] {
  const fields = EXPORT_COLUMNS[table] as Readonly<Record<string, readonly string[]>>;
  return [...new Set(columns.flatMap((column) => fields[column] ?? []))];
}

export function rowText(request: Pick<ExportRequest, 'table' | 'columns' | 'form'>): RowText {
  const forms: Readonly<Record<ExportForm, () => RowText>> = {
    csv: () => csvText(exportFields(request)),
    ndjson: () => ({ before: '', row: (row) => `${JSON.stringify(row)}\n`, after: '' }),
    json: () => ({ before: '[', row: (row, first) => `${first ? '' : ','}\n${JSON.stringify(row)}`, after: '\n]\n' }),
  };
  return forms[request.form]();
}

function csvText(fields: readonly string[]): RowText {
  const paths = fields.map((field) => field.split('.'));
  return {
    before: `${fields.map(csvCell).join(',')}\n`,
    row: (row) => `${paths.map((path) => csvCell(cellText(valueAt(row, path)))).join(',')}\n`,
    after: '',
  };
}

/** What a row holds at a path; of lists on the way, that of each part. */
function valueAt(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined || value === undefined || value === null) return value;
  if (Array.isArray(value)) return value.map((part: unknown) => valueAt(part, path));
  if (typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
  return valueAt((value as Readonly<Record<string, unknown>>)[name], rest);
}

/** Empty where nothing was recorded; parts of a list with a space between. */
function cellText(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(cellText).join(' ');
  return typeof value === 'object' ? argumentText(value as Argument) : String(value as string | number | boolean);
}

/** The only objects among the fields are arguments. */
function argumentText({ name, state, text, value }: Argument): string {
  if (state === 'unreadable') return `${name}=(not readable)`;
  if (value === null) return `${name}=NULL`;
  return `${name}=${String(text ?? value ?? '')}${state === 'cut' ? '… (cut)' : ''}`;
}
