/**
 * Events of calls by the first image that was read in each, by one way through the pages of the index of calls: SQL looks each
 * reading's event up, and the others of its call, which are spread over the whole table of events.
 */
import { indexPages } from '../capture/index-entries.ts';
import type { PageFile } from '../capture/page-file.ts';
import { throughIndex, type Helper } from '../helper/errand.ts';
import { INDEX_PAGES, type CallsJob } from '../helper/jobs.ts';
import { callsWork } from '../helper/works.ts';
import { takeBetween } from './call-groups.ts';
import { kindsByPages } from './events-by-kind.ts';
import { Members, type IdSet } from './members.ts';

export const CALLS_INDEX = 'event_by_call';
export const READING_KIND = 'image_read';

/** Calls that SQL is asked about at a stretch. */
const SOME = 512;

export interface ReadingsManner {
  /** Of a capture that has the indexes. */
  readonly file: PageFile;
  readonly helper?: Helper | undefined;
}

/**
 * Numbers of all events of the calls whose first reading is a chosen one. Stops after each piece. Undefined where only SQL can
 * tell: there are no such indexes, or they are not as SQLite writes them.
 * @param chosen numbers of readings
 * @param ask the same by SQL of some calls
 */
export function* callsOfReadings(
  { file, helper }: ReadingsManner,
  chosen: Members,
  ask: (calls: readonly number[]) => Iterable<bigint>,
): Generator<void, Members | undefined> {
  const pages = indexPages(file, CALLS_INDEX, 1);
  if (!pages) return undefined;
  const all = new Members();
  const areKnown = yield* kindsByPages(file, [READING_KIND], helper, (seqs) => {
    for (const seq of seqs) all.addNumber(seq);
  });
  if (!areKnown) return undefined;
  const readings = { chosen, all };
  const found = new Members();
  const unclear = new Set<number>();
  takeBetween(pages.between, readings, (call) => unclear.add(call));
  const job: CallsJob = {
    kind: 'calls',
    ...{ chosen: chosen.parts, all: all.parts },
    ...{ pages: pages.outer, length: INDEX_PAGES },
  };
  const isRead = yield* throughIndex<'calls'>(helper, job, callsWork(file, job), (calls) => {
    for (const row of calls.rows) found.addNumber(row);
    for (const call of calls.unclear) unclear.add(call);
  });
  if (!isRead) return undefined;
  const calls = [...unclear];
  for (let at = 0; at < calls.length; at += SOME, yield) {
    for (const seq of ask(calls.slice(at, at + SOME))) found.add(seq);
  }
  return found;
}

/** The members of one set that are not those of another one. */
export function without(members: Members, others: IdSet): Members {
  if (others.size === 0) return members;
  const left = new Members();
  for (const value of members.values()) if (!others.has(value)) left.add(value);
  return left;
}
