/** Calls that were counted together. */
import type { Attempt } from '#contract/attempt.ts';
import { count, duration } from './numbers.ts';
import { parseTime } from './time.ts';

/** How many, in which time, how many a second; the last two only where both moments are known. */
export function repeatWords(call: Pick<Attempt, 'repeat' | 'firstTime' | 'lastTime'>): {
  count: string;
  length?: string;
  rate?: string;
} {
  const words = { count: count(call.repeat) };
  const first = parseTime(call.firstTime ?? '');
  const last = parseTime(call.lastTime ?? '');
  if (first === undefined || last === undefined) return words;
  const ns = Number(last - first);
  // One call more than distances between them.
  const rate = ns > 0 ? Math.round(((call.repeat - 1) / ns) * 1e9) : 0;
  return { ...words, length: duration(ns), ...(rate > 0 ? { rate: `${count(rate)} calls a second` } : {}) };
}

/** "×1,234 in 2.50 s"; empty for a single call. */
export function timesWords(call: Pick<Attempt, 'repeat' | 'firstTime' | 'lastTime'>): string {
  if (call.repeat < 2) return '';
  const words = repeatWords(call);
  return words.length === undefined ? `×${words.count}` : `×${words.count} in ${words.length}`;
}
