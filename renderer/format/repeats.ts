/** Calls that were counted together. */
import type { Attempt } from '#contract/attempt.ts';
import { fromWide } from '#contract/wide.ts';
import { count, duration } from './numbers.ts';

/** Boot time: the clock on the wall may have been set meanwhile. */
type Repeated = Pick<Attempt, 'repeat' | 'firstNs' | 'lastNs'>;

/** How many, in which time, how many a second; the last two only where both moments are known. */
export function repeatWords(call: Repeated): {
  count: string;
  length?: string;
  rate?: string;
} {
  const words = { count: count(call.repeat) };
  const { firstNs, lastNs } = call;
  if (firstNs === undefined || lastNs === undefined) return words;
  const ns = Number(fromWide(lastNs) - fromWide(firstNs));
  // One call more than distances between them.
  const rate = ns > 0 ? Math.round(((call.repeat - 1) / ns) * 1e9) : 0;
  return { ...words, length: duration(ns), ...(rate > 0 ? { rate: `${count(rate)} calls a second` } : {}) };
}

/** "×1,234 in 2.50 s"; empty for a single call. */
export function timesWords(call: Repeated): string {
  if (call.repeat < 2) return '';
  const words = repeatWords(call);
  return words.length === undefined ? `×${words.count}` : `×${words.count} in ${words.length}`;
}
