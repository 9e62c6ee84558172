/** Repeated calls on the timeline: from the first to the last of those that the kernel counted together. */
import { VERDICTS } from '#contract/attempt.ts';
import type { TimelineRepeat } from '#contract/timeline.ts';
import { toWide } from '#contract/wide.ts';
import type { Attempts } from '../attempt/attempts.ts';
import type { Bounds } from '../capture/interval.ts';

interface Stretch {
  readonly first: number;
  toNs: bigint;
  count: number;
}

/**
 * Stretches of one verdict that overlap, or lie closer than a column is wide, are one: there are never many more than
 * columns and verdicts.
 * @param columns at least 1
 */
export function repeats(attempts: Attempts, { from, to }: Bounds, columns: number): TimelineRepeat[] {
  const { repeats: list } = attempts.survey;
  const column = to > from ? (to - from) / BigInt(columns) : 0n;
  const found: Stretch[] = [];
  const open = new Map<number, Stretch>();
  for (let n = 0; n < list.size; n++) {
    const at = list.nth(n);
    const fromNs = list.fromAt(at);
    if (fromNs > to) break;
    const toNs = list.toAt(at);
    if (toNs < from) continue;
    const verdict = list.verdictAt(at);
    const before = open.get(verdict);
    if (before && fromNs - before.toNs <= column) {
      before.count += list.countAt(at);
      if (toNs > before.toNs) before.toNs = toNs;
      continue;
    }
    const stretch = { first: at, toNs, count: list.countAt(at) };
    open.set(verdict, stretch);
    found.push(stretch);
  }
  return found.map(({ first, toNs, count }) => ({
    fromNs: toWide(list.fromAt(first)),
    toNs: toWide(toNs),
    count,
    verdict: VERDICTS[list.verdictAt(first)] ?? 'contradiction',
    seq: list.seqAt(first),
    callId: attempts.callIdOf(BigInt(list.seqAt(first))),
  }));
}
