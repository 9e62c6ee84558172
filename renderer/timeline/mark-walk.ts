/** Walking over the timeline's marks with the keys, for those who cannot point at them. */
import type { TimelineMark } from '#contract/timeline.ts';
import type { CaptureClock, Offset } from '../format/clock.ts';
import { count } from '../format/numbers.ts';
import { VERDICT_LOOKS } from '../format/verdicts.ts';

export type Way = 'before' | 'next' | 'first' | 'last';

export const WAYS: Readonly<Record<string, Way>> = {
  ArrowLeft: 'before',
  ArrowRight: 'next',
  Home: 'first',
  End: 'last',
};

/**
 * @param marks - in order of time
 * @param from - the call and the moment that one stands at; undefined where nothing is selected
 */
export function walk(
  marks: readonly TimelineMark[],
  clock: CaptureClock,
  from: { readonly callId: number | undefined; readonly at: Offset } | undefined,
  way: Way,
): TimelineMark | undefined {
  if (way === 'first' || (way === 'next' && !from)) return marks[0];
  if (way === 'last' || !from) return marks.at(-1);
  const here = marks.findIndex(({ callId }) => callId === from.callId);
  if (here >= 0) return marks[way === 'next' ? here + 1 : here - 1];
  return way === 'next'
    ? marks.find(({ ns }) => clock.offset(ns) > from.at)
    : marks.findLast(({ ns }) => clock.offset(ns) < from.at);
}

/** "3 calls: rejected", "an image: live" */
export function markWords({ count: many, label, verdict }: TimelineMark): string {
  const what = VERDICT_LOOKS[verdict].word;
  return many > 1 ? `${count(many)} calls: ${what}` : `${label ?? 'an image'}: ${what}`;
}
