/**
 * Which events fulfil a condition, found by the indexes of a capture that is still being read: as far as indexes hold what is
 * asked. What they do not hold is asked of the events that they leave over, where these are few.
 */
import { CALL_KINDS, EVENT_KINDS, type EventKind } from '#contract/event.ts';
import type { Progress } from '#contract/page.ts';
import type Database from 'better-sqlite3';
import { INDEXED_ARE_CALLS as ARE_CALLS, INDEXED_IS_CALL as IS_CALL } from '../attempt/calls.ts';
import { LEAST_INTEGER as FIRST } from '../capture/integers.ts';
import type { PageFile } from '../capture/page-file.ts';
import type { Ahead } from '../capture/read-ahead.ts';
import { inEqualShares, type Helper } from '../helper/errand.ts';
import type { RowsJob } from '../helper/jobs.ts';
import { rowsWork } from '../helper/works.ts';
import type { Bits } from '../survey/bits.ts';
import type { Condition } from '../survey/order-build.ts';
import { walkByTime } from '../survey/time-walk.ts';
import { eventsByKind, KINDS_INDEX } from './events-by-kind.ts';
import { EventSpan, type Pieces } from './event-span.ts';
import { EventsById, type ByIdManner } from './events-by-id.ts';
import { inPieces } from './in-pieces.ts';
import { dependsOnVerdicts } from './judged.ts';
import { KernelStages } from './kernel-stages.ts';
import { Members, type IdSet } from './members.ts';
import { GIVES_PARAMETERS } from './places.ts';
import { conjuncts, simplified, united, type Scan } from './scan.ts';
import type { Sql } from './sql.ts';

/** Events between two numbers by their distance from the first one. */
export interface FoundEvents {
  readonly bits: Bits;
  readonly size: number;
}

/** How it goes about it. */
export interface Manner extends ByIdManner {
  readonly pieces?: Pieces | undefined;
  /** Up to one in so many events is asked about alone. */
  readonly few?: number | undefined;
}

/** Up to one in so many events is asked about alone. */
const FEW = 16;

/** Of kinds an index tells: it is gone through sooner, by so many times. */
const FEWER = 4;

/** From so many on, asking one by one is a way through the whole table. */
const MANY = 4096;

/** Values that calls returned, which are asked about one by one. */
const MOST_RETURNS = 4096;

/** Up to so many of them are looked for in the file one by one before. */
const FEW_RETURNS = 16;

/** Most events are calls: what else there is is found sooner. */
const COMMONEST = 'finit_module';

/** What an index finds: itself, or all that it does not. */
interface Part {
  readonly found: Bits;
  readonly isTurned: boolean;
}

export class IndexScan {
  readonly #database: Database.Database;
  readonly #span: EventSpan;
  readonly #byId: EventsById;
  readonly #ahead: Ahead | undefined;
  readonly #helper: Helper | undefined;
  readonly #file: PageFile | undefined;
  readonly #few: number;
  /** Made when it is first asked: most conditions ask nothing of it. */
  #knownStages: KernelStages | undefined;

  /**
   * @param database of a capture that has the indexes
   * @param range the first and the last number of an event, which are safe ones
   */
  constructor(database: Database.Database, range: readonly [number, number], manner: Manner = {}) {
    const { pieces, ahead, file, helper, few = FEW } = manner;
    this.#database = database;
    this.#span = new EventSpan(range, pieces);
    this.#byId = new EventsById(database, this.#span, manner);
    this.#ahead = ahead;
    this.#helper = helper;
    this.#file = file;
    this.#few = few;
  }

  get #stages(): KernelStages {
    return (this.#knownStages ??= new KernelStages(this.#database));
  }

  /** Asks each event, which needs no order of them. Stops after each piece, with how many were found and how far it is. */
  *askEach({ where, params }: Condition): Generator<Progress & { readonly found: number }, FoundEvents> {
    this.#ahead?.bring([{ tree: 'event' }]);
    const { size: of, pieces } = this.#span;
    const bits = this.#span.none();
    let found = 0;
    let done = 0;
    const sql = `SELECT event.seq FROM event WHERE (${where}) AND event.seq BETWEEN ? AND ?`;
    const asking = this.#throughEvents(sql, params, pieces.events, (seqs) => {
      this.#span.put(bits, seqs);
      found += seqs.length;
      done = Math.min(done + pieces.events, of);
    });
    while (asking.next().done !== true) yield { done, of, found };
    return { bits, size: found };
  }

  /**
   * Goes through all events with a helper. Stops after each piece.
   * @param sql of events in a range, which is bound last
   * @param length events in a piece
   */
  #throughEvents(
    sql: string,
    params: readonly unknown[],
    length: number,
    take: (seqs: Float64Array) => void,
  ): Generator<void> {
    const { first, size } = this.#span;
    const [from, to] = [BigInt(first), BigInt(first + size - 1)];
    const job: RowsJob = { kind: 'rows', sql, params, first: from, last: to, length: BigInt(length) };
    return inEqualShares<'rows'>(this.#helper, job, rowsWork(this.#database, job), take);
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
    if (!found || (!isHeld && found.count * this.#few > this.#span.size)) return undefined;
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
    const passing = this.#span.none();
    const seqs: number[] = [];
    for (let at = found.next(0); at < this.#span.size; at = found.next(at + 1)) {
      seqs.push(this.#span.first + at);
      if (seqs.length < this.#span.pieces.ids) continue;
      this.#span.put(passing, pass(seqs.splice(0)));
      yield;
    }
    if (seqs.length > 0) this.#span.put(passing, pass(seqs));
    return passing;
  }

  /** Whether few enough are left over to be asked one by one. What is gone through for that is asked for ahead. */
  #areFew(found: Bits, times = 1): boolean {
    const { count } = found;
    if (count * this.#few * times > this.#span.size) return false;
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
    for (const ids of inPieces(members.values(), this.#span.pieces.ids)) {
      for (const file of this.#stages.filesOfLoads(ids)) files.add(file);
      yield;
    }
    const ids = new Members();
    for (const id of yield* this.#stages.alike(files)) ids.add(id);
    const found = yield* this.#byId.lookedUp('file_id', ids, true);
    if (!this.#areFew(found)) return undefined;
    const sharing = yield* this.#stages.sharingOn(files);
    return sharing && (yield* this.#those(found, (seqs) => this.#stages.shared(seqs, sharing, members)));
  }

  /** Calls in which one of those changes of modules is the first of its sort. */
  *#changed(loads: boolean, members: IdSet): Generator<void, Bits> {
    if (members.size > MANY) this.#ahead?.bring([{ tree: 'event' }, { tree: 'event_by_call' }]);
    const found = this.#span.none();
    for (const ids of inPieces(members.values(), this.#span.pieces.ids)) {
      this.#span.put(found, this.#stages.callsOf(ids, loads));
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
    const found = this.#span.none();
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
        return yield* this.#byId.find(part.column, part.members, calls);
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

  /** Leaves those of some kinds. */
  *#ofKinds(found: Bits, kinds: readonly EventKind[]): Generator<void, Bits> {
    if (found.count === 0 || kinds.length === 0) return this.#span.none();
    if (this.#areFew(found, FEWER)) {
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
    const found = this.#span.none();
    const asked = EVENT_KINDS.filter((one) => passing.includes(one) !== isTurned);
    this.#ahead?.bring(asked.map((key) => ({ tree: KINDS_INDEX, key })));
    const { first, size } = this.#span;
    const manner = { file: this.#file, helper: this.#helper };
    yield* eventsByKind(this.#database, asked, [first, first + size - 1], manner, (seqs) => {
      this.#span.put(found, seqs);
    });
    return { found, isTurned };
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
      if (values.length % this.#span.pieces.ids === 0) yield;
    }
    const found = this.#span.none();
    const seqs = this.#database
      .prepare<[bigint, number, number], number>(
        `SELECT seq FROM event WHERE return_value = ? AND ${IS_CALL} = ? AND seq > ?
         ORDER BY seq LIMIT ${String(this.#span.pieces.events)}`,
      )
      .pluck()
      .safeIntegers(false);
    const passing = values.filter((one) => this.#passes(test, one));
    const keys = passing.length > FEW_RETURNS ? [undefined] : passing;
    this.#ahead?.bring(keys.map((key) => ({ tree: 'event_by_return', key })));
    for (const value of passing) {
      for (const isCall of calls ? [1] : [0, 1]) yield* this.#span.read(found, (last) => seqs.all(value, isCall, last));
    }
    yield* this.#returnedLater(test, found, calls);
    return found;
  }

  /** Returns that were recorded after their call: one that stands in its row goes first. */
  *#returnedLater(test: Sql, found: Bits, calls: boolean): Generator<void> {
    const returns = this.#database
      .prepare<[bigint], [id: bigint, seq: bigint, value: bigint]>(
        `SELECT id, seq, return_value FROM call_return WHERE id > ? ORDER BY id LIMIT ${String(this.#span.pieces.events)}`,
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
        if (passes && counts.get(seq) !== undefined) this.#span.mark(found, Number(seq));
      }
      yield;
      if (rows.length < this.#span.pieces.events) return;
    }
  }

  *#moments(stretches: readonly (readonly [from: bigint, to: bigint])[]): Generator<void, Bits> {
    const found = this.#span.none();
    for (const stretch of stretches) {
      for (const seqs of walkByTime(this.#database, stretch, false)) {
        this.#span.put(found, seqs);
        yield;
      }
    }
    return found;
  }
}

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
