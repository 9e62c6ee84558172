/**
 * Facts into attempts: which stages a call went through, and the verdict that a kernel developer would give it.
 * Source of the rules: kernel/module/main.c (load_module, do_init_module, idempotent_init_module, delete_module).
 */
import type { Contradiction, Verdict } from '#contract/attempt.ts';
import { errnoName } from '../reference/errno.ts';
import type { CallFact, Facts, LossInterval, ModuleChange, RequestFact, StageFact } from './facts.ts';

/** One attempt, joined but not yet in words. */
export interface Joined {
  readonly call: CallFact;
  readonly operation: 'load' | 'unload';
  readonly verdict: Verdict;
  readonly moduleName: string | undefined;
  readonly nameFrom: 'kernel' | 'argument' | 'file' | undefined;
  readonly load: ModuleChange | undefined;
  /** A free within the same call: init failed, or the module was removed. */
  readonly free: ModuleChange | undefined;
  /** The end of what this call loaded, whoever ended it. */
  readonly end: ModuleChange | undefined;
  readonly image: (StageFact & { readonly size: bigint }) | undefined;
  readonly request: RequestFact | undefined;
  /** Another call on the same file at the same moment, whose load this one shares. */
  readonly sharedWith: CallFact | undefined;
  /** Records were lost while the call ran: what is missing may have happened. */
  readonly loss: LossInterval | undefined;
  readonly contradictions: readonly Contradiction[];
}

export interface AttemptIndex {
  readonly facts: Facts;
  /** In order of time. */
  readonly attempts: readonly Joined[];
  readonly byCallId: ReadonlyMap<number, Joined>;
}

/** Losses that can hide a stage of a call. Lost calls hide no stage of a recorded one. */
const HIDING = new Set(['ring-stage', 'recursion', 'collector']);

function groupByCall<F extends StageFact>(facts: readonly F[]): Map<number, F[]> {
  const groups = new Map<number, F[]>();
  for (const fact of facts) {
    if (fact.callId === undefined) continue;
    const group = groups.get(fact.callId);
    if (group) group.push(fact);
    else groups.set(fact.callId, [fact]);
  }
  return groups;
}

/** For each load the free that ended it: the next one of the same structure, before another module takes its place. */
function findEnds(modules: readonly ModuleChange[]): Map<bigint, ModuleChange> {
  const ends = new Map<bigint, ModuleChange>();
  const alive = new Map<bigint, ModuleChange>();
  for (const change of modules) {
    const load = alive.get(change.address);
    if (change.loads) alive.set(change.address, change);
    else if (load) {
      ends.set(load.seq, change);
      alive.delete(change.address);
    }
  }
  return ends;
}

function endNs(call: CallFact, facts: Facts): bigint {
  return call.took === undefined ? facts.lastNs : call.ns + call.took;
}

/** A module's name from its file's: hyphens are underscores in the kernel (kmod's rule). */
export function nameOfFile(path: string | undefined): string | undefined {
  const match = /([^/]+)\.ko(?:\.(?:gz|xz|zst))?$/.exec(path ?? '');
  return match?.[1]?.replaceAll('-', '_');
}

/** Winners of the race for a file: calls that did load, by the file they read. */
function winnersByFile(
  calls: readonly CallFact[],
  loads: ReadonlyMap<number, readonly ModuleChange[]>,
): Map<string, CallFact[]> {
  const winners = new Map<string, CallFact[]>();
  for (const call of calls) {
    if (call.fileKey === undefined || !loads.get(call.callId)?.some((change) => change.loads)) continue;
    const group = winners.get(call.fileKey);
    if (group) group.push(call);
    else winners.set(call.fileKey, [call]);
  }
  return winners;
}

class Joiner {
  readonly #facts: Facts;
  readonly #modules: Map<number, ModuleChange[]>;
  readonly #images: Map<number, (StageFact & { size: bigint })[]>;
  readonly #ends: Map<bigint, ModuleChange>;
  readonly #winners: Map<string, CallFact[]>;
  readonly #hiding: readonly LossInterval[];
  readonly #argvOf: (call: CallFact) => readonly string[];

  constructor(facts: Facts, argvOf: (call: CallFact) => readonly string[]) {
    this.#facts = facts;
    this.#modules = groupByCall(facts.modules);
    this.#images = groupByCall(facts.images);
    this.#ends = findEnds(facts.modules);
    this.#winners = winnersByFile(facts.calls, this.#modules);
    this.#hiding = facts.losses.filter((loss) => HIDING.has(loss.source));
    this.#argvOf = argvOf;
  }

  join(call: CallFact): Joined {
    return call.kind === 'delete_module' ? this.#joinUnload(call) : this.#joinLoad(call);
  }

  #lossWithin(call: CallFact): LossInterval | undefined {
    const end = endNs(call, this.#facts);
    return this.#hiding.find((loss) => loss.fromNs <= end && loss.toNs >= call.ns);
  }

  #sharedWith(call: CallFact): CallFact | undefined {
    if (call.fileKey === undefined) return undefined;
    const end = endNs(call, this.#facts);
    return this.#winners
      .get(call.fileKey)
      ?.find(
        (other) =>
          other !== call && other.returned === call.returned && other.ns <= end && endNs(other, this.#facts) >= call.ns,
      );
  }

  /** The kernel starts `modprobe -q -- NAME` for a request; the latest one before the call is the cause. */
  #request(call: CallFact): RequestFact | undefined {
    if (this.#facts.requests.length === 0) return undefined;
    const argv = this.#argvOf(call);
    const asked = argv.at(-1);
    if (asked === undefined || !argv.includes('--')) return undefined;
    return this.#facts.requests.findLast((request) => request.name === asked && request.ns <= call.ns);
  }

  #joinLoad(call: CallFact): Joined {
    const changes = this.#modules.get(call.callId) ?? [];
    const load = changes.find((change) => change.loads);
    const free = load && changes.find((change) => !change.loads && change.address === load.address);
    const loss = this.#lossWithin(call);
    const sharedWith = load || call.returned === undefined || call.returned < 0n ? undefined : this.#sharedWith(call);
    const contradictions: Contradiction[] = [];
    const { returned } = call;
    const end = load && this.#ends.get(load.seq);
    let verdict: Verdict;
    if (returned === undefined) verdict = 'no-return';
    else if (returned < 0n) {
      verdict = load ? 'init-failed' : 'rejected';
      if (load && !free && !loss && this.#facts.watched.has('module_free')) {
        verdict = 'contradiction';
        contradictions.push({
          code: 'failure-but-loaded',
          text: `The call returned ${errnoName(returned) ?? returned.toString()}, but the kernel loaded ${load.name} and did not free it again.`,
          evidence: [Number(call.seq), Number(load.seq)],
        });
      }
    } else {
      verdict = end ? 'unloaded' : 'live';
      if (!load && !sharedWith && !loss && this.#facts.watched.has('module_load')) {
        verdict = 'contradiction';
        contradictions.push({
          code: 'success-without-load',
          text: 'The call returned success, but the kernel did not load a module in it: the return value may be forged.',
          evidence: [Number(call.seq)],
        });
      }
    }
    const fromFile = nameOfFile(call.filePath);
    return {
      call,
      operation: 'load',
      verdict,
      moduleName: load?.name ?? fromFile,
      nameFrom: load ? 'kernel' : fromFile === undefined ? undefined : 'file',
      load,
      free,
      end,
      image: this.#images.get(call.callId)?.[0],
      request: this.#request(call),
      sharedWith,
      loss,
      contradictions,
    };
  }

  #joinUnload(call: CallFact): Joined {
    const free = this.#modules.get(call.callId)?.find((change) => !change.loads);
    const loss = this.#lossWithin(call);
    const contradictions: Contradiction[] = [];
    const { returned } = call;
    let verdict: Verdict;
    if (returned === undefined) verdict = 'no-return';
    else if (returned < 0n) {
      verdict = free ? 'contradiction' : 'refused';
      if (free) {
        contradictions.push({
          code: 'refused-but-freed',
          text: `The call returned ${errnoName(returned) ?? returned.toString()}, but the kernel freed ${free.name} in it.`,
          evidence: [Number(call.seq), Number(free.seq)],
        });
      }
    } else {
      verdict = 'removed';
      if (!free && !loss && this.#facts.watched.has('module_free')) {
        verdict = 'contradiction';
        contradictions.push({
          code: 'removed-without-free',
          text: 'The call returned success, but the kernel freed no module in it.',
          evidence: [Number(call.seq)],
        });
      }
    }
    return {
      call,
      operation: 'unload',
      verdict,
      moduleName: free?.name ?? call.name,
      nameFrom: free ? 'kernel' : call.name === undefined ? undefined : 'argument',
      load: undefined,
      free,
      end: undefined,
      image: undefined,
      request: undefined,
      sharedWith: undefined,
      loss,
      contradictions,
    };
  }
}

/**
 * Joins all calls of a capture.
 * @param argvOf the arguments of the calling program
 */
export function joinAttempts(facts: Facts, argvOf: (call: CallFact) => readonly string[]): AttemptIndex {
  const joiner = new Joiner(facts, argvOf);
  const attempts = facts.calls.map((call) => joiner.join(call));
  return { facts, attempts, byCallId: new Map(attempts.map((attempt) => [attempt.call.callId, attempt])) };
}
