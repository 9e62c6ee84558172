/** What a helper can do beside who asks it: each job is cut into pieces, which do not depend on each other. */
import type { MembersParts } from '../filter/members.ts';
import type { FoundOnPages, TableLook } from '../texts/table-search.ts';

/** What a statement finds, whose last two parameters are the first and the last number of what it goes through. */
export interface RowsJob {
  readonly kind: 'rows';
  /** Of one column of safe whole numbers. */
  readonly sql: string;
  readonly params: readonly unknown[];
  readonly first: bigint;
  readonly last: bigint;
  /** Numbers in a piece. */
  readonly length: bigint;
  /** The first piece is that of the last numbers. */
  readonly descending?: boolean;
  /** It may be other values as well: those that are no whole numbers are left out, and at one that is no safe one it fails. */
  readonly isMixed?: boolean;
}

/** Texts on the pages of a table. */
export interface PagesJob {
  readonly kind: 'pages';
  readonly look: TableLook;
  readonly pages: Uint32Array;
  /** Pages in a piece. */
  readonly length: number;
}

/** Rows by ids that the pages of an index hold: of its first column; of its second one, where that is asked for, only 1. */
export interface EntriesJob {
  readonly kind: 'entries';
  readonly members: MembersParts;
  readonly calls: boolean;
  readonly pages: Uint32Array;
  /** Pages in a piece. */
  readonly length: number;
}

/** Events of calls by the first image that was read in them, from the pages of the index of calls. */
export interface CallsJob {
  readonly kind: 'calls';
  /** Numbers of the readings that pass, and of all. */
  readonly chosen: MembersParts;
  readonly all: MembersParts;
  readonly pages: Uint32Array;
  /** Pages in a piece. */
  readonly length: number;
}

/** Rows by the words that the pages of an index of one text hold. */
export interface KindsJob {
  readonly kind: 'kinds';
  /** All that the index may hold, and which of them are asked for, 1 or 0. */
  readonly words: readonly string[];
  readonly wanted: Uint8Array<ArrayBuffer>;
  readonly pages: Uint32Array;
  /** Pages in a piece. */
  readonly length: number;
}

export interface FoundCalls {
  /** Numbers of events. */
  readonly rows: Float64Array<ArrayBuffer>;
  /** Calls that their pages do not tell all of. */
  readonly unclear: Float64Array<ArrayBuffer>;
}

/** Pages of an index that make a piece. */
export const INDEX_PAGES = 64;

/** A job on the pages of an index, which any of them may end: one that is not as SQLite writes it. */
export type IndexJobKind = 'entries' | 'calls' | 'kinds';

export type Job = RowsJob | PagesJob | EntriesJob | CallsJob | KindsJob;
export type JobKind = Job['kind'];
export type JobOf<Kind extends JobKind> = Extract<Job, { readonly kind: Kind }>;

/** What a piece comes to; undefined where who asked has to read it. */
export interface Found {
  /** Values as they were found. */
  readonly rows: Float64Array<ArrayBuffer>;
  readonly pages: FoundOnPages | undefined;
  /** Numbers of rows. */
  readonly entries: Float64Array<ArrayBuffer> | undefined;
  readonly calls: FoundCalls | undefined;
  readonly kinds: Float64Array<ArrayBuffer> | undefined;
}

/** How many pieces it has. */
export function piecesOf(job: Job): number {
  if (job.kind !== 'rows') return Math.ceil(job.pages.length / job.length);
  return job.last < job.first ? 0 : Number((job.last - job.first) / job.length) + 1;
}
