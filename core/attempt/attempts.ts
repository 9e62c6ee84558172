/** Attempts of one capture: an index of all, and whole attempts for the rows that are looked at. */
import type { Attempt, Contradiction } from '#contract/attempt.ts';
import type { Argument, ModuleFact, Process } from '#contract/event.ts';
import type { AttemptColumn, Interval, RowOrder } from '#contract/page.ts';
import { VERDICTS } from '#contract/attempt.ts';
import { fromWide, toWide } from '#contract/wide.ts';
import { readArguments } from '../capture/arguments.ts';
import { integerOrNone, type Row } from '../capture/columns.ts';
import { definedOnly } from '../capture/defined.ts';
import type { EventReader } from '../capture/events.ts';
import { readModule } from '../capture/module-facts.ts';
import type { Capture } from '../capture/open.ts';
import { errnoName } from '../reference/errno.ts';
import { readFacts } from './facts.ts';
import { joinAttempts, type AttemptIndex, type Joined } from './join.ts';
import { stagesOf, summaryOf, type Context } from './words.ts';

/** "insmod (437)" */
function caller(process: Process | undefined, joined: Joined): string {
  return process ? `${process.comm} (${String(process.pid)})` : `thread ${String(joined.call.tid ?? '?')}`;
}

/** A difference between both readings is a fact about the caller, whatever became of the load. */
function changedParameters(args: readonly Argument[], seq: bigint): Contradiction[] {
  return args
    .filter((argument) => argument.atReturn?.text !== undefined && argument.value !== undefined)
    .map((argument) => ({
      code: 'parameters-changed',
      text: `${argument.name} read "${argument.text ?? ''}" when the call was made and "${argument.atReturn?.text ?? ''}" when it returned.`,
      evidence: [Number(seq)],
    }));
}

export class Attempts {
  readonly #capture: Capture;
  readonly #reader: EventReader;
  readonly #module;
  readonly #event;
  readonly #modulesDisabled: boolean;
  #index: AttemptIndex | undefined;
  readonly #orders = new Map<string, Joined[]>();
  #lastPart: { readonly key: string; readonly attempts: readonly Joined[] } | undefined;

  constructor(capture: Capture, reader: EventReader) {
    this.#capture = capture;
    this.#reader = reader;
    this.#module = capture.database.prepare<[bigint], Row>('SELECT * FROM module_fact WHERE seq = ?');
    this.#event = capture.database.prepare<[bigint], Row>('SELECT * FROM event WHERE seq = ?');
    const facts = capture.database.prepare<[], Row>('SELECT modules_disabled FROM capture').get() ?? {};
    this.#modulesDisabled = integerOrNone(facts, 'modules_disabled') === 1n;
  }

  index(): AttemptIndex {
    this.#index ??= joinAttempts(readFacts(this.#capture), (call) =>
      call.processId === undefined ? [] : (this.#reader.processes.get(call.processId)?.argv ?? []),
    );
    return this.#index;
  }

  /** The capture has grown. */
  forget(): void {
    this.#index = undefined;
    this.#orders.clear();
    this.#lastPart = undefined;
  }

  /** The attempts of an interval, or all, in the order of one column; equal ones in the order of time. */
  order({ sort, descending, within }: RowOrder<AttemptColumn>): readonly Joined[] {
    const all = this.#wholeOrder(sort, descending);
    return within ? this.#part(all, within, `${sort} ${String(descending)}`) : all;
  }

  /** The last part that was asked for is kept: pages of one table are asked for one after the other. */
  #part(all: readonly Joined[], { fromNs, toNs }: Interval, order: string): readonly Joined[] {
    const key = `${order} ${String(fromNs)} ${String(toNs)}`;
    if (this.#lastPart?.key === key) return this.#lastPart.attempts;
    const [from, to] = [fromWide(fromNs), fromWide(toNs)];
    const attempts = all.filter(({ call }) => call.ns >= from && call.ns <= to);
    this.#lastPart = { key, attempts };
    return attempts;
  }

  #wholeOrder(sort: AttemptColumn, descending: boolean): readonly Joined[] {
    const key = `${sort} ${String(descending)}`;
    let order = this.#orders.get(key);
    if (!order) {
      const sign = descending ? -1 : 1;
      const compare = this.#comparison(sort);
      order = this.index()
        .attempts.map((joined, position) => ({ joined, position }))
        .sort((a, b) => sign * (compare(a.joined, b.joined) || a.position - b.position))
        .map(({ joined }) => joined);
      this.#orders.set(key, order);
    }
    return order;
  }

  #comparison(sort: AttemptColumn): (a: Joined, b: Joined) => number {
    const text = (of: (joined: Joined) => string) => (a: Joined, b: Joined) => {
      const [left, right] = [of(a), of(b)];
      return left < right ? -1 : left > right ? 1 : 0;
    };
    switch (sort) {
      case 'time':
        return () => 0;
      case 'verdict':
        return (a, b) => VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict);
      case 'module':
        return text((joined) => joined.moduleName ?? '');
      case 'by':
        return text((joined) => joined.call.comm);
      case 'from':
        return text((joined) => joined.call.filePath ?? '');
      case 'returned':
        return (a, b) => Number((a.call.returned ?? 1n) - (b.call.returned ?? 1n));
      case 'startedBy':
        return text((joined) => this.#process(joined)?.ancestors[0]?.comm ?? '');
    }
  }

  #process(joined: Joined): Process | undefined {
    return joined.call.processId === undefined ? undefined : this.#reader.processes.get(joined.call.processId);
  }

  #moduleFact(joined: Joined): { fact: ModuleFact | undefined; taints: bigint | undefined } {
    const source = joined.load ?? joined.free;
    const row = source && this.#module.get(source.seq);
    if (row) return { fact: readModule(row), taints: integerOrNone(row, 'taints') };
    const { moduleName, nameFrom } = joined;
    return {
      fact: moduleName === undefined || nameFrom === undefined ? undefined : { name: moduleName, nameFrom },
      taints: undefined,
    };
  }

  #requester(joined: Joined): string | undefined {
    const row = joined.request && this.#event.get(joined.request.seq);
    const id = row && integerOrNone(row, 'process_id');
    const process = id === undefined ? undefined : this.#reader.processes.get(id);
    return process && `${process.comm} (${String(process.pid)})`;
  }

  /** The whole attempt: stages, words, arguments. */
  build(joined: Joined): Attempt {
    const { call } = joined;
    const process = this.#process(joined);
    const file = call.fileId === undefined ? undefined : this.#reader.files.get(call.fileId);
    const module = this.#moduleFact(joined);
    const row = this.#event.get(call.seq) ?? {};
    const args = readArguments(call.kind, row, this.#reader.texts(call.seq), file);
    const context: Context = {
      index: this.index(),
      clock: this.#capture.clock,
      caller: caller(process, joined),
      requester: this.#requester(joined),
      capabilities: process?.capabilities === undefined ? undefined : BigInt(process.capabilities.effective),
      modulesDisabled: this.#modulesDisabled,
      taints: module.taints,
      recording: this.#capture.completeness === 'recording',
    };
    return definedOnly<Attempt>({
      callId: call.callId,
      seq: Number(call.seq),
      time: this.#capture.clock.time(call.ns),
      ns: toWide(call.ns),
      kind: call.kind,
      operation: joined.operation,
      module: module.fact,
      verdict: joined.verdict,
      summary: summaryOf(joined, context),
      stages: stagesOf(joined, context),
      args,
      returnValue: call.returned === undefined ? undefined : toWide(call.returned),
      errno: call.returned === undefined ? undefined : errnoName(call.returned),
      durationNs: call.took === undefined ? undefined : toWide(call.took),
      process,
      file,
      image: joined.image && { size: toWide(joined.image.size), complete: false },
      contradictions: [...joined.contradictions, ...changedParameters(args, call.seq)],
      repeat: call.repeat,
    });
  }
}
