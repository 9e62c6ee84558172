/** Everything that one call to load or remove a module caused, joined. Printed by `attempts --json`. */
import type { Argument, CallKind, FileFact, ImageFact, ModuleFact, Process } from './event.ts';
import type { Wide } from './wide.ts';

export const LOAD_VERDICTS = ['live', 'unloaded', 'rejected', 'init-failed', 'no-return', 'contradiction'] as const;
export const UNLOAD_VERDICTS = ['removed', 'refused', 'no-return', 'contradiction'] as const;
export const VERDICTS = [
  'live',
  'unloaded',
  'removed',
  'rejected',
  'refused',
  'init-failed',
  'no-return',
  'contradiction',
] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Counts in the order of VERDICTS under their names, without those that are 0. */
export const verdictsByName = (counts: readonly number[]): Readonly<Partial<Record<Verdict, number>>> =>
  Object.fromEntries(VERDICTS.map((verdict, at) => [verdict, counts[at] ?? 0] as const).filter(([, n]) => n > 0));

/** Stages in the order in which a kernel goes through them. */
export const LOAD_STAGES = ['requested', 'called', 'bytes read', 'accepted', 'init ran', 'live', 'unloaded'] as const;
export const UNLOAD_STAGES = ['called', 'exit ran', 'unloaded'] as const;
export type StageName = (typeof LOAD_STAGES)[number] | (typeof UNLOAD_STAGES)[number];

/**
 * done: the facts prove it · failed: the facts prove that it was refused or failed here · not-reached: it cannot have
 * happened · unknown: no fact speaks of it (a hook that was not there, a loss, a call still running) ·
 * contradiction: facts disagree.
 */
export type StageState = 'done' | 'failed' | 'not-reached' | 'unknown' | 'contradiction';

export interface Stage {
  readonly stage: StageName;
  readonly state: StageState;
  /** RFC 3339; absent where the stage has no moment. */
  readonly time?: string;
  readonly ns?: Wide;
  /** One sentence: what happened, in words. */
  readonly detail: string;
  /** seq of the events that prove it. */
  readonly evidence: readonly number[];
}

export interface Contradiction {
  readonly code:
    | 'success-without-load'
    | 'failure-but-loaded'
    | 'removed-without-free'
    | 'refused-but-freed'
    /** Live by all that the kernel recorded, and missing from its list. */
    | 'live-but-unlisted'
    /** Readings of a text argument that differ: at entry, as the kernel got it, at return. */
    | 'parameters-changed';
  readonly text: string;
  readonly evidence: readonly number[];
}

export interface Attempt {
  readonly callId: number;
  /** seq of the call's event. */
  readonly seq: number;
  readonly time: string;
  readonly ns: Wide;
  readonly kind: CallKind;
  readonly operation: 'load' | 'unload';
  readonly module?: ModuleFact;
  readonly verdict: Verdict;
  /** The verdict in one sentence, fit for a report. */
  readonly summary: string;
  readonly stages: readonly Stage[];
  readonly args: readonly Argument[];
  readonly returnValue?: Wide;
  readonly errno?: string;
  readonly durationNs?: Wide;
  readonly process?: Process;
  readonly file?: FileFact;
  readonly image?: ImageFact;
  readonly contradictions: readonly Contradiction[];
  /** True for a 32-bit caller. */
  readonly compat?: boolean;
  /** How many identical failing calls of one thread this stands for. */
  readonly repeat: number;
  /** RFC 3339 and boot time of the first and the last of them, where there are several. */
  readonly firstTime?: string;
  readonly lastTime?: string;
  readonly firstNs?: Wide;
  readonly lastNs?: Wide;
  /** seq of the single call that they are identical to. */
  readonly likeSeq?: number;
}
