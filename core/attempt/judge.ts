/**
 * The verdict that a kernel developer would give a call, on the facts that were recorded.
 * Source of the rules: kernel/module/main.c (load_module, do_init_module, idempotent_init_module, delete_module).
 */
import type { Contradiction, Verdict } from '#contract/attempt.ts';
import type { CallKind } from '#contract/event.ts';
import type { HiddenModule } from '#contract/hidden-module.ts';
import type Database from 'better-sqlite3';
import { hexadecimal, type Row } from '../capture/columns.ts';
import { BRIEF, briefCall, IS_CALL, type BriefCall } from './calls.ts';
import type { Facts, LossInterval, ModuleChange } from './facts.ts';
import { lossesOfReturns, lossesOfStages, type LossSearch } from './losses.ts';
import { endOf, type Life } from './module-changes.ts';
import { endNs, type Loader } from './sharing.ts';

export interface Judgement {
  readonly verdict: Verdict;
  /** What was loaded in this call, or in the call whose load it shares, and its end. */
  readonly life: Life | undefined;
  /** A free within this very call: init failed, or the module was removed. */
  readonly free: ModuleChange | undefined;
  /** The call on the same file whose load this one shares. */
  readonly sharedWith: Loader | undefined;
  /** Records were lost while the call ran: what is missing may have happened. */
  readonly loss: LossInterval | undefined;
  /** The record of the return may be among what was lost. */
  readonly returnLoss: LossInterval | undefined;
  /** Of what is live: its end may be among what was lost since. */
  readonly endLoss: LossInterval | undefined;
  /** How return value and kernel contradict each other. */
  readonly disagreement: Contradiction['code'] | undefined;
  /** From whom the module hides, where it does. */
  readonly hidden: HiddenModule | undefined;
}

/** Where the kernel hands over the bytes that it read, for each call that loads. */
const IMAGE_HOOKS: Partial<Readonly<Record<CallKind, string>>> = {
  finit_module: 'security_kernel_post_read_file',
  init_module: 'security_kernel_post_load_data',
};

const CALL = `SELECT ${BRIEF} FROM event WHERE event.call_id = ? AND event.${IS_CALL} ORDER BY event.seq LIMIT 1`;

export class Judge {
  readonly facts: Facts;
  readonly hidden: readonly HiddenModule[];
  readonly #stageLosses: LossSearch;
  readonly #returnLosses: LossSearch;
  readonly #callOf: Database.Statement<[number], Row>;
  readonly #imageRead: Database.Statement<[number], bigint>;

  constructor(facts: Facts, hidden: readonly HiddenModule[], database: Database.Database) {
    this.facts = facts;
    this.hidden = hidden;
    this.#stageLosses = lossesOfStages(facts.losses);
    this.#returnLosses = lossesOfReturns(facts.losses);
    this.#callOf = database.prepare<[number], Row>(CALL);
    this.#imageRead = database
      .prepare<[number], bigint>("SELECT seq FROM event WHERE call_id = ? AND kind = 'image_read' LIMIT 1")
      .pluck();
  }

  /** Whether the reading of the bytes would have been recorded for a call of that kind. */
  watchesImages(kind: CallKind): boolean {
    return this.facts.watched.has(IMAGE_HOOKS[kind] ?? '');
  }

  /** @param readsImage whether the call has read an image, for who cannot wait for a query; asked for few calls */
  judge(call: BriefCall, readsImage = (): boolean => this.#imageRead.get(call.callId) !== undefined): Judgement {
    const end = endNs(call, this.facts.lastNs);
    const loss = this.#stageLosses.within(call.ns, end);
    const returnLoss = call.returned === undefined ? this.#returnLosses.within(call.ns, end) : undefined;
    return call.kind === 'delete_module'
      ? this.#judgeUnload(call, loss, returnLoss)
      : this.#judgeLoad(call, readsImage, loss, returnLoss);
  }

  /**
   * When what was loaded was gone, as far as that is known: a load that failed is freed before its call returns, whether
   * or not a free is recorded. Asks for the call where no free is recorded.
   */
  goneNs(life: Life): bigint | undefined {
    if (life.free) return life.free.ns;
    return this.#failedNs(life.load?.callId) ?? endOf(life)?.ns;
  }

  /** When a load returned whose init failed. */
  #failedNs(callId: number | undefined): bigint | undefined {
    const row = callId === undefined ? undefined : this.#callOf.get(callId);
    const call = row && briefCall(row);
    if (!call || this.judge(call).verdict !== 'init-failed') return undefined;
    return endNs(call, this.facts.lastNs);
  }

  /** The verdict alone; for the many calls that failed without a trace it is found without looking at anything else. */
  verdict(call: BriefCall): Verdict {
    return this.failedAlone(call) ?? this.judge(call).verdict;
  }

  /**
   * The same of a call that is not taken apart yet: for the millions that failed, where nothing else has to be looked at.
   * @param fileId of its own row
   */
  failedPlainly(kind: CallKind, callId: number, fileId: number | bigint | undefined): Verdict | undefined {
    const { modules, sharing } = this.facts;
    if (modules.hasCall(callId)) return undefined;
    if (kind === 'delete_module') return 'refused';
    const mayShare = kind === 'finit_module' && fileId !== undefined && sharing.hasLoaders(BigInt(fileId));
    return mayShare ? undefined : 'rejected';
  }

  /** The verdict of a call that failed without a trace; undefined where more is to be looked at. */
  failedAlone({ kind, callId, returned, seq, ns, fileId, repeat, took }: BriefCall): Verdict | undefined {
    if (returned === undefined || returned >= 0n || this.facts.modules.hasCall(callId)) return undefined;
    if (kind === 'delete_module') return 'refused';
    const call = { kind, callId, returned, seq, ns, fileId, repeat, took, lastNs: undefined };
    return this.facts.sharing.loaderFor(call, this.facts.lastNs) === undefined ? 'rejected' : undefined;
  }

  #sharedWith(call: BriefCall, readsImage: () => boolean): Loader | undefined {
    if (call.returned === undefined) return undefined;
    const loader = this.facts.sharing.loaderFor(call, this.facts.lastNs);
    // A call that read the file itself did not wait for another one.
    return loader && !readsImage() ? loader : undefined;
  }

  #lifeWithin(callId: number): Life | undefined {
    const { modules } = this.facts;
    const load = modules.ofCall(callId).find((at) => modules.loadsAt(at));
    return load === undefined ? undefined : modules.lifeAt(load);
  }

  #judgeLoad(
    call: BriefCall,
    readsImage: () => boolean,
    loss: LossInterval | undefined,
    returnLoss: LossInterval | undefined,
  ): Judgement {
    const { returned } = call;
    const own = this.#lifeWithin(call.callId);
    const sharedWith = own ? undefined : this.#sharedWith(call, readsImage);
    const life = own ?? (sharedWith && this.#lifeWithin(sharedWith.callId));
    const free = own?.free?.callId === call.callId ? own.free : undefined;
    const none = { endLoss: undefined, disagreement: undefined, hidden: undefined };
    const base = { life, free, sharedWith, loss, returnLoss, ...none };
    if (returned === undefined) return { ...base, verdict: 'no-return' };
    if (returned < 0n) {
      const kept = own && !free && !loss && this.facts.watched.has('module_free');
      if (kept) return { ...base, verdict: 'contradiction', disagreement: 'failure-but-loaded' };
      return { ...base, verdict: life ? 'init-failed' : 'rejected' };
    }
    if (!life && !loss && this.facts.watched.has('module_load')) {
      return { ...base, verdict: 'contradiction', disagreement: 'success-without-load' };
    }
    if (life && endOf(life)) return { ...base, verdict: 'unloaded' };
    const hidden = life?.load && this.#hiding(life.load);
    const endLoss = life?.load && this.#stageLosses.within(life.load.ns, this.facts.lastNs);
    return { ...base, verdict: 'live', hidden, endLoss, disagreement: hidden && 'live-but-unlisted' };
  }

  #hiding({ callId, address }: ModuleChange): HiddenModule | undefined {
    const wanted = hexadecimal(address);
    return this.hidden.find((hidden) => hidden.callId === callId && hidden.address === wanted);
  }

  #judgeUnload(call: BriefCall, loss: LossInterval | undefined, returnLoss: LossInterval | undefined): Judgement {
    const { returned } = call;
    const { modules } = this.facts;
    const freed = modules.ofCall(call.callId).find((at) => !modules.loadsAt(at));
    const free = freed === undefined ? undefined : modules.at(freed);
    const base = {
      life: undefined,
      free,
      sharedWith: undefined,
      loss,
      returnLoss,
      endLoss: undefined,
      disagreement: undefined,
      hidden: undefined,
    };
    if (returned === undefined) return { ...base, verdict: 'no-return' };
    if (returned < 0n) {
      return free
        ? { ...base, verdict: 'contradiction', disagreement: 'refused-but-freed' }
        : { ...base, verdict: 'refused' };
    }
    const denied = !free && !loss && this.facts.watched.has('module_free');
    return denied
      ? { ...base, verdict: 'contradiction', disagreement: 'removed-without-free' }
      : { ...base, verdict: 'removed' };
  }
}
