/** How verdicts are told apart: by word, by shape and by colour, so that colour is never the only sign. */
import { VERDICTS, type StageName, type StageState, type Verdict } from '#contract/attempt.ts';
import { count } from './numbers.ts';

export type Shape = 'dot' | 'ring' | 'cross' | 'half' | 'dotted' | 'diamond';

export interface VerdictLook {
  readonly word: string;
  readonly shape: Shape;
  /** Name of the token that holds its colour. */
  readonly color: string;
}

export const VERDICT_LOOKS: Readonly<Record<Verdict, VerdictLook>> = {
  live: { word: 'live', shape: 'dot', color: '--verdict-live' },
  unloaded: { word: 'unloaded', shape: 'ring', color: '--verdict-unloaded' },
  removed: { word: 'removed', shape: 'ring', color: '--verdict-unloaded' },
  rejected: { word: 'rejected', shape: 'cross', color: '--verdict-rejected' },
  refused: { word: 'refused', shape: 'cross', color: '--verdict-rejected' },
  'init-failed': { word: 'init failed', shape: 'half', color: '--verdict-init-failed' },
  'no-return': { word: 'did not return', shape: 'dotted', color: '--verdict-no-return' },
  contradiction: { word: 'contradiction', shape: 'diamond', color: '--verdict-contradiction' },
};

/** "12 live, 3 rejected": counts in the order of VERDICTS. */
export const verdictCountWords = (counts: readonly number[]): string =>
  VERDICTS.flatMap((verdict, at) => {
    const amount = counts[at] ?? 0;
    return amount > 0 ? [`${count(amount)} ${VERDICT_LOOKS[verdict].word}`] : [];
  }).join(', ');

/** A path for each shape in a square of 12 units, centred; `half` and `ring` are drawn with a stroke too. */
export const SHAPE_PATHS: Readonly<Record<Shape, { readonly fill?: string; readonly stroke?: string }>> = {
  dot: { fill: 'M6 1.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9z' },
  ring: { stroke: 'M6 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8z' },
  cross: { stroke: 'M2.2 2.2l7.6 7.6M9.8 2.2l-7.6 7.6' },
  half: { stroke: 'M6 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8z', fill: 'M6 2a4 4 0 0 1 0 8z' },
  dotted: { stroke: 'M6 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8z' },
  diamond: { fill: 'M6 0.8l5.2 5.2-5.2 5.2-5.2-5.2z' },
};

/** Dashes of the `dotted` ring, in units of the square. */
export const DOTTED_DASH: readonly number[] = [1.9, 1.24];

/** A stage's state takes the look of the verdict that means the same. */
export const STAGE_LOOKS: Readonly<Record<StageState, VerdictLook>> = {
  done: { word: 'done', shape: 'dot', color: '--verdict-live' },
  failed: { word: 'failed', shape: 'cross', color: '--verdict-init-failed' },
  'not-reached': { word: 'not reached', shape: 'ring', color: '--text-soft' },
  unknown: { word: 'unknown', shape: 'dotted', color: '--verdict-no-return' },
  contradiction: { word: 'contradiction', shape: 'diamond', color: '--verdict-contradiction' },
};

export const STAGE_WORDS: Readonly<Record<StageName, string>> = {
  requested: 'Requested',
  called: 'Called',
  'bytes read': 'Bytes read',
  accepted: 'Accepted',
  'init ran': 'Init ran',
  live: 'Live',
  unloaded: 'Unloaded',
  'exit ran': 'Exit ran',
};
