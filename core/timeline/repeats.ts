/** Repeated calls on the timeline: from the first to the last of those that the kernel counted together. */
import type { Verdict } from '#contract/attempt.ts';
import type { TimelineRepeat } from '#contract/timeline.ts';
import { toWide } from '#contract/wide.ts';
import type { Attempts } from '../attempt/attempts.ts';
import type { Bounds } from '../capture/interval.ts';

interface Stretch {
  readonly fromNs: bigint;
  toNs: bigint;
  count: number;
  readonly verdict: Verdict;
  readonly callId: number;
}

/**
 * Stretches of one verdict that overlap, or lie closer than a column is wide, are one: there are never many more than
 * columns and verdicts.
 * @param columns at least 1
 */
export function repeats(attempts: Attempts, { from, to }: Bounds, columns: number): TimelineRepeat[] {
  const { list } = attempts;
  const column = to > from ? (to - from) / BigInt(columns) : 0n;
  const found: Stretch[] = [];
  const open = new Map<Verdict, Stretch>();
  for (const { position, lastNs } of list.repeated()) {
    const fromNs = list.ns[position] ?? 0n;
    if (fromNs > to) break;
    if (lastNs < from) continue;
    const verdict = list.verdictAt(position);
    const before = open.get(verdict);
    if (before && fromNs - before.toNs <= column) {
      before.count += list.repeatAt(position);
      if (lastNs > before.toNs) before.toNs = lastNs;
      continue;
    }
    const stretch = {
      fromNs,
      toNs: lastNs,
      count: list.repeatAt(position),
      verdict,
      callId: list.callIds[position] ?? 0,
    };
    open.set(verdict, stretch);
    found.push(stretch);
  }
  return found.map((stretch) => ({ ...stretch, fromNs: toWide(stretch.fromNs), toNs: toWide(stretch.toNs) }));
}
