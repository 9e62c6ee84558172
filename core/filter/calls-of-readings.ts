/**
 * Events of calls by the first image that was read in each, by one way through the pages of the index of calls: SQL looks each
 * reading's event up, and the others of its call, which are spread over the whole table of events.
 */
import type Database from 'better-sqlite3';
import { indexPages } from '../capture/index-entries.ts';
import type { PageFile } from '../capture/page-file.ts';
import { inEqualShares, type Helper } from '../helper/errand.ts';
import type { CallsJob, FoundCalls } from '../helper/jobs.ts';
import { callsWork } from '../helper/works.ts';
import { takeBetween } from './call-groups.ts';
import { eventsByKind } from './events-by-kind.ts';
import { Members, type IdSet } from './members.ts';

export const CALLS_INDEX = 'event_by_call';
export const READING_KIND = 'image_read';

/** Entries that are passed by at a stretch are those of so many pages. */
const PAGES = 64;

/** Calls that SQL is asked about at a stretch. */
const SOME = 512;

export interface ReadingsManner {
  readonly file: PageFile;
  readonly helper?: Helper | undefined;
}

export class CallsOfReadings {
  readonly #database: Database.Database;
  readonly #file: PageFile;
  readonly #helper: Helper | undefined;

  /** @param database of a capture that has the indexes */
  constructor(database: Database.Database, { file, helper }: ReadingsManner) {
    this.#database = database;
    this.#file = file;
    this.#helper = helper;
  }

  /**
   * Numbers of all events of the calls whose first reading is a chosen one. Stops after each piece. Undefined where only SQL can
   * tell: there is no such index, or it is not as SQLite writes it.
   * @param chosen numbers of readings
   * @param ask the same by SQL of some calls
   */
  *find(chosen: Members, ask: (calls: readonly number[]) => Iterable<bigint>): Generator<void, Members | undefined> {
    const pages = indexPages(this.#file, CALLS_INDEX, 1);
    if (!pages) return undefined;
    const all = yield* this.#all();
    if (!all) return undefined;
    const readings = { chosen, all };
    const found = new Members();
    const unclear = new Set<number>();
    takeBetween(pages.between, readings, (call) => unclear.add(call));
    const job: CallsJob = {
      kind: 'calls',
      ...{ chosen: chosen.parts, all: all.parts },
      ...{ pages: pages.outer, length: PAGES },
    };
    let isRead = true;
    const take = (calls: FoundCalls | undefined): void => {
      for (const row of calls?.rows ?? []) found.addNumber(row);
      for (const call of calls?.unclear ?? []) unclear.add(call);
      isRead &&= calls !== undefined;
    };
    const sharing = inEqualShares<'calls'>(this.#helper, job, callsWork(this.#file, job), take);
    while (isRead && sharing.next().done !== true) yield;
    if (!isRead) return undefined;
    const calls = [...unclear];
    for (let at = 0; at < calls.length; at += SOME, yield) {
      for (const seq of ask(calls.slice(at, at + SOME))) found.add(seq);
    }
    return found;
  }

  /** Numbers of all readings; undefined where events have numbers that are no safe ones. */
  *#all(): Generator<void, Members | undefined> {
    const found = new Members();
    const ends = 'SELECT (SELECT min(seq) FROM event), (SELECT max(seq) FROM event)';
    const [first, last] = this.#database.prepare<[], unknown[]>(ends).raw().get() ?? [];
    if (typeof first !== 'bigint' || typeof last !== 'bigint') return found;
    if (!Number.isSafeInteger(Number(first)) || !Number.isSafeInteger(Number(last))) return undefined;
    const range = [Number(first), Number(last)] as const;
    const manner = { file: this.#file, helper: this.#helper };
    yield* eventsByKind(this.#database, [READING_KIND], range, manner, (seqs) => {
      for (const seq of seqs) found.addNumber(seq);
    });
    return found;
  }
}

/** The members of one set that are not those of another one. */
export function without(members: Members, others: IdSet): Members {
  if (others.size === 0) return members;
  const left = new Members();
  for (const value of members.values()) if (!others.has(value)) left.add(value);
  return left;
}
