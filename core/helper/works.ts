/** How the pieces of jobs are done, by a helper and by who asks it. */
import type Database from 'better-sqlite3';
import { Entries } from '../capture/index-entries.ts';
import { takeCalls } from '../filter/call-groups.ts';
import { Members, type IdSet } from '../filter/members.ts';
import { TableSearch } from '../texts/table-search.ts';
import type { CallsJob, EntriesJob, Found, KindsJob, PagesJob, RowsJob } from './jobs.ts';

/** Pages of a file by their numbers. */
export interface ReadPages {
  readonly pageSize: number;
  /** Returns false where there is none of that number, or it cannot be read. */
  read(page: number, into: Buffer): boolean;
}

type Work<Kind extends keyof Found> = (piece: number) => Found[Kind];

/** What is bound to its statement for a piece. */
export function rangeOf(
  { first, last, length, descending }: RowsJob,
  piece: number,
): readonly [first: bigint, last: bigint] {
  const before = BigInt(piece) * length;
  if (descending === true) {
    const from = last - before - length + 1n;
    return [from > first ? from : first, last - before];
  }
  const to = first + before + length - 1n;
  return [first + before, to < last ? to : last];
}

/** @throws RangeError where a value is no safe number, and it may be any */
export function rowsWork(database: Database.Database, job: RowsJob): Work<'rows'> {
  if (job.isMixed === true) {
    const statement = database.prepare<unknown[], unknown>(job.sql).pluck();
    return (piece) => Float64Array.from(wholeNumbers(statement.all(...job.params, ...rangeOf(job, piece))));
  }
  const statement = database.prepare<unknown[], number>(job.sql).pluck().safeIntegers(false);
  // Bound as whole numbers: compared with a real one, a table is not gone through by its numbers alone.
  return (piece) => Float64Array.from(statement.all(...job.params, ...rangeOf(job, piece)));
}

function wholeNumbers(values: readonly unknown[]): number[] {
  const numbers: number[] = [];
  for (const value of values) {
    if (typeof value !== 'bigint') continue;
    const number = Number(value);
    if (!Number.isSafeInteger(number)) throw new RangeError(`${String(value)} is no safe number`);
    numbers.push(number);
  }
  return numbers;
}

export function pagesWork(file: ReadPages, { look, pages, length }: PagesJob): Work<'pages'> {
  const search = new TableSearch(file.pageSize, look, (page, into) => file.read(page, into));
  return (piece) => search.on(pages.subarray(piece * length, (piece + 1) * length));
}

/**
 * Reads the entries of a piece's pages, one page after the other.
 * @returns false where one is not as SQLite writes it, or is not taken
 */
function eachPage(
  file: ReadPages,
  { pages, length }: { readonly pages: Uint32Array; readonly length: number },
  entries: Entries,
): (piece: number, take: (entries: Entries) => boolean) => boolean {
  const page = Buffer.alloc(file.pageSize);
  return (piece, take) =>
    pages
      .subarray(piece * length, (piece + 1) * length)
      .every((number) => file.read(number, page) && entries.read(page) && take(entries));
}

export function entriesWork(file: ReadPages, job: EntriesJob): Work<'entries'> {
  const each = eachPage(file, job, new Entries(2));
  const members = Members.of(job.members);
  return (piece) => {
    const found: number[] = [];
    const isRead = each(piece, (entries) => {
      takeRows(entries, members, job.calls, (row) => found.push(row));
      return true;
    });
    return isRead ? Float64Array.from(found) : undefined;
  };
}

export function callsWork(file: ReadPages, job: CallsJob): Work<'calls'> {
  const each = eachPage(file, job, new Entries(1));
  const readings = { chosen: Members.of(job.chosen), all: Members.of(job.all) };
  return (piece) => {
    const [rows, unclear]: [number[], number[]] = [[], []];
    const takers = { row: (seq: number) => rows.push(seq), unclear: (call: number) => unclear.push(call) };
    if (!each(piece, (entries) => takeCalls(entries, readings, takers))) return undefined;
    return { rows: Float64Array.from(rows), unclear: Float64Array.from(unclear) };
  };
}

export function kindsWork(file: ReadPages, job: KindsJob): Work<'kinds'> {
  const each = eachPage(file, job, new Entries(1, job.words));
  return (piece) => {
    const found: number[] = [];
    const isRead = each(piece, (entries) => {
      takeKinds(entries, job.wanted, (row) => found.push(row));
      return true;
    });
    return isRead ? Float64Array.from(found) : undefined;
  };
}

/** The rows of those entries whose word is wanted. */
export function takeKinds(
  { size, columns: [words, rows] }: Entries,
  wanted: Uint8Array,
  take: (row: number) => void,
): void {
  for (let at = 0; at < size; at++) if (wanted[words?.[at] ?? NaN] === 1) take(rows?.[at] ?? NaN);
}

/** The rows of those entries whose first column is in a set, and of calls only those whose second one says so. */
export function takeRows(
  { size, columns: [ids, areCalls, rows] }: Entries,
  members: IdSet,
  calls: boolean,
  take: (row: number) => void,
): void {
  for (let at = 0; at < size; at++) {
    const id = ids?.[at] ?? NaN;
    if (!Number.isNaN(id) && members.hasNumber(id) && (!calls || areCalls?.[at] === 1)) take(rows?.[at] ?? NaN);
  }
}
