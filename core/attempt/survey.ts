/**
 * Goes through a capture once, a piece at a time, and keeps of each call what tables and timeline need of all of them.
 * What others ask meanwhile is answered from what was read. Where the capture grows, the survey goes on.
 */
import { VERDICTS, type Verdict } from '#contract/attempt.ts';
import { CALL_KINDS, EVENT_KINDS, type EventKind } from '#contract/event.ts';
import type { Progress } from '#contract/page.ts';
import type Database from 'better-sqlite3';
import type { Row } from '../capture/columns.ts';
import { CaptureError } from '../capture/failure.ts';
import type { Capture } from '../capture/open.ts';
import { ImageCounter, type ImageCounts } from '../image/image-counts.ts';
import { hiddenModules } from '../views/hidden-modules.ts';
import { CallList, type ListedCall } from './call-list.ts';
import { BRIEF, briefCall, briefCells, type BriefCall } from './calls.ts';
import { FactReader, type ModuleChange } from './facts.ts';
import { Judge } from './judge.ts';
import { RepeatList } from './repeat-list.ts';

/** Events that are read at a stretch: about 10 ms. */
const PIECE = 8192;

const EVENTS = `SELECT ${BRIEF} FROM event WHERE event.seq > ? ORDER BY event.seq LIMIT ${String(PIECE)}`;

/** Calls before the newest ones that a load which came later may have answered. */
const LOOKED_BACK = 2000;

const CALLS: ReadonlySet<unknown> = new Set(CALL_KINDS);

/** Verdicts by the number of the call's event. */
interface VerdictTable {
  readonly mark: number;
  readonly first: number;
  /** Index into VERDICTS and one, 0 where there is no call; undefined where the numbers lie too far apart. */
  readonly verdicts: Uint8Array | undefined;
}

/** Numbers of events up to here apart are put into a table. */
const MOST_SPAN = 1 << 28;

function verdictTable(list: CallList, [first, last]: readonly [number, number], mark: number): VerdictTable {
  if (last - first >= MOST_SPAN) return { mark, first, verdicts: undefined };
  const verdicts = new Uint8Array(last - first + 1);
  for (let place = 0; place < list.size; place++) {
    verdicts[list.seqAt(place) - first] = VERDICTS.indexOf(list.verdictAt(place)) + 1;
  }
  return { mark, first, verdicts };
}

export class Survey {
  readonly list = new CallList();
  readonly repeats = new RepeatList();
  readonly #capture: Capture;
  readonly #reader: FactReader;
  readonly #images: ImageCounter;
  readonly #events: Database.Statement<[number], unknown[]>;
  readonly #brief: Database.Statement<[number], Row>;
  /** Each for itself, so that each is one look. */
  readonly #ends: Database.Statement<[], unknown[]>;
  readonly #kinds = new Map<string, number>();
  /** By seq: the loads that calls without one of their own shared. */
  readonly #shared = new Map<number, ModuleChange>();
  #verdicts: VerdictTable | undefined;
  #judge: Judge;
  #factsDone = false;
  #mark = 0;
  #firstSeq = 0;
  #lastSeq = Number.MIN_SAFE_INTEGER;
  #read = 0;
  #of = 0;
  #work: Generator<void> | undefined;

  constructor(capture: Capture) {
    const { database } = capture;
    this.#capture = capture;
    this.#reader = new FactReader(capture);
    this.#images = new ImageCounter(database);
    this.#events = database.prepare<[number], unknown[]>(EVENTS).raw();
    this.#brief = database.prepare<[number], Row>(`SELECT ${BRIEF} FROM event WHERE event.seq = ?`);
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

  /** The verdict of the call with that seq and boot time, as far as it was read. Answers from memory, in one look. */
  verdictAt(seq: number, ns: bigint): Verdict | undefined {
    const { list } = this;
    if (!this.progress) {
      if (this.#verdicts?.mark !== this.#mark) this.#verdicts = verdictTable(list, this.range, this.#mark);
      const { first, verdicts } = this.#verdicts;
      if (verdicts) return VERDICTS[(verdicts[seq - first] ?? 0) - 1];
    }
    const place = list.indexOf(ns, seq);
    return place === undefined ? undefined : list.verdictAt(place);
  }

  /** The name of what the kernel loaded, or freed, in a call. */
  kernelsName(callId: number, loaded: boolean): string | undefined {
    const { modules } = this.#judge.facts;
    const at = modules.ofCall(callId).find((change) => modules.loadsAt(change) === loaded);
    return at === undefined ? undefined : modules.at(at)?.name;
  }

  /** seq of what the kernel loaded, or freed, in a call. */
  kernelsSeq(callId: number, loaded: boolean): bigint | undefined {
    const { modules } = this.#judge.facts;
    const at = modules.ofCall(callId).find((change) => modules.loadsAt(change) === loaded);
    return at === undefined ? undefined : modules.at(at)?.seq;
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
    return this.#read === 0 || this.#lastSeq - this.#firstSeq + 1 === this.#read;
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
      this.list.expect(this.#of);
    }
    this.#factsDone = false;
    this.list.isWhole = false;
    this.#work = this.#go();
  }

  /** Goes on for that many milliseconds, and at least a bit. Returns whether it is through. */
  step(milliseconds: number): boolean {
    const end = performance.now() + milliseconds;
    do {
      if (!this.#work || this.#work.next().done === true) {
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
    const hidden = yield* hiddenModules(this.#capture, facts);
    this.#judge = new Judge(facts, hidden, this.#capture.database);
    this.#mark++;
    yield* this.#judgeAnew();
    while (this.#readPiece(Number.MAX_SAFE_INTEGER)) yield;
    yield* this.#images.read();
  }

  /** Verdicts that a fact which came later can change. */
  *#judgeAnew(): Generator<void> {
    const { list } = this;
    const places = [...list.placesOf(['live', 'no-return', 'contradiction'])];
    for (let place = Math.max(0, list.size - LOOKED_BACK); place < list.size; place++) places.push(place);
    for (const [index, place] of places.entries()) {
      const row = this.#brief.get(list.seqAt(place));
      if (!row) continue;
      const call = briefCall(row);
      list.judgeAnew(place, this.#judge.failedAlone(call) ?? this.#judged(call));
      if (index % 256 === 255) yield;
    }
  }

  /** Reads the next events, up to one. Returns whether there are more. */
  #readPiece(upTo: number): boolean {
    const calls: ListedCall[] = [];
    const rows = this.#events.all(this.#lastSeq);
    for (const cells of rows) {
      const [seq, , kind] = cells;
      if (typeof seq !== 'bigint' || typeof kind !== 'string') {
        throw new CaptureError('damaged', 'the capture is damaged: an event does not hold what events hold');
      }
      if (Number(seq) > upTo) break;
      this.#lastSeq = Number(seq);
      this.#read++;
      this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
      if (CALLS.has(kind)) calls.push(this.#take(briefCells(cells)));
    }
    this.list.add(calls);
    return rows.length === PIECE;
  }

  #take(call: BriefCall): ListedCall {
    const seq = Number(call.seq);
    const verdict = this.#judge.failedAlone(call) ?? this.#judged(call);
    if (call.repeat !== 1) this.repeats.add(seq, call.ns, call.lastNs ?? call.ns, call.repeat, verdict);
    this.#account(call);
    return { seq, ns: call.ns, verdict, repeat: call.repeat };
  }

  #judged(call: BriefCall): Verdict {
    const { verdict, sharedWith, life } = this.#judge.judge(call);
    if (sharedWith && life?.load) this.#shared.set(Number(call.seq), life.load);
    else this.#shared.delete(Number(call.seq));
    return verdict;
  }

  /** Notes which changes of modules the call explains: any load, and a free where it removes or fails. */
  #account({ callId, kind, returned }: BriefCall): void {
    const { modules } = this.#judge.facts;
    if (!modules.hasCall(callId)) return;
    for (const at of modules.ofCall(callId)) {
      const explains = modules.loadsAt(at) || kind === 'delete_module' || (returned !== undefined && returned < 0n);
      if (explains) modules.account(at);
    }
  }
}
