/** Attempts of one capture: verdicts and orders of all, and whole attempts for the rows that are looked at. */
import type { Attempt, Contradiction, Verdict } from '#contract/attempt.ts';
import type { Argument, ModuleFact } from '#contract/event.ts';
import { toWide } from '#contract/wide.ts';
import { integerOrNone, type Row } from '../capture/columns.ts';
import { definedOnly } from '../capture/defined.ts';
import { is32Bit, type EventReader } from '../capture/events.ts';
import { readModule } from '../capture/module-facts.ts';
import type { Capture } from '../capture/open.ts';
import { errnoName } from '../reference/errno.ts';
import { addFunctions } from './attempt-order.ts';
import type { CallList } from './call-list.ts';
import { Calls } from './calls.ts';
import { changedTexts } from './changed-texts.ts';
import { Joiner, type Joined } from './join.ts';
import type { Judge } from './judge.ts';
import { loadStages } from './load-stages.ts';
import { removalOf } from './module-changes.ts';
import type { Context } from './phrases.ts';
import { summaryOf } from './summary.ts';
import { Survey } from './survey.ts';
import { unloadStages } from './unload-stages.ts';

export class Attempts {
  readonly #capture: Capture;
  readonly #reader: EventReader;
  readonly #calls: Calls;
  readonly #module;
  readonly #event;
  readonly #modulesDisabled: boolean;
  readonly survey: Survey;
  #joiner: Joiner | undefined;

  constructor(capture: Capture, reader: EventReader) {
    const { database } = capture;
    this.#capture = capture;
    this.#reader = reader;
    this.survey = new Survey(capture);
    addFunctions(database, this.survey);
    this.#calls = new Calls(database);
    this.#module = database.prepare<[bigint], Row>('SELECT * FROM module_fact WHERE seq = ?');
    this.#event = database.prepare<[bigint], Row>('SELECT * FROM event WHERE seq = ?');
    const state = database.prepare<[], Row>('SELECT modules_disabled FROM capture').get() ?? {};
    this.#modulesDisabled = integerOrNone(state, 'modules_disabled') === 1n;
  }

  /** Judges by what was read so far. */
  get judge(): Judge {
    return this.survey.judge;
  }

  /** All calls that were read, with their verdicts. */
  get list(): CallList {
    return this.survey.list;
  }

  get #currentJoiner(): Joiner {
    const { judge } = this;
    if (this.#joiner?.judge !== judge) this.#joiner = new Joiner(judge);
    return this.#joiner;
  }

  /** seq of a call's event; undefined where there is no such call. */
  seqOf(callId: number): bigint | undefined {
    return this.#calls.seqOf(callId);
  }

  /** The number of the call whose event has that seq. */
  callIdOf(seq: bigint): number {
    return this.#calls.brief(seq)?.callId ?? 0;
  }

  /** The name of the module that a call is about, as far as anything names it. */
  moduleNameOf(seq: bigint): string | undefined {
    return this.join(seq)?.moduleName;
  }

  verdictOf(seq: bigint): Verdict | undefined {
    const call = this.#calls.brief(seq);
    return call && this.judge.verdict(call);
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
    return this.#currentJoiner.join(call, process, row && this.#reader.images.ofCall(row));
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
      removedBy: joined.life && removalOf(joined.life)?.callId,
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
