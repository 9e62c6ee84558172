/** Pages of rows of a sorted table. */
import type { Wide } from './wide.ts';

/** By each of them rows can be sorted. */
export const ATTEMPT_COLUMNS = [
  ...(['time', 'verdict', 'module', 'by', 'from', 'returned', 'startedBy', 'callId', 'kind', 'errno'] as const),
  ...(['duration', 'pid', 'uid', 'exe', 'image', 'taints', 'contradictions'] as const),
] as const;
export type AttemptColumn = (typeof ATTEMPT_COLUMNS)[number];

export const EVENT_COLUMNS = [
  ...(['seq', 'time', 'kind', 'process', 'what', 'returned', 'callId'] as const),
  ...(['pid', 'tid', 'uid', 'exe', 'file', 'duration', 'repeat'] as const),
] as const;
export type EventColumn = (typeof EVENT_COLUMNS)[number];

/** A stretch of boot time, both ends included. */
export interface Interval {
  readonly fromNs: Wide;
  readonly toNs: Wide;
}

export interface PageRequest<Column extends string> {
  readonly sort: Column;
  readonly descending: boolean;
  /** Only rows whose moment lies in it; all rows where absent. */
  readonly within?: Interval;
  /** Only rows that this text of the filter language keeps (docs/filter-language.md); all rows where absent. */
  readonly filter?: string;
  /** Index of the first row wanted in the sorted order. Of attempts and events, a negative one counts from the end. */
  readonly start: number;
  /** 0 to 1000; with 0 only how many rows there are is told, and nothing is gone on with for it. */
  readonly limit: number;
}

export interface Page<Row> {
  /** Index of the first row. */
  readonly start: number;
  readonly rows: readonly Row[];
  /** Rows there are in all, as far as the capture was read. */
  readonly total: number;
  /** Absent once `total` is exact and the order final; until then whoever shows the page asks again. */
  readonly progress?: Progress;
  /** Beside `progress`: `total` and the order are exact already, and only what is said of the rows may change. */
  readonly counted?: true;
  /** Beside `progress`: these rows are as many as were wanted, and stay as they are; only `total` may change. */
  readonly settled?: true;
}

/** How far long work has come, in rows of the capture; 0 of 0 where all was done for what there was a moment ago. */
export interface Progress {
  readonly done: number;
  readonly of: number;
}

/** Which order a row's index is asked for. */
export type RowOrder<Column extends string> = Pick<PageRequest<Column>, 'sort' | 'descending' | 'within' | 'filter'>;
