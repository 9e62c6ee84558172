/** The stages of an attempt, in the order in which a kernel goes through them. */
import type { Stage, StageName, StageState } from '#contract/attempt.ts';
import { toWide } from '#contract/wide.ts';
import type { ClockMap } from '../capture/clock-map.ts';
import { definedOnly } from '../capture/defined.ts';

/** What is known of one stage, before it gets its name. */
export interface Finding {
  readonly state: StageState;
  readonly detail: string;
  /** seqs of the events that prove it. */
  readonly evidence?: readonly bigint[];
  /** Boot time; absent where the stage has no moment. */
  readonly ns?: bigint | undefined;
}

export function done(detail: string, evidence: readonly bigint[] = [], ns?: bigint): Finding {
  return { state: 'done', detail, evidence, ns };
}

export function failed(detail: string, evidence: readonly bigint[], ns?: bigint): Finding {
  return { state: 'failed', detail, evidence, ns };
}

export function notReached(detail: string): Finding {
  return { state: 'not-reached', detail };
}

export function unknown(detail: string, evidence: readonly bigint[] = []): Finding {
  return { state: 'unknown', detail, evidence };
}

export function contradicted(detail: string, evidence: readonly bigint[]): Finding {
  return { state: 'contradiction', detail, evidence };
}

export function stage(name: StageName, finding: Finding, clock: ClockMap): Stage {
  const { state, detail, evidence, ns } = finding;
  return definedOnly<Stage>({
    stage: name,
    state,
    time: ns === undefined ? undefined : clock.time(ns),
    ns: ns === undefined ? undefined : toWide(ns),
    detail,
    evidence: (evidence ?? []).map(Number),
  });
}
