/** Attempts in the field's words: what each stage says, and the whole in one sentence. */
import type { Stage, StageName, StageState } from '#contract/attempt.ts';
import { toWide } from '#contract/wide.ts';
import { unknownBits, FINIT_FLAGS } from '../reference/flags.ts';
import { errnoMeaning } from '../reference/reference.ts';
import { errnoName } from '../reference/errno.ts';
import { taintNames } from '../reference/taints.ts';
import type { ClockMap } from '../capture/clock-map.ts';
import { definedOnly } from '../capture/defined.ts';
import type { Joined, AttemptIndex } from './join.ts';

/** Everything a stage may need to know beyond the joined facts. */
export interface Context {
  readonly index: AttemptIndex;
  readonly clock: ClockMap;
  readonly caller: string;
  /** The process that made the kernel ask for the module. */
  readonly requester: string | undefined;
  readonly capabilities: bigint | undefined;
  readonly modulesDisabled: boolean;
  readonly taints: bigint | undefined;
  /** Whether a recorder still writes to this capture. */
  readonly recording: boolean;
}

const CAP_SYS_MODULE = 1n << 16n; // include/uapi/linux/capability.h

/** "1.204 s", "18.3 ms", "412 µs": as precise as it helps. */
export function duration(ns: bigint): string {
  const value = Number(ns);
  if (value >= 1e9) return `${(value / 1e9).toFixed(3)} s`;
  if (value >= 1e6) return `${(value / 1e6).toFixed(1)} ms`;
  return value >= 1e3 ? `${String(Math.round(value / 1e3))} µs` : `${String(value)} ns`;
}

export function bytes(size: bigint): string {
  return `${Number(size).toLocaleString('en')} bytes`;
}

function quoted(name: string | undefined, otherwise: string): string {
  return name === undefined || name === '' ? otherwise : name;
}

/** The error with its reason for this very call, as far as the facts tell it. */
export function reasonInWords(joined: Joined, context: Context): string {
  const { call } = joined;
  const name = errnoName(call.returned ?? 0n) ?? '';
  if (name === 'EPERM') {
    if (context.capabilities !== undefined && (context.capabilities & CAP_SYS_MODULE) === 0n) {
      return 'EPERM: the caller lacks CAP_SYS_MODULE';
    }
    if (context.modulesDisabled) return 'EPERM: loading and unloading of modules was disabled';
  }
  if (name === 'EINVAL' && call.kind === 'finit_module' && call.flags !== undefined) {
    const unknown = unknownBits(Number(BigInt.asIntN(32, call.flags)), FINIT_FLAGS);
    if (unknown !== 0) return `EINVAL: the kernel does not know the flag 0x${unknown.toString(16)}`;
  }
  if (name === 'EEXIST')
    return `EEXIST: a module named ${quoted(joined.moduleName, 'like this one')} is already loaded`;
  const meaning = errnoMeaning(call.kind, name)?.meaning;
  return meaning ? `${name}: ${meaning.replace(/\.$/, '').replace(/^./, (first) => first.toLowerCase())}` : name;
}

class Stages {
  readonly #list: Stage[] = [];
  readonly #clock: ClockMap;

  constructor(clock: ClockMap) {
    this.#clock = clock;
  }

  add(stage: StageName, state: StageState, detail: string, evidence: readonly bigint[] = [], ns?: bigint): void {
    this.#list.push(
      definedOnly<Stage>({
        stage,
        state,
        time: ns === undefined ? undefined : this.#clock.time(ns),
        ns: ns === undefined ? undefined : toWide(ns),
        detail,
        evidence: evidence.map(Number),
      }),
    );
  }

  get list(): readonly Stage[] {
    return this.#list;
  }
}

function returnNs(joined: Joined): bigint | undefined {
  return joined.call.took === undefined ? undefined : joined.call.ns + joined.call.took;
}

function callWords(joined: Joined, context: Context): string {
  const { call } = joined;
  const what = {
    finit_module:
      call.filePath === undefined ? 'finit_module without a readable file' : `finit_module on ${call.filePath}`,
    init_module: 'init_module with an image in memory',
    delete_module: `delete_module for ${quoted(call.name, 'a name that could not be read')}`,
  }[call.kind];
  return `${context.caller} called ${what}${call.repeat > 1 ? `, ${String(call.repeat)} times` : ''}`;
}

function requestStage(stages: Stages, joined: Joined, context: Context): void {
  const { request } = joined;
  if (request) {
    stages.add(
      'requested',
      'done',
      `the kernel asked for ${request.name}${context.requester ? ` on behalf of ${context.requester}` : ''}`,
      [request.seq],
      request.ns,
    );
  } else if (context.index.facts.watched.has('module_request')) {
    stages.add('requested', 'not-reached', 'not requested by the kernel: a program called by itself');
  } else {
    stages.add('requested', 'unknown', 'requests of the kernel were not recorded here');
  }
}

function running(context: Context): string {
  return context.recording ? 'the call is still running' : 'the call had not returned when the recording ended';
}

function bytesStage(stages: Stages, joined: Joined, context: Context): void {
  const { call, image, load, sharedWith } = joined;
  const source = call.kind === 'init_module' ? "the caller's memory" : 'the file';
  if (image)
    stages.add('bytes-read', 'done', `the kernel read ${bytes(image.size)} from ${source}`, [image.seq], image.ns);
  else if (sharedWith)
    stages.add(
      'bytes-read',
      'not-reached',
      `shared with call ${String(sharedWith.callId)} on the same file, which did the reading`,
      [sharedWith.seq],
    );
  else if (load) stages.add('bytes-read', 'unknown', 'the bytes were read, but the moment was not recorded');
  else if (call.returned === undefined) stages.add('bytes-read', 'unknown', running(context));
  else if (!context.index.facts.watched.has('image_read'))
    stages.add('bytes-read', 'unknown', 'reading was not watched on this kernel');
  else if (joined.loss) stages.add('bytes-read', 'unknown', 'records were lost while the call ran', [joined.loss.seq]);
  else if (call.returned < 0n)
    stages.add(
      'bytes-read',
      'failed',
      `refused before anything was read: ${reasonInWords(joined, context)}`,
      [call.seq],
      returnNs(joined),
    );
  else stages.add('bytes-read', 'contradiction', 'the call succeeded, but the kernel read nothing in it', [call.seq]);
}

function acceptedStage(stages: Stages, joined: Joined, context: Context): void {
  const { call, image, load, sharedWith, loss } = joined;
  if (load) {
    const marks = context.taints === undefined ? [] : taintNames(context.taints);
    stages.add(
      'accepted',
      'done',
      `the kernel accepted it as ${load.name}${marks.length > 0 ? `, marked ${marks.join(', ')}` : ''}`,
      [load.seq],
      load.ns,
    );
  } else if (sharedWith)
    stages.add('accepted', 'done', `accepted in call ${String(sharedWith.callId)}`, [sharedWith.seq]);
  else if (call.returned === undefined) stages.add('accepted', 'unknown', running(context));
  else if (call.returned < 0n) {
    const watched = context.index.facts.watched.has('image_read');
    if (image || !watched || loss)
      stages.add('accepted', 'failed', `rejected: ${reasonInWords(joined, context)}`, [call.seq], returnNs(joined));
    else stages.add('accepted', 'not-reached', 'nothing was read that could be checked');
  } else if (!context.index.facts.watched.has('module_load'))
    stages.add('accepted', 'unknown', "the kernel's own word was not recorded here");
  else if (loss) stages.add('accepted', 'unknown', 'records were lost while the call ran', [loss.seq]);
  else
    stages.add('accepted', 'contradiction', 'the call returned success, but the kernel loaded no module in it', [
      call.seq,
    ]);
}

function initStage(stages: Stages, joined: Joined, context: Context): void {
  const { call, load, sharedWith } = joined;
  if (call.returned === undefined) {
    stages.add(
      'init-ran',
      load ? 'unknown' : 'not-reached',
      load ? `init was started; ${running(context)}` : running(context),
      load ? [load.seq] : [],
    );
  } else if (load && call.returned < 0n) {
    stages.add(
      'init-ran',
      'failed',
      `init ran and failed with ${errnoName(call.returned) ?? ''}: the code did execute`,
      [call.seq],
      returnNs(joined),
    );
  } else if (load) {
    const end = returnNs(joined);
    stages.add(
      'init-ran',
      'done',
      `init ran${end === undefined ? '' : ` for ${duration(end - load.ns)}`} and succeeded`,
      [call.seq],
      end,
    );
  } else if (sharedWith)
    stages.add('init-ran', 'done', `init ran in call ${String(sharedWith.callId)}`, [sharedWith.seq]);
  else if (call.returned < 0n) stages.add('init-ran', 'not-reached', 'no code of the module ran');
  else stages.add('init-ran', 'unknown', 'no record says so');
}

function liveStages(stages: Stages, joined: Joined, context: Context): void {
  const { call, load, sharedWith, end } = joined;
  if (call.returned === undefined) stages.add('live', 'not-reached', running(context));
  else if (call.returned < 0n) {
    const kept = joined.verdict === 'contradiction';
    stages.add(
      'live',
      kept ? 'contradiction' : 'not-reached',
      kept ? 'the call failed, but the kernel did not free the module' : 'the module did not become live',
      kept && load ? [load.seq] : [],
    );
  } else if (load) stages.add('live', 'done', `${load.name} is live`, [call.seq, load.seq], returnNs(joined));
  else if (sharedWith) stages.add('live', 'done', `live through call ${String(sharedWith.callId)}`, [sharedWith.seq]);
  else if (joined.verdict === 'contradiction')
    stages.add('live', 'contradiction', 'nothing the kernel recorded makes it live', [call.seq]);
  else stages.add('live', 'unknown', "the call returned success; the kernel's confirmation was not recorded");

  if (end && call.returned !== undefined && call.returned >= 0n) {
    const by = end.callId === undefined ? undefined : context.index.byCallId.get(end.callId);
    stages.add(
      'unloaded',
      'done',
      `${end.name} was removed after ${duration(end.ns - call.ns)}${by ? `, by call ${String(by.call.callId)}` : ''}`,
      [end.seq],
      end.ns,
    );
  } else if (joined.verdict === 'live')
    stages.add('unloaded', 'not-reached', context.recording ? 'still loaded' : 'still loaded when the recording ended');
  else stages.add('unloaded', 'not-reached', 'there was nothing to unload');
}

function loadStages(joined: Joined, context: Context): readonly Stage[] {
  const stages = new Stages(context.clock);
  requestStage(stages, joined, context);
  stages.add('called', 'done', callWords(joined, context), [joined.call.seq], joined.call.ns);
  bytesStage(stages, joined, context);
  acceptedStage(stages, joined, context);
  initStage(stages, joined, context);
  liveStages(stages, joined, context);
  return stages.list;
}

function unloadStages(joined: Joined, context: Context): readonly Stage[] {
  const stages = new Stages(context.clock);
  const { call, free } = joined;
  stages.add('called', 'done', callWords(joined, context), [call.seq], call.ns);
  if (call.returned === undefined) {
    stages.add('exit-ran', 'unknown', running(context));
    stages.add(
      'freed',
      free ? 'done' : 'unknown',
      free ? `${free.name} was freed` : running(context),
      free ? [free.seq] : [],
      free?.ns,
    );
    return stages.list;
  }
  if (call.returned < 0n) {
    stages.add('exit-ran', 'failed', `refused: ${reasonInWords(joined, context)}`, [call.seq], returnNs(joined));
    stages.add(
      'freed',
      free ? 'contradiction' : 'not-reached',
      free ? `but ${free.name} was freed` : 'the module stays',
      free ? [free.seq] : [],
      free?.ns,
    );
    return stages.list;
  }
  stages.add('exit-ran', 'done', "the module's exit function ran", [call.seq]);
  if (free) stages.add('freed', 'done', `${free.name} was freed`, [free.seq], free.ns);
  else if (joined.verdict === 'contradiction')
    stages.add('freed', 'contradiction', 'the call returned success, but the kernel freed nothing', [call.seq]);
  else stages.add('freed', 'unknown', "the kernel's own word was not recorded");
  return stages.list;
}

export function stagesOf(joined: Joined, context: Context): readonly Stage[] {
  return joined.operation === 'load' ? loadStages(joined, context) : unloadStages(joined, context);
}

/** The verdict in one sentence, fit for a report. */
export function summaryOf(joined: Joined, context: Context): string {
  const { call } = joined;
  const name = quoted(
    joined.moduleName,
    call.kind === 'init_module' ? 'An image from memory' : (call.filePath ?? 'A module'),
  );
  const by = context.caller;
  switch (joined.verdict) {
    case 'live':
      if (joined.sharedWith)
        return `${name} was loaded by ${by} together with call ${String(joined.sharedWith.callId)} on the same file.`;
      return joined.load
        ? `${name} was loaded by ${by} and is live.`
        : `${by} was told that ${name} is loaded; the kernel's confirmation was not recorded.`;
    case 'unloaded':
      return `${name} was loaded by ${by} and removed after ${duration((joined.end?.ns ?? call.ns) - call.ns)}.`;
    case 'rejected':
      return `The kernel rejected ${name} from ${by}: ${reasonInWords(joined, context)}.`;
    case 'init-failed':
      return `${name} was accepted, its init ran and failed with ${errnoName(call.returned ?? 0n) ?? ''}: its code did execute.`;
    case 'removed':
      return `${name} was removed by ${by}.`;
    case 'refused':
      return `The kernel refused to remove ${name} for ${by}: ${reasonInWords(joined, context)}.`;
    case 'no-return':
      return `The call of ${by} for ${name} ${context.recording ? 'has not returned yet' : 'did not return while it was recorded'}.`;
    case 'contradiction':
      return joined.contradictions[0]?.text ?? 'The facts contradict each other.';
  }
}
