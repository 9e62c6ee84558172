/**
 * Which events fulfil a condition, found by the indexes of a capture that is still being read: as far as indexes hold what is
 * asked. What they do not hold is asked of the events that they leave over, where these are few.
 */
import { CALL_KINDS, EVENT_KINDS, type EventKind } from '#contract/event.ts';
import type { Progress } from '#contract/page.ts';
import type Database from 'better-sqlite3';
import { indexEntries, type Entries } from '../capture/index-entries.ts';
import { LEAST_INTEGER as FIRST } from '../capture/integers.ts';
import type { PageFile } from '../capture/page-file.ts';
import type { Ahead } from '../capture/read-ahead.ts';
import { Bits } from '../survey/bits.ts';
import type { Condition } from '../survey/order-build.ts';
import { walkByTime } from '../survey/time-walk.ts';
import { dependsOnVerdicts } from './judged.ts';
import { KernelStages } from './kernel-stages.ts';
import { Members, type IdSet } from './members.ts';
import { GIVES_PARAMETERS } from './places.ts';
import { simplified, united, type IdColumn, type Scan } from './scan.ts';
import type { Sql } from './sql.ts';

/** Events between two numbers by their distance from the first one. */
export interface FoundEvents {
  readonly bits: Bits;
  readonly size: number;
}

/** Ids that are looked up at a stretch, and events that are read at one. */
interface Pieces {
  readonly ids: number;
  readonly events: number;
}

const PIECES: Pieces = { ids: 1024, events: 1 << 15 };

/** How it goes about it. */
export interface Manner {
  readonly pieces?: Pieces | undefined;
  readonly ahead?: Ahead | undefined;
  /** The pages of the capture's file, where indexes may be gone through by these. */
  readonly file?: PageFile | undefined;
  /** Up to one in so many events is asked about alone. */
  readonly few?: number | undefined;
  /** With more ids than one in so many events, an index is gone through from one end to the other. */
  readonly sparse?: number | undefined;
}

/** Sets up to this size are looked up id by id. */
const MOST_IDS = 2_000_000;

/** Up to one in so many events is asked about alone. */
const FEW = 16;

/** With more ids than one in so many events, an index is gone through: looking an id up takes as long as passing by 128 entries. */
const SPARSE = 128;

/** Entries that are passed by at a stretch are those of so many pages. */
const PAGES = 64;

/** From so many on, asking one by one is a way through the whole table. */
const MANY = 4096;

/** Values that calls returned, which are asked about one by one. */
const MOST_RETURNS = 4096;

/** Up to so many of them are looked for in the file one by one before. */
const FEW_RETURNS = 16;

/** Most events are calls: what else there is is found sooner. */
const COMMONEST = 'finit_module';

/** As the indexes have it, to the letter. */
const IS_CALL = `(${CALL_KINDS.map((kind) => `kind = '${kind}'`).join(' OR ')})`;
const ARE_CALLS = `${IS_CALL} = 1`;

const INDEXES = { process_id: 'event_by_process', file_id: 'event_by_file' } as const;

type IndexedColumn = keyof typeof INDEXES;

/** What an index finds: itself, or all that it does not. */
interface Part {
  readonly found: Bits;
  readonly isTurned: boolean;
}

export class IndexScan {
  readonly #database: Database.Database;
  readonly #first: number;
  readonly #span: number;
  readonly #pieces: Pieces;
  readonly #ahead: Ahead | undefined;
  readonly #few: number;
  readonly #file: PageFile | undefined;
  readonly #sparse: number;
  /** Made when it is first asked: most conditions ask nothing of it. */
  #knownStages: KernelStages | undefined;

  /**
   * @param database of a capture that has the indexes
   * @param range the first and the last number of an event, which are safe ones
   */
  constructor(
    database: Database.Database,
    [first, last]: readonly [number, number],
    { pieces = PIECES, ahead, file, few = FEW, sparse = SPARSE }: Manner = {},
  ) {
    this.#ahead = ahead;
    this.#few = few;
    this.#file = file;
    this.#sparse = sparse;
    this.#database = database;
    this.#pieces = pieces;
    this.#first = first;
    this.#span = last - first + 1;
  }

  get #stages(): KernelStages {
    return (this.#knownStages ??= new KernelStages(this.#database));
  }

  /** Asks each event, which needs no order of them. Stops after each piece, with how many were found and how far it is. */
  *ask({ where, params }: Condition): Generator<Progress & { readonly found: number }, FoundEvents> {
    this.#ahead?.bring([{ tree: 'event' }]);
    const bits = new Bits(this.#span);
    const statement = this.#database
      .prepare<unknown[], number>(`SELECT event.seq FROM event WHERE event.seq BETWEEN ? AND ? AND (${where})`)
      .pluck()
      .safeIntegers(false);
    let size = 0;
    for (let done = 0; done < this.#span; yield { done, of: this.#span, found: size }) {
      const end = Math.min(done + this.#pieces.events, this.#span);
      // Bound as whole numbers: compared with a real one, the table is not gone through by its numbers alone.
      const seqs = statement.all(BigInt(this.#first + done), BigInt(this.#first + end - 1), ...params);
      this.#put(bits, seqs);
      size += seqs.length;
      done = end;
    }
    return { bits, size };
  }

  /** Stops after each piece. Undefined where the indexes do not hold what is asked. */
  *find(asked: Condition): Generator<void, FoundEvents | undefined> {
    if (!asked.scan) return undefined;
    const parts = conjuncts(united(simplified(asked.scan)));
    const held = parts.filter((part) => isIndexed(part) || isNarrowing(part));
    const isHeld = held.length === parts.length;
    // Of all calls, nearly every event is one.
    if (!isHeld && !parts.some((part) => isIndexed(part) && !isKinds(part) && !isGiven(part))) return undefined;
    // What is not held would be asked of what is not judged yet.
    if (!isHeld && dependsOnVerdicts(asked.where)) return undefined;
    const found = yield* this.#all(held);
    if (!found || (!isHeld && found.count * this.#few > this.#span)) return undefined;
    const bits = isHeld ? found : yield* this.#ask(found, asked);
    return { bits, size: bits.count };
  }

  /** Leaves those that fulfil the whole condition. */
  *#ask(found: Bits, { where, params }: Condition): Generator<void, Bits> {
    const statement = this.#database
      .prepare<unknown[], number>(
        `SELECT event.seq FROM event WHERE event.seq IN (SELECT value FROM json_each(?)) AND (${where})`,
      )
      .pluck()
      .safeIntegers(false);
    return yield* this.#those(found, (seqs) => statement.all(`[${seqs.join()}]`, ...params));
  }

  /** @param pass leaves of some numbers those that pass */
  *#those(found: Bits, pass: (seqs: readonly number[]) => readonly number[]): Generator<void, Bits> {
    const passing = new Bits(this.#span);
    const seqs: number[] = [];
    for (let at = found.next(0); at < this.#span; at = found.next(at + 1)) {
      seqs.push(this.#first + at);
      if (seqs.length < this.#pieces.ids) continue;
      this.#put(passing, pass(seqs.splice(0)));
      yield;
    }
    if (seqs.length > 0) this.#put(passing, pass(seqs));
    return passing;
  }

  /** Whether few enough are left over to be asked one by one. What is gone through for that is asked for ahead. */
  #areFew(found: Bits): boolean {
    const { count } = found;
    if (count * this.#few > this.#span) return false;
    if (count > MANY) this.#ahead?.bring([{ tree: 'event' }, { tree: 'event_by_call' }]);
    return true;
  }

  /** Leaves those of which that is true, or of what is turned those of which it is not. Returns false where they are too many. */
  *#narrow(found: Bits, part: Scan): Generator<void, boolean> {
    const asked = part.kind === 'not' ? part.part : part;
    if (!this.#areFew(found)) return false;
    const passing =
      asked.kind === 'change'
        ? yield* this.#those(found, (seqs) => this.#stages.withChange(seqs, asked.loads))
        : yield* this.#sharingOf(found);
    if (!passing) return false;
    if (part.kind === 'not') found.without(passing);
    else found.meet(passing);
    return true;
  }

  /** Those that shared a load. */
  *#sharingOf(found: Bits): Generator<void, Bits | undefined> {
    const files = new Set<bigint>();
    yield* this.#those(found, (seqs) => {
      for (const file of this.#stages.filesOf(seqs)) files.add(file);
      return [];
    });
    const sharing = yield* this.#stages.sharingOn(files);
    return sharing && (yield* this.#those(found, (seqs) => this.#stages.shared(seqs, sharing, undefined)));
  }

  /** Calls that shared one of those loads. */
  *#sharers(members: IdSet): Generator<void, Bits | undefined> {
    const files = new Set<bigint>();
    for (const ids of inPieces(members.values(), this.#pieces.ids)) {
      for (const file of this.#stages.filesOfLoads(ids)) files.add(file);
      yield;
    }
    const ids = new Members();
    for (const id of yield* this.#stages.alike(files)) ids.add(id);
    const found = yield* this.#lookedUp('file_id', ids, true);
    if (!this.#areFew(found)) return undefined;
    const sharing = yield* this.#stages.sharingOn(files);
    return sharing && (yield* this.#those(found, (seqs) => this.#stages.shared(seqs, sharing, members)));
  }

  /** Calls in which one of those changes of modules is the first of its sort. */
  *#changed(loads: boolean, members: IdSet): Generator<void, Bits> {
    if (members.size > MANY) this.#ahead?.bring([{ tree: 'event' }, { tree: 'event_by_call' }]);
    const found = new Bits(this.#span);
    for (const ids of inPieces(members.values(), this.#pieces.ids)) {
      this.#put(found, this.#stages.callsOf(ids, loads));
      yield;
    }
    return found;
  }

  /** What all of them find; undefined where none says what is there, but only what is not. */
  *#all(all: readonly Scan[]): Generator<void, Bits | undefined> {
    const parts = all.filter((part) => !isGiven(part) && !isNarrowing(part));
    const tests = parts.flatMap((part) => (isKinds(part) ? [part.test] : []));
    const kinds = EVENT_KINDS.filter((kind) => tests.every((test) => this.#passes(test, kind)));
    const others = parts.filter((part) => !isKinds(part));
    // An index that tells calls from others says of all of them at once whether they are.
    const cutting = kinds.join() === CALL_KINDS.join() ? others.find(tellsCalls) : undefined;
    const found: Part[] = [];
    for (const part of others) {
      const one = yield* this.#part(part, part === cutting);
      if (!one) return undefined;
      found.push(one);
    }
    const isCut = found.some(({ isTurned }) => !isTurned);
    const areKinds = tests.length > 0 && !cutting;
    if (areKinds && !isCut) found.unshift(yield* this.#kinds(kinds, false));
    const start = found.find(({ isTurned }) => !isTurned);
    if (!start) return undefined;
    let bits = start.found;
    for (const part of found) {
      if (part === start) continue;
      if (part.isTurned) bits.without(part.found);
      else bits.meet(part.found);
      yield;
    }
    if (areKinds && isCut) bits = yield* this.#ofKinds(bits, kinds);
    for (const part of all.filter(isNarrowing)) if (!(yield* this.#narrow(bits, part))) return undefined;
    const { text: where, params } = GIVES_PARAMETERS;
    return all.some(isGiven) ? yield* this.#ask(bits, { where, params }) : bits;
  }

  *#any(parts: readonly Scan[]): Generator<void, Bits | undefined> {
    const found = new Bits(this.#span);
    for (const part of parts) {
      const one = yield* this.#part(part);
      if (!one || one.isTurned) return undefined;
      found.join(one.found);
      yield;
    }
    return found;
  }

  /** @param calls of an index that tells calls from others: only these */
  *#part(part: Scan, calls = false): Generator<void, Part | undefined> {
    if (part.kind === 'not') {
      const inner = yield* this.#part(part.part);
      return inner && { found: inner.found, isTurned: !inner.isTurned };
    }
    const found = yield* this.#found(part, calls);
    return found && { found, isTurned: false };
  }

  *#found(part: Scan, calls: boolean): Generator<void, Bits | undefined> {
    switch (part.kind) {
      case 'and':
        return yield* this.#all(part.parts);
      case 'or':
        return yield* this.#any(part.parts);
      case 'value':
        return part.column === 'returned' ? yield* this.#returned(part.test, calls) : yield* this.#all([part]);
      case 'member':
        return yield* this.#members(part.column, part.members, calls);
      case 'moments':
        return yield* this.#moments(part.stretches);
      case 'change':
        return part.members && (yield* this.#changed(part.loads, part.members));
      case 'shared':
        return part.members && (yield* this.#sharers(part.members));
      default:
        return undefined;
    }
  }

  #placeOf(seq: number): number | undefined {
    const place = seq - this.#first;
    return place >= 0 && place < this.#span ? place : undefined;
  }

  #put(found: Bits, seqs: readonly number[]): void {
    for (const seq of seqs) {
      const place = this.#placeOf(seq);
      if (place !== undefined) found.set(place);
    }
  }

  /** Leaves those of some kinds. */
  *#ofKinds(found: Bits, kinds: readonly EventKind[]): Generator<void, Bits> {
    if (found.count === 0 || kinds.length === 0) return new Bits(this.#span);
    if (this.#areFew(found)) {
      const where = `+event.kind IN (${kinds.map((kind) => `'${kind}'`).join()})`;
      return yield* this.#ask(found, { where, params: [] });
    }
    const part = yield* this.#kinds(kinds, true);
    if (part.isTurned) found.without(part.found);
    else found.meet(part.found);
    return found;
  }

  /** @param isCut whether something else tells already which events it can be at most */
  *#kinds(passing: readonly EventKind[], isCut: boolean): Generator<void, Part> {
    const isTurned = isCut && passing.includes(COMMONEST);
    const found = new Bits(this.#span);
    const statement = this.#database
      .prepare<[string, number], number>(
        `SELECT seq FROM event WHERE kind = ? AND seq > ? ORDER BY seq LIMIT ${String(this.#pieces.events)}`,
      )
      .pluck()
      .safeIntegers(false);
    const asked = EVENT_KINDS.filter((one) => passing.includes(one) !== isTurned);
    this.#ahead?.bring(asked.map((key) => ({ tree: 'event_by_kind', key })));
    for (const kind of asked) {
      yield* this.#read(found, (last) => statement.all(kind, last));
    }
    return { found, isTurned };
  }

  /** @param after the next events after one, in the order of their numbers */
  *#read(found: Bits, after: (last: number) => number[]): Generator<void> {
    for (let last = this.#first - 1; ;) {
      const seqs = after(last);
      this.#put(found, seqs);
      yield;
      if (seqs.length < this.#pieces.events) return;
      last = seqs.at(-1) ?? last;
    }
  }

  #passes(test: Sql, value: string | bigint | null): boolean {
    const answer = this.#database
      .prepare<unknown[], bigint>(`SELECT (${test.text}) IS TRUE FROM (SELECT ? AS value)`)
      .pluck()
      .get(...test.params, value);
    return answer === 1n;
  }

  /** Asks once of each value that calls returned. Events that returned nothing are not found. */
  *#returned(test: Sql, calls: boolean): Generator<void, Bits | undefined> {
    if (this.#passes(test, null)) return undefined;
    const next = this.#database
      .prepare<[bigint], bigint | null>('SELECT min(return_value) FROM event WHERE return_value > ?')
      .pluck();
    const least = this.#database
      .prepare<[], bigint | null>('SELECT min(return_value) FROM event WHERE return_value IS NOT NULL')
      .pluck();
    const values: bigint[] = [];
    for (let value = least.get(); typeof value === 'bigint'; value = next.get(value)) {
      if (values.push(value) > MOST_RETURNS) return undefined;
      if (values.length % this.#pieces.ids === 0) yield;
    }
    const found = new Bits(this.#span);
    const seqs = this.#database
      .prepare<[bigint, number, number], number>(
        `SELECT seq FROM event WHERE return_value = ? AND ${IS_CALL} = ? AND seq > ?
         ORDER BY seq LIMIT ${String(this.#pieces.events)}`,
      )
      .pluck()
      .safeIntegers(false);
    const passing = values.filter((one) => this.#passes(test, one));
    const keys = passing.length > FEW_RETURNS ? [undefined] : passing;
    this.#ahead?.bring(keys.map((key) => ({ tree: 'event_by_return', key })));
    for (const value of passing) {
      for (const isCall of calls ? [1] : [0, 1]) yield* this.#read(found, (last) => seqs.all(value, isCall, last));
    }
    yield* this.#returnedLater(test, found, calls);
    return found;
  }

  /** Returns that were recorded after their call: one that stands in its row goes first. */
  *#returnedLater(test: Sql, found: Bits, calls: boolean): Generator<void> {
    const returns = this.#database
      .prepare<[bigint], [id: bigint, seq: bigint, value: bigint]>(
        `SELECT id, seq, return_value FROM call_return WHERE id > ? ORDER BY id LIMIT ${String(this.#pieces.events)}`,
      )
      .raw();
    const counts = this.#database.prepare<[bigint], number>(
      `SELECT 1 FROM event WHERE seq = ? AND return_value IS NULL ${calls ? `AND ${ARE_CALLS}` : ''}`,
    );
    const answers = new Map<bigint, boolean>();
    for (let last = FIRST; ;) {
      const rows = returns.all(last);
      for (const [id, seq, value] of rows) {
        last = id;
        let passes = answers.get(value);
        if (passes === undefined) answers.set(value, (passes = this.#passes(test, value)));
        if (passes && counts.get(seq) !== undefined) this.#put(found, [Number(seq)]);
      }
      yield;
      if (rows.length < this.#pieces.events) return;
    }
  }

  *#members(column: IdColumn, members: IdSet, calls: boolean): Generator<void, Bits | undefined> {
    if (members.size > MOST_IDS) return undefined;
    switch (column) {
      case 'process':
        return yield* this.#lookedUp('process_id', members, calls);
      case 'file': {
        const own = yield* this.#lookedUp('file_id', members, false);
        const found = calls ? yield* this.#lookedUp('file_id', members, true) : own.copy();
        return yield* this.#withAlike(own, found, calls);
      }
      case 'text':
        return yield* this.#asAlike(yield* this.#numbers(members));
      case 'seq':
        return yield* this.#numbers(members);
    }
  }

  *#moments(stretches: readonly (readonly [from: bigint, to: bigint])[]): Generator<void, Bits> {
    const found = new Bits(this.#span);
    for (const stretch of stretches) {
      for (const seqs of walkByTime(this.#database, stretch, false)) {
        this.#put(found, seqs);
        yield;
      }
    }
    return found;
  }

  *#numbers(members: IdSet): Generator<void, Bits> {
    const found = new Bits(this.#span);
    let looks = 0;
    for (const seq of members.values()) {
      this.#put(found, [Number(seq)]);
      if (++looks % this.#pieces.events === 0) yield;
    }
    return found;
  }

  /** Events by ids that an index holds. */
  *#lookedUp(column: IndexedColumn, members: IdSet, calls: boolean): Generator<void, Bits> {
    if (members.size > this.#pieces.ids) this.#ahead?.bring([{ tree: INDEXES[column] }]);
    const areMany = members.size * this.#sparse > this.#span;
    const found = areMany ? yield* this.#passedBy(column, members, calls) : undefined;
    return found ?? (yield* this.#lookedUpEach(column, members, calls));
  }

  /** By one way through the index. Undefined where only SQL can read it. */
  *#passedBy(column: IndexedColumn, members: IdSet, calls: boolean): Generator<void, Bits | undefined> {
    const found = new Bits(this.#span);
    const isRead = yield* this.#pass(INDEXES[column], 2, ({ size, columns: [ids, areCalls, seqs] }) => {
      for (let at = 0; at < size; at++) {
        const id = ids?.[at] ?? NaN;
        if (Number.isNaN(id) || !members.hasNumber(id) || (calls && areCalls?.[at] !== 1)) continue;
        const place = this.#placeOf(seqs?.[at] ?? NaN);
        if (place !== undefined) found.set(place);
      }
    });
    return isRead ? found : undefined;
  }

  /** Goes through all entries of an index. Returns false where only SQL can read it: then not all were taken. */
  *#pass(index: string, columns: number, take: (entries: Entries) => void): Generator<void, boolean> {
    if (!this.#file) return false;
    const pages = indexEntries(this.#file, index, columns);
    let page = pages.next();
    for (let passed = 1; page.done !== true; page = pages.next(), passed++) {
      take(page.value);
      if (passed % PAGES === 0) yield;
    }
    return page.value;
  }

  /** Many ids at once, and one by one where these have many events. */
  *#lookedUpEach(column: IndexedColumn, members: IdSet, calls: boolean): Generator<void, Bits> {
    const found = new Bits(this.#span);
    const only = calls ? `AND ${ARE_CALLS}` : '';
    const several = this.#database
      .prepare<[string], number>(
        `SELECT seq FROM event WHERE ${column} IN (SELECT value FROM json_each(?)) ${only} LIMIT ${String(this.#pieces.events)}`,
      )
      .pluck()
      .safeIntegers(false);
    const one = this.#database
      .prepare<[bigint, number, number], number>(
        `SELECT seq FROM event WHERE ${column} = ? AND ${IS_CALL} = ? AND seq > ? ORDER BY seq LIMIT ${String(this.#pieces.events)}`,
      )
      .pluck()
      .safeIntegers(false);
    for (const ids of inPieces(members.values(), this.#pieces.ids)) {
      const seqs = several.all(`[${ids.join()}]`);
      yield;
      if (seqs.length < this.#pieces.events) {
        this.#put(found, seqs);
        continue;
      }
      for (const id of ids) {
        for (const isCall of calls ? [1] : [0, 1]) yield* this.#read(found, (last) => one.all(id, isCall, last));
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
        const place = this.#placeOf(seqs?.[at] ?? NaN);
        if (place !== undefined && this.#isAmong(own, likes?.[at])) passed.set(place);
      }
    });
    if (isRead) return passed;
    for (const rows of this.#alikeRows(`file_id IS NULL ${calls ? `AND ${ARE_CALLS}` : ''}`)) {
      for (const [like, seq] of rows) if (this.#isAmong(own, Number(like))) this.#put(found, [Number(seq)]);
      yield;
    }
    return found;
  }

  /** The same of what they never have themselves. */
  *#asAlike(own: Bits): Generator<void, Bits> {
    const passed = own.copy();
    const take = (found: Bits, like: number, seq: number): void => {
      const place = this.#placeOf(seq);
      if (place === undefined) return;
      if (this.#isAmong(own, like)) found.set(place);
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

  #isAmong(found: Bits, seq: number | undefined): boolean {
    const place = this.#placeOf(seq ?? NaN);
    return place !== undefined && found.has(place);
  }

  /** Calls that stand for several, and the call that each is identical to. */
  *#alikeRows(condition: string): Generator<readonly (readonly [like: bigint, seq: bigint])[]> {
    const statement = this.#database
      .prepare<[bigint, bigint], [like: bigint, seq: bigint]>(
        `SELECT like_seq, seq FROM event WHERE like_seq IS NOT NULL AND (like_seq, seq) > (?, ?) AND ${condition}
         ORDER BY like_seq, seq LIMIT ${String(this.#pieces.events)}`,
      )
      .raw();
    for (let last: readonly [bigint, bigint] = [FIRST, FIRST]; ;) {
      const rows = statement.all(...last);
      yield rows;
      if (rows.length < this.#pieces.events) return;
      last = rows.at(-1) ?? last;
    }
  }
}

function* inPieces<Value>(values: Iterable<Value>, length: number): Generator<Value[]> {
  let piece: Value[] = [];
  for (const value of values) {
    if (piece.push(value) < length) continue;
    yield piece;
    piece = [];
  }
  if (piece.length > 0) yield piece;
}

const conjuncts = (scan: Scan): readonly Scan[] => (scan.kind === 'and' ? scan.parts.flatMap(conjuncts) : [scan]);

type OfKinds = Extract<Scan, { readonly kind: 'value' }>;

const isKinds = (scan: Scan): scan is OfKinds => scan.kind === 'value' && scan.column === 'kind';

/** No index holds it, and it is asked of what other parts find. */
const isGiven = (scan: Scan): boolean => scan.kind === 'given';

/** What can only be asked of calls that other parts find: whether there is a change of modules in them, or one that they shared. */
const isNarrowing = (scan: Scan): boolean =>
  scan.kind === 'not'
    ? isNarrowing(scan.part) && scan.part.kind !== 'not'
    : (scan.kind === 'change' || scan.kind === 'shared') && !scan.members;

/** Whether the index for it tells calls from other events. */
const tellsCalls = (scan: Scan): boolean =>
  (scan.kind === 'value' && scan.column === 'returned') ||
  (scan.kind === 'member' && (scan.column === 'process' || scan.column === 'file'));

/** Whether an index holds what is asked, as far as its shape tells. */
function isIndexed(scan: Scan): boolean {
  switch (scan.kind) {
    case 'and':
      return scan.parts.every((part) => isIndexed(part) || isNarrowing(part)) && scan.parts.some(isIndexed);
    case 'or':
      return scan.parts.every(isIndexed);
    case 'change':
    case 'shared':
      return scan.members !== undefined;
    case 'not':
      return isIndexed(scan.part);
    case 'value':
      return scan.column !== 'verdict';
    case 'member':
    case 'moments':
    case 'given':
      return true;
    default:
      return false;
  }
}
