/** Rows of a table to a file: which rows, in which form, and how far that is. */
import type { FilterTable } from './filter.ts';
import type { AttemptColumn, EventColumn, RowOrder } from './page.ts';

/** csv: a line of headings, then a line a row · ndjson: a JSON object a line · json: one array of objects. */
export const EXPORT_FORMS = ['csv', 'ndjson', 'json'] as const;
export type ExportForm = (typeof EXPORT_FORMS)[number];

export const EXPORT_FORM_WORDS: Readonly<Record<ExportForm, string>> = { csv: 'CSV', ndjson: 'NDJSON', json: 'JSON' };

/**
 * Fields of a row, named as in its JSON, that stand for each column of the tables. What is a list on the way has its
 * parts one after the other: `process.ancestors.comm` are the names of all parents.
 */
export const EXPORT_COLUMNS = {
  attempts: {
    time: ['time'],
    verdict: ['verdict'],
    module: ['module.name', 'operation', 'repeat'],
    by: ['process.comm'],
    from: ['file.path', 'file.deleted', 'kind'],
    returned: ['returnValue', 'errno'],
    startedBy: ['process.uid', 'process.ancestors.comm'],
    callId: ['callId'],
    kind: ['kind'],
    errno: ['errno'],
    duration: ['durationNs'],
    pid: ['process.pid'],
    uid: ['process.uid'],
    exe: ['process.exe'],
    image: ['image.sha256'],
    taints: ['module.taints'],
    contradictions: ['contradictions.code'],
  },
  events: {
    seq: ['seq'],
    time: ['time'],
    kind: ['kind'],
    process: ['process.comm', 'process.pid'],
    what: ['module.name', 'request.name', 'args', 'lost', 'snapshot.reason', 'clock.wall', 'detail'],
    returned: ['returnValue', 'errno'],
    callId: ['callId'],
    pid: ['pid'],
    tid: ['tid'],
    uid: ['process.uid'],
    exe: ['process.exe'],
    file: ['file.path'],
    duration: ['durationNs'],
    repeat: ['repeat'],
  },
} as const satisfies Readonly<Record<FilterTable, Readonly<Record<string, readonly string[]>>>>;

interface Exported<Table extends FilterTable, Column extends string> {
  readonly table: Table;
  readonly form: ExportForm;
  /** Of CSV, in this order; the forms of JSON hold whole rows, as the command line prints them. */
  readonly columns: readonly (keyof (typeof EXPORT_COLUMNS)[Table])[];
  readonly order: RowOrder<Column>;
}

/** All rows of a table as it stands: filtered, sorted, within its interval. */
export type ExportRequest = Exported<'attempts', AttemptColumn> | Exported<'events', EventColumn>;

export interface ExportProgress {
  /** reading: the capture is read, rows are found and sorted · writing: they go to the file. */
  readonly phase: 'reading' | 'writing';
  /** Rows of the capture, or of the file. */
  readonly done: number;
  /** 0 before it is known. */
  readonly of: number;
  /** Since the phase began. */
  readonly seconds: number;
}

/** What one step came to: further steps are needed, or the file is there. */
export type ExportStep = { readonly progress: ExportProgress } | { readonly saved: SavedRows };

export interface SavedRows {
  /** The file's own name. */
  readonly name: string;
  readonly rows: number;
  readonly bytes: number;
}

/** Where rows go. */
export interface ExportPlace {
  readonly path: string;
  /** Under which name the file is written until it is whole; in the same folder. */
  readonly fresh: string;
  /** Replaces what is there, as its owner has agreed to; otherwise that is an error. */
  readonly replace: boolean;
}
