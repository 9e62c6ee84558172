/**
 * Events by sets of ids that the indexes of a capture hold: of few ids each is looked up, for many the whole index is gone
 * through by its pages.
 */
import type Database from 'better-sqlite3';
import { INDEXED_ARE_CALLS as ARE_CALLS, INDEXED_IS_CALL as IS_CALL } from '../attempt/calls.ts';
import { Entries, indexPages } from '../capture/index-entries.ts';
import { LEAST_INTEGER as FIRST } from '../capture/integers.ts';
import type { PageFile } from '../capture/page-file.ts';
import type { Ahead } from '../capture/read-ahead.ts';
import { throughIndex, type Helper } from '../helper/errand.ts';
import { INDEX_PAGES, type EntriesJob } from '../helper/jobs.ts';
import { entriesWork, takeRows } from '../helper/works.ts';
import type { Bits } from '../survey/bits.ts';
import type { EventSpan } from './event-span.ts';
import { inPieces } from './in-pieces.ts';
import { Members, type IdSet } from './members.ts';
import type { IdColumn } from './scan.ts';

/** Sets up to this size are looked up id by id. */
const MOST_IDS = 2_000_000;

/** With more ids than one in so many events, an index is gone through: looking an id up takes as long as passing by 128 entries. */
const SPARSE = 128;

const INDEXES = { process_id: 'event_by_process', file_id: 'event_by_file' } as const;

type IndexedColumn = keyof typeof INDEXES;

/** How it goes about it. */
export interface ByIdManner {
  readonly ahead?: Ahead | undefined;
  /** The pages of the capture's file, where indexes may be gone through by these. */
  readonly file?: PageFile | undefined;
  readonly helper?: Helper | undefined;
  /** With more ids than one in so many events, an index is gone through from one end to the other. */
  readonly sparse?: number | undefined;
}

export class EventsById {
  readonly #database: Database.Database;
  readonly #span: EventSpan;
  readonly #ahead: Ahead | undefined;
  readonly #file: PageFile | undefined;
  readonly #helper: Helper | undefined;
  readonly #sparse: number;

  /** @param database of a capture that has the indexes */
  constructor(database: Database.Database, span: EventSpan, { ahead, file, helper, sparse = SPARSE }: ByIdManner) {
    this.#database = database;
    this.#span = span;
    this.#ahead = ahead;
    this.#file = file;
    this.#helper = helper;
    this.#sparse = sparse;
  }

  /**
   * Stops after each piece. Undefined where they are too many to be looked up.
   * @param calls only these
   */
  *find(column: IdColumn, members: IdSet, calls: boolean): Generator<void, Bits | undefined> {
    if (members.size > MOST_IDS && !this.#file) return undefined;
    switch (column) {
      case 'process':
        return yield* this.lookedUp('process_id', members, calls);
      case 'file': {
        const own = yield* this.lookedUp('file_id', members, false);
        const found = calls ? yield* this.lookedUp('file_id', members, true) : own.copy();
        return yield* this.#withAlike(own, found, calls);
      }
      case 'text':
        return yield* this.#asAlike(yield* this.#numbers(members));
      case 'seq':
        return yield* this.#numbers(members);
    }
  }

  /** By ids in one of the columns that have an index. Stops after each piece. */
  *lookedUp(column: IndexedColumn, members: IdSet, calls: boolean): Generator<void, Bits> {
    if (members.size > this.#span.pieces.ids) this.#ahead?.bring([{ tree: INDEXES[column] }]);
    const areMany = members.size * this.#sparse > this.#span.size;
    const found = areMany ? yield* this.#passedBy(column, members, calls) : undefined;
    return found ?? (yield* this.#lookedUpEach(column, members, calls));
  }

  *#numbers(members: IdSet): Generator<void, Bits> {
    const found = this.#span.none();
    if (members instanceof Members) {
      members.each((seq) => {
        this.#span.mark(found, seq);
      });
      return found;
    }
    let looks = 0;
    for (const seq of members.values()) {
      this.#span.mark(found, Number(seq));
      if (++looks % this.#span.pieces.events === 0) yield;
    }
    return found;
  }

  /** By one way through the index. Undefined where only SQL can read it. */
  *#passedBy(column: IndexedColumn, members: IdSet, calls: boolean): Generator<void, Bits | undefined> {
    const found = this.#span.none();
    const mark = (seq: number): void => {
      this.#span.mark(found, seq);
    };
    if (!(members instanceof Members)) {
      const isRead = yield* this.#pass(INDEXES[column], 2, (entries) => {
        takeRows(entries, members, calls, mark);
      });
      return isRead ? found : undefined;
    }
    const pages = this.#file && indexPages(this.#file, INDEXES[column], 2);
    if (!this.#file || !pages) return undefined;
    takeRows(pages.between, members, calls, mark);
    const job: EntriesJob = { kind: 'entries', members: members.parts, calls, pages: pages.outer, length: INDEX_PAGES };
    const isRead = yield* throughIndex<'entries'>(this.#helper, job, entriesWork(this.#file, job), (seqs) => {
      seqs.forEach(mark);
    });
    return isRead ? found : undefined;
  }

  /** Goes through all entries of an index. Returns false where only SQL can read it: then not all were taken. */
  *#pass(index: string, columns: number, take: (entries: Entries) => void): Generator<void, boolean> {
    const pages = this.#file && indexPages(this.#file, index, columns);
    if (!this.#file || !pages) return false;
    take(pages.between);
    const page = Buffer.alloc(this.#file.pageSize);
    const entries = new Entries(columns);
    for (const [passed, number] of pages.outer.entries()) {
      if (!this.#file.read(number, page) || !entries.read(page)) return false;
      take(entries);
      if (passed % INDEX_PAGES === INDEX_PAGES - 1) yield;
    }
    return true;
  }

  /** Many ids at once, and one by one where these have many events. */
  *#lookedUpEach(column: IndexedColumn, members: IdSet, calls: boolean): Generator<void, Bits> {
    const found = this.#span.none();
    const only = calls ? `AND ${ARE_CALLS}` : '';
    const several = this.#database
      .prepare<[string], number>(
        `SELECT seq FROM event WHERE ${column} IN (SELECT value FROM json_each(?)) ${only} LIMIT ${String(this.#span.pieces.events)}`,
      )
      .pluck()
      .safeIntegers(false);
    const one = this.#database
      .prepare<[bigint, number, number], number>(
        `SELECT seq FROM event WHERE ${column} = ? AND ${IS_CALL} = ? AND seq > ? ORDER BY seq LIMIT ${String(this.#span.pieces.events)}`,
      )
      .pluck()
      .safeIntegers(false);
    for (const ids of inPieces(members.values(), this.#span.pieces.ids)) {
      const seqs = several.all(`[${ids.join()}]`);
      yield;
      if (seqs.length < this.#span.pieces.events) {
        this.#span.put(found, seqs);
        continue;
      }
      for (const id of ids) {
        for (const isCall of calls ? [1] : [0, 1]) yield* this.#span.read(found, (last) => one.all(id, isCall, last));
      }
    }
    return found;
  }

  /** What the calls that stand for several have of the call that they are identical to, where they have no file of their own. */
  *#withAlike(own: Bits, found: Bits, calls: boolean): Generator<void, Bits> {
    const passed = found.copy();
    const isRead = yield* this.#pass('event_by_like', 4, ({ size, columns: [likes, seqs, files, areCalls] }) => {
      for (let at = 0; at < size; at++) {
        if (!Number.isNaN(files?.[at]) || (calls && areCalls?.[at] !== 1)) continue;
        if (this.#span.has(own, likes?.[at] ?? NaN)) this.#span.mark(passed, seqs?.[at] ?? NaN);
      }
    });
    if (isRead) return passed;
    for (const rows of this.#alikeRows(`file_id IS NULL ${calls ? `AND ${ARE_CALLS}` : ''}`)) {
      for (const [like, seq] of rows) if (this.#span.has(own, Number(like))) this.#span.mark(found, Number(seq));
      yield;
    }
    return found;
  }

  /** The same of what they never have themselves. */
  *#asAlike(own: Bits): Generator<void, Bits> {
    const passed = own.copy();
    const take = (found: Bits, like: number, seq: number): void => {
      const place = this.#span.placeOf(seq);
      if (place === undefined) return;
      if (this.#span.has(own, like)) found.set(place);
      else found.clear(place);
    };
    const isRead = yield* this.#pass('event_by_like', 4, ({ size, columns: [likes, seqs] }) => {
      for (let at = 0; at < size; at++) take(passed, likes?.[at] ?? NaN, seqs?.[at] ?? NaN);
    });
    if (isRead) return passed;
    const found = own.copy();
    for (const rows of this.#alikeRows('TRUE')) {
      for (const [like, seq] of rows) take(found, Number(like), Number(seq));
      yield;
    }
    return found;
  }

  /** Calls that stand for several, and the call that each is identical to. */
  *#alikeRows(condition: string): Generator<readonly (readonly [like: bigint, seq: bigint])[]> {
    const statement = this.#database
      .prepare<[bigint, bigint], [like: bigint, seq: bigint]>(
        `SELECT like_seq, seq FROM event WHERE like_seq IS NOT NULL AND (like_seq, seq) > (?, ?) AND ${condition}
         ORDER BY like_seq, seq LIMIT ${String(this.#span.pieces.events)}`,
      )
      .raw();
    for (let last: readonly [bigint, bigint] = [FIRST, FIRST]; ;) {
      const rows = statement.all(...last);
      yield rows;
      if (rows.length < this.#span.pieces.events) return;
      last = rows.at(-1) ?? last;
    }
  }
}
