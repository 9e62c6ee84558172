/** Attempts of one capture: verdicts and orders of all, and whole attempts for the rows that are looked at. */
import type { Attempt, Contradiction, Verdict } from '#contract/attempt.ts';
import type { Argument, ModuleFact } from '#contract/event.ts';
import type { AttemptColumn, RowOrder } from '#contract/page.ts';
import { toWide } from '#contract/wide.ts';
import { integerOrNone, type Row } from '../capture/columns.ts';
import { definedOnly } from '../capture/defined.ts';
import { is32Bit, type EventReader } from '../capture/events.ts';
import { readModule } from '../capture/module-facts.ts';
import type { Capture } from '../capture/open.ts';
import { everyRow, Orders, type WhereOf } from '../capture/orders.ts';
import { errnoName } from '../reference/errno.ts';
import { addFunctions, attemptOrder } from './attempt-order.ts';
import { CallList } from './call-list.ts';
import { Calls } from './calls.ts';
import { changedTexts } from './changed-texts.ts';
import { readFacts } from './facts.ts';
import { Joiner, type Joined } from './join.ts';
import { Judge } from './judge.ts';
import { loadStages } from './load-stages.ts';
import type { Context } from './phrases.ts';
import { Requests } from './requests.ts';
import { summaryOf } from './summary.ts';
import { hiddenModules } from '../views/hidden-modules.ts';
import { unloadStages } from './unload-stages.ts';

/** Everything that is worked out once for as long as the capture does not grow. */
interface Work {
  readonly judge: Judge;
  readonly joiner: Joiner;
  list?: CallList;
}

export class Attempts {
  readonly #capture: Capture;
  readonly #reader: EventReader;
  readonly #calls: Calls;
  readonly #module;
  readonly #event;
  readonly #orders: Orders<AttemptColumn>;
  readonly #modulesDisabled: boolean;
  #work: Work | undefined;

  constructor(capture: Capture, reader: EventReader, whereOf: WhereOf = everyRow) {
    const { database } = capture;
    this.#capture = capture;
    this.#reader = reader;
    addFunctions(database, () => this.list);
    this.#calls = new Calls(database);
    this.#module = database.prepare<[bigint], Row>('SELECT * FROM module_fact WHERE seq = ?');
    this.#event = database.prepare<[bigint], Row>('SELECT * FROM event WHERE seq = ?');
    // The list comes first: it cannot be read while an order is.
    this.#orders = new Orders((order) => attemptOrder(database, this.list, order, whereOf));
    const state = database.prepare<[], Row>('SELECT modules_disabled FROM capture').get() ?? {};
    this.#modulesDisabled = integerOrNone(state, 'modules_disabled') === 1n;
  }

  get #current(): Work {
    if (!this.#work) {
      const facts = readFacts(this.#capture);
      const judge = new Judge(facts, hiddenModules(this.#capture, facts), this.#capture.database);
      this.#work = { judge, joiner: new Joiner(judge, new Requests(facts.requests)) };
    }
    return this.#work;
  }

  get judge(): Judge {
    return this.#current.judge;
  }

  /** All calls with their verdicts. */
  get list(): CallList {
    return (this.#current.list ??= new CallList(this.#capture.database, this.judge));
  }

  /** The capture has grown. */
  forget(): void {
    this.#work = undefined;
    this.#orders.forget();
  }

  /** seqs of the calls in the order of one column. */
  order(order: RowOrder<AttemptColumn>): Float64Array {
    return this.#orders.seqs(order);
  }

  /** seq of a call's event; undefined where there is no such call. */
  seqOf(callId: number): bigint | undefined {
    return this.#calls.seqOf(callId);
  }

  /** The name of the module that a call is about, as far as anything names it. */
  moduleNameOf(seq: bigint): string | undefined {
    return this.join(seq)?.moduleName;
  }

  verdictOf(seq: bigint): Verdict | undefined {
    const call = this.#calls.brief(seq);
    return call && this.judge.judge(call).verdict;
  }

  #argumentsOf({ call }: Joined): Argument[] {
    const file = call.fileId === undefined ? undefined : this.#reader.files.get(call.fileId);
    return this.#reader.argumentsOf(call.kind, this.#reader.callRow(call.seq) ?? {}, file);
  }

  #contradictions({ call, contradictions }: Joined, args: readonly Argument[]): Contradiction[] {
    return [...contradictions, ...changedTexts(args, call.likeSeq ?? call.seq)];
  }

  /** The facts of a call; undefined where there is none of that seq. */
  join(seq: bigint): Joined | undefined {
    const call = this.#calls.get(seq);
    if (!call) return undefined;
    const process = call.processId === undefined ? undefined : this.#reader.processes.get(call.processId);
    const row = this.#reader.callRow(seq);
    return this.#current.joiner.join(call, process, row && this.#reader.images.ofCall(row));
  }

  #moduleOf(joined: Joined): ModuleFact | undefined {
    const source = joined.load ?? joined.free;
    const row = source && this.#module.get(source.seq);
    if (row) return readModule(row);
    const { moduleName, nameFrom } = joined;
    return moduleName === undefined || nameFrom === undefined ? undefined : { name: moduleName, nameFrom };
  }

  #requester(joined: Joined): string | undefined {
    const row = joined.request && this.#event.get(joined.request.seq);
    const id = row && integerOrNone(row, 'process_id');
    const process = id === undefined ? undefined : this.#reader.processes.get(id);
    return process && `${process.comm} (${String(process.pid)})`;
  }

  #context(joined: Joined, module: ModuleFact | undefined): Context {
    return {
      facts: this.judge.facts,
      clock: this.#capture.clock,
      requester: this.#requester(joined),
      removedBy: joined.life?.free?.callId,
      imagesWatched: this.judge.watchesImages(joined.call.kind),
      modulesDisabled: this.#modulesDisabled,
      taints: module?.taints ?? [],
      recording: this.#capture.completeness === 'recording',
    };
  }

  /** The whole attempt: stages, words, arguments. Undefined where there is no call of that seq. */
  get(seq: bigint): Attempt | undefined {
    const joined = this.join(seq);
    if (!joined) return undefined;
    const { call } = joined;
    const file = call.fileId === undefined ? undefined : this.#reader.files.get(call.fileId);
    const row = this.#reader.callRow(seq) ?? {};
    const args = this.#argumentsOf(joined);
    const module = this.#moduleOf(joined);
    const context = this.#context(joined, module);
    return definedOnly<Attempt>({
      callId: call.callId,
      seq: Number(call.seq),
      time: this.#capture.clock.time(call.ns),
      ns: toWide(call.ns),
      kind: call.kind,
      operation: joined.operation,
      module,
      verdict: joined.verdict,
      summary: summaryOf(joined, context),
      stages: joined.operation === 'load' ? loadStages(joined, context) : unloadStages(joined, context),
      args,
      returnValue: call.returned === undefined ? undefined : toWide(call.returned),
      errno: call.returned === undefined ? undefined : errnoName(call.returned),
      durationNs: call.took === undefined ? undefined : toWide(call.took),
      process: joined.process,
      file,
      image: joined.image?.fact,
      contradictions: this.#contradictions(joined, args),
      compat: is32Bit(row) ? true : undefined,
      repeat: call.repeat,
      firstTime: call.firstNs === undefined ? undefined : this.#capture.clock.time(call.firstNs),
      lastTime: call.lastNs === undefined ? undefined : this.#capture.clock.time(call.lastNs),
      firstNs: call.firstNs === undefined ? undefined : toWide(call.firstNs),
      lastNs: call.lastNs === undefined ? undefined : toWide(call.lastNs),
      likeSeq: call.likeSeq === undefined ? undefined : Number(call.likeSeq),
    });
  }
}
