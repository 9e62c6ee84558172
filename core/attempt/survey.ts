/**
 * Goes through a capture once, a piece at a time, and keeps of each call what tables and timeline need of all of them.
 * What others ask meanwhile is answered from what was read. Where the capture grows, the survey goes on.
 */
import type { Verdict } from '#contract/attempt.ts';
import { CALL_KINDS, EVENT_KINDS, type CallKind, type EventKind } from '#contract/event.ts';
import type { Progress } from '#contract/page.ts';
import type Database from 'better-sqlite3';
import type { Row } from '../capture/columns.ts';
import { CaptureError } from '../capture/failure.ts';
import { asFailure, type Capture } from '../capture/open.ts';
import type { Held } from '../filter/row-scan.ts';
import { ImageCounter, type ImageCounts } from '../image/image-counts.ts';
import { hiddenModules } from '../views/hidden-modules.ts';
import { EventRows, MOST_EXPECTED } from '../survey/event-rows.ts';
import { CallList } from './call-list.ts';
import { BRIEF, briefCall, briefCells, type BriefCall } from './calls.ts';
import { EventPieces, GIVEN_CELL, LIKE_CELL, PIECE, PROCESS_CELL, whole } from './event-pieces.ts';
import { FactReader, type ModuleChange } from './facts.ts';
import { Judge } from './judge.ts';
import { RepeatList } from './repeat-list.ts';

/** Calls before the newest ones that a load which came later may have answered. */
const LOOKED_BACK = 2000;

const isLoad = (kind: unknown): boolean => kind === 'finit_module' || kind === 'init_module';

const isCallKind = (kind: string): kind is CallKind => (CALL_KINDS as readonly string[]).includes(kind);

export class Survey {
  /** What is kept of each event. */
  readonly rows = new EventRows();
  readonly repeats = new RepeatList();
  readonly list: CallList;
  readonly #capture: Capture;
  readonly #reader: FactReader;
  readonly #images: ImageCounter;
  readonly #events: EventPieces;
  readonly #brief: Database.Statement<[number], Row>;
  readonly #givenAlike: Database.Statement<[number | bigint], unknown>;
  readonly #fileOf: Database.Statement<[number | bigint], unknown>;
  readonly #lastSnapshot: Database.Statement<[], unknown>;
  /** Each for itself, so that each is one look. */
  readonly #ends: Database.Statement<[], unknown[]>;
  readonly #kinds = new Map<string, number>();
  /** By seq: the loads that calls without one of their own shared. */
  readonly #shared = new Map<number, ModuleChange>();
  #judge: Judge;
  /** How much was known when calls were last judged by it. */
  #judgedBy = '';
  #hiddenBy = '';
  #factsDone = false;
  #mark = 0;
  #firstSeq = 0;
  #lastSeq = Number.MIN_SAFE_INTEGER;
  #read = 0;
  #of = 0;
  #work: Generator<void> | undefined;
  #failure: CaptureError | undefined;

  constructor(capture: Capture) {
    const { database } = capture;
    this.#capture = capture;
    this.list = new CallList(this.rows, (row) =>
      this.rows.repeated.has(row) ? this.repeats.countOf(this.rows.seqAt(row)) : 1,
    );
    this.#reader = new FactReader(capture);
    this.#images = new ImageCounter(database);
    this.#events = new EventPieces(database);
    this.#brief = database.prepare<[number], Row>(`SELECT ${BRIEF} FROM event WHERE event.seq = ?`);
    this.#fileOf = database.prepare<[number | bigint], unknown>('SELECT file_id FROM event WHERE seq = ?').pluck();
    this.#givenAlike = database
      .prepare<[number | bigint], unknown>(
        `SELECT CASE event.kind WHEN 'finit_module' THEN alike.arg1 WHEN 'init_module' THEN alike.arg2 END <> 0
         FROM event JOIN event AS alike ON alike.seq = event.like_seq WHERE event.seq = ?`,
      )
      .pluck();
    this.#lastSnapshot = database.prepare<[], unknown>('SELECT max(seq) FROM snapshot_fact').pluck();
    this.#ends = database
      .prepare<[], unknown[]>('SELECT (SELECT min(seq) FROM event), (SELECT max(seq) FROM event)')
      .raw();
    this.#judge = new Judge(this.#reader.facts(), [], database);
    this.grow();
  }

  /** Judges by the facts that were read so far. */
  get judge(): Judge {
    return this.#judge;
  }

  /** Another number where more is known than before that verdicts of all calls depend on. */
  get mark(): number {
    return this.#mark;
  }

  /** What ended the reading before its end, until there are new rows. */
  get failure(): CaptureError | undefined {
    return this.#failure;
  }

  /** How far the survey is, in events that were read altogether; undefined where it is through. */
  get progress(): Progress | undefined {
    if (!this.#work) return undefined;
    // Every row is gone through twice: for what the kernel did, and for the calls.
    const facts = this.#factsDone ? this.#of : Number(this.#reader.readTo) - this.#firstSeq;
    const of = Math.max(this.#of, this.#read);
    const done = (Math.min(Math.max(facts, 0), of) + this.#read) / 2;
    return { done: Math.floor(Math.min(done, of)), of };
  }

  /** The name that the call with that seq has from the load that it shared. */
  sharedName(seq: number): string | undefined {
    return this.#shared.get(seq)?.name;
  }

  /** seq of the load that the call with that seq shared. */
  sharedLoad(seq: number): bigint | undefined {
    return this.#shared.get(seq)?.seq;
  }

  /** The verdict of the call with that seq, as far as it was read. Answers from memory, in one look. */
  verdictAt(seq: number): Verdict | undefined {
    const row = this.rows.rowOf(seq);
    return row === undefined ? undefined : this.rows.verdictAt(row);
  }

  /** Index of what the kernel loaded, or freed, first in a call. */
  #changeIn(callId: number, loaded: boolean): number | undefined {
    const { modules } = this.#judge.facts;
    return modules.ofCall(callId).find((change) => modules.loadsAt(change) === loaded);
  }

  /** Its name. */
  kernelsName(callId: number, loaded: boolean): string | undefined {
    const at = this.#changeIn(callId, loaded);
    return at === undefined ? undefined : this.#judge.facts.modules.nameAt(at);
  }

  /** Its seq. */
  kernelsSeq(callId: number, loaded: boolean): bigint | undefined {
    const at = this.#changeIn(callId, loaded);
    return at === undefined ? undefined : BigInt(this.#judge.facts.modules.seqAt(at));
  }

  /** What conditions are asked of once everything was read. */
  get held(): Held {
    return { rows: this.rows, modules: this.#judge.facts.modules, shared: this.#shared };
  }

  /** Events by kind, as far as they were read. */
  get eventsByKind(): Partial<Record<EventKind, number>> {
    return Object.fromEntries(
      EVENT_KINDS.flatMap((kind) => (this.#kinds.has(kind) ? [[kind, this.#kinds.get(kind)]] : [])),
    );
  }

  /** Numbers of the first and of the last event there is. */
  get range(): readonly [number, number] {
    return [this.#firstSeq, this.#firstSeq + this.#of - 1];
  }

  /** Number of the last event that was read; before the first one where none was. */
  get lastRead(): number {
    return this.#lastSeq;
  }

  /** Events that were read. */
  get events(): number {
    return this.#read;
  }

  /** Whether the numbers of the events that were read follow each other without a gap. */
  get dense(): boolean {
    return this.rows.dense;
  }

  get imageCounts(): ImageCounts {
    return this.#images.counts();
  }

  /** There are new rows. */
  grow(): void {
    const [first, last] = this.#ends.get() ?? [];
    if (typeof first === 'bigint' && typeof last === 'bigint') {
      this.#firstSeq = Number(first);
      this.#of = Number(last - first) + 1;
      this.rows.expect(this.#of);
      this.list.expect(Math.min(this.#of, MOST_EXPECTED));
    }
    this.#factsDone = false;
    this.#failure = undefined;
    this.list.isWhole = false;
    this.#work = this.#go();
  }

  /** Reading that has failed is not through, and fails again. */
  #next(): boolean {
    if (this.#failure) throw this.#failure;
    try {
      return this.#work?.next().done !== true;
    } catch (error) {
      const { code, message } = asFailure(error, this.#capture.path).failure;
      const at = Math.max(this.#lastSeq, Number(this.#reader.readTo), 0);
      this.#failure = new CaptureError(code, `${message}; it was read up to event ${String(at)}`);
      throw this.#failure;
    }
  }

  /**
   * Goes on for that many milliseconds, and at least a bit. Returns whether it is through.
   * @throws CaptureError where the capture cannot be read any further
   */
  step(milliseconds: number): boolean {
    const end = performance.now() + milliseconds;
    do {
      if (!this.#work || !this.#next()) {
        this.#work = undefined;
        this.list.isWhole = true;
        this.#mark++;
        return true;
      }
    } while (performance.now() < end);
    return false;
  }

  *#go(): Generator<void> {
    const first = this.#read === 0;
    for (const piece of this.#reader.read()) {
      // The first rows are shown before everything is known that the verdicts of others depend on.
      if (first && this.#read === 0) {
        this.#judge = new Judge(this.#reader.facts(), [], this.#capture.database);
        this.#judge.facts.modules.settle();
        this.#readPiece(Number(this.#reader.readTo));
      }
      yield piece;
    }
    this.#factsDone = true;
    const facts = this.#reader.facts();
    const { modules, sharing, losses } = facts;
    const hiddenBy = [modules.size, losses.length, this.#lastSnapshot.get()].join(' ');
    const hidden = hiddenBy === this.#hiddenBy ? this.#judge.hidden : yield* hiddenModules(this.#capture, facts);
    this.#hiddenBy = hiddenBy;
    this.#judge = new Judge(facts, hidden, this.#capture.database);
    this.#mark++;
    yield* this.#judgeAnew([hiddenBy, sharing.size, modules.timesEnded].join(' '));
    while (this.#readPiece(Number.MAX_SAFE_INTEGER)) yield;
    yield* this.#images.read();
  }

  /**
   * Verdicts that a fact which came later can change.
   * @param by how much is known: where that is as much as before, calls have at most returned since
   */
  *#judgeAnew(by: string): Generator<void> {
    const { list } = this;
    const places = list.placesOf(by === this.#judgedBy ? ['no-return'] : ['live', 'no-return', 'contradiction']);
    for (let place = Math.max(0, list.size - LOOKED_BACK); place < list.size && by !== this.#judgedBy; place++) {
      places.push(place);
    }
    for (const [index, place] of places.entries()) {
      const found = this.#brief.get(list.seqAt(place));
      if (!found) continue;
      const call = briefCall(found);
      const row = list.rowAt(place);
      // A return may have been recorded since.
      if (call.returned !== undefined) this.rows.setReturn(row, call.returned);
      list.judgeAnew(place, this.#judge.failedAlone(call) ?? this.#judged(call));
      this.#account(call, row);
      if (index % 256 === 255) yield;
    }
    this.#judgedBy = by;
  }

  /** Reads the next events, up to one. Returns whether there are more. */
  #readPiece(upTo: number): boolean {
    const calls: number[] = [];
    const rows = this.#events.after(this.#lastSeq);
    for (const cells of rows) {
      const seq = whole(cells[0]);
      const ns = whole(cells[1]);
      const kind = cells[2];
      if (seq === undefined || ns === undefined || typeof kind !== 'string') {
        throw new CaptureError('damaged', 'the capture is damaged: an event does not hold what events hold');
      }
      if (Number(seq) > upTo) break;
      this.#lastSeq = Number(seq);
      this.#read++;
      this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
      const row = this.rows.add({
        seq: Number(seq),
        ns,
        kind,
        fileId: this.#fileId(cells),
        processId: whole(cells[PROCESS_CELL]),
        returned: whole(cells[5]),
        likeSeq: whole(cells[LIKE_CELL]),
        given: this.#isGiven(cells),
      });
      if (!isCallKind(kind)) continue;
      calls.push(row);
      if (!this.#takePlainly(kind, cells, row)) this.#take(briefCells(cells), row);
    }
    this.list.add(calls);
    return rows.length === PIECE;
  }

  /** A call that stands for several has the file of the one that they are identical to. */
  #fileId(cells: readonly unknown[]): number | bigint | undefined {
    const own = whole(cells[4]);
    const like = whole(cells[LIKE_CELL]);
    if (own !== undefined || like === undefined || !this.rows.files.isHeld) return own;
    const row = this.rows.rowOf(Number(like));
    if (row === undefined) return whole(this.#fileOf.get(like));
    const file = this.rows.files.at(row);
    return file === 0 ? undefined : file;
  }

  /** The same for the pointer to parameters. */
  #isGiven(cells: readonly unknown[]): boolean {
    const own = cells[GIVEN_CELL];
    const like = whole(cells[LIKE_CELL]);
    if (own !== null || like === undefined || !isLoad(cells[2])) return Number(own) === 1;
    const row = this.rows.rowOf(Number(like));
    if (row !== undefined && this.rows.kindAt(row) === cells[2]) return this.rows.given.has(row);
    return Number(this.#givenAlike.get(whole(cells[0]) ?? 0)) === 1;
  }

  /** Most calls failed without a trace: of these no object is made. */
  #takePlainly(kind: CallKind, cells: readonly unknown[], row: number): boolean {
    const [, , , callId, fileId, returned, , repeat] = cells;
    if (repeat !== 1 || typeof callId !== 'number' || typeof returned !== 'number' || returned >= 0) return false;
    const verdict = this.#judge.failedPlainly(kind, callId, whole(fileId));
    if (verdict !== undefined) this.rows.setVerdict(row, verdict);
    return verdict !== undefined;
  }

  #take(call: BriefCall, row: number): void {
    const verdict = this.#judge.failedAlone(call) ?? this.#judged(call);
    if (call.repeat !== 1) {
      this.repeats.add(Number(call.seq), call.ns, call.lastNs ?? call.ns, call.repeat, verdict);
      this.rows.repeated.set(row);
    }
    this.rows.setVerdict(row, verdict);
    this.#account(call, row);
  }

  #judged(call: BriefCall): Verdict {
    const { verdict, sharedWith, life } = this.#judge.judge(call);
    if (sharedWith && life?.load) this.#shared.set(Number(call.seq), life.load);
    else this.#shared.delete(Number(call.seq));
    return verdict;
  }

  /** Notes which changes of modules the call explains: any load, and a free where it removes or fails. */
  #account({ callId, kind, returned }: BriefCall, row: number): void {
    const { modules } = this.#judge.facts;
    if (!modules.hasCall(callId)) return;
    for (const at of modules.ofCall(callId)) {
      modules.setCallRow(at, row);
      const explains = modules.loadsAt(at) || kind === 'delete_module' || (returned !== undefined && returned < 0n);
      if (explains) modules.account(at);
    }
  }
}
