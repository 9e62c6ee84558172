/** Events by their kinds, which an index of a capture holds: by its pages where these can be read, otherwise by SQL. */
import { EVENT_KINDS, type EventKind } from '#contract/event.ts';
import type Database from 'better-sqlite3';
import { indexPages } from '../capture/index-entries.ts';
import type { PageFile } from '../capture/page-file.ts';
import { inEqualShares, throughIndex, type Helper } from '../helper/errand.ts';
import { INDEX_PAGES, type KindsJob, type RowsJob } from '../helper/jobs.ts';
import { kindsWork, rowsWork, takeKinds } from '../helper/works.ts';

export const KINDS_INDEX = 'event_by_kind';

/** Events that SQL is asked about at a stretch, and how many stretches there may be. */
const EVENTS = 1n << 17n;
const MOST_PIECES = 100_000n;

export interface ByKindManner {
  readonly file?: PageFile | undefined;
  readonly helper?: Helper | undefined;
}

/**
 * Takes the numbers of all events of some kinds, in any order, some of them perhaps twice. Stops after each piece.
 * @param database of a capture that has the indexes
 * @param range the first and the last number of an event, which are safe ones
 */
export function* eventsByKind(
  database: Database.Database,
  kinds: readonly EventKind[],
  [first, last]: readonly [number, number],
  { file, helper }: ByKindManner,
  take: (seqs: Float64Array) => void,
): Generator<void> {
  if (file && (yield* kindsByPages(file, kinds, helper, take))) return;
  const [from, to] = [BigInt(first), BigInt(last)];
  const job: RowsJob = {
    kind: 'rows',
    sql: `SELECT seq FROM event WHERE kind IN (${kinds.map(() => '?').join()}) AND seq BETWEEN ? AND ?`,
    params: kinds,
    ...{ first: from, last: to },
    // Numbers that lie far apart are no recorder's: then all are asked for at once.
    length: (to - from) / EVENTS > MOST_PIECES ? to - from + 1n : EVENTS,
  };
  yield* inEqualShares<'rows'>(helper, job, rowsWork(database, job), take);
}

/** The same by pages alone. Returns false where not all were taken, because only SQL can read the index. */
export function* kindsByPages(
  file: PageFile,
  kinds: readonly EventKind[],
  helper: Helper | undefined,
  take: (seqs: Float64Array) => void,
): Generator<void, boolean> {
  const pages = indexPages(file, KINDS_INDEX, 1, { words: EVENT_KINDS, keys: kinds });
  if (!pages) return false;
  const job: KindsJob = {
    kind: 'kinds',
    words: EVENT_KINDS,
    wanted: Uint8Array.from(EVENT_KINDS, (kind) => (kinds.includes(kind) ? 1 : 0)),
    ...{ pages: pages.outer, length: INDEX_PAGES },
  };
  const between: number[] = [];
  takeKinds(pages.between, job.wanted, (seq) => between.push(seq));
  take(Float64Array.from(between));
  return yield* throughIndex<'kinds'>(helper, job, kindsWork(file, job), take);
}
