/** Attempts on the timeline, thinned to one mark a column and verdict. */
import { VERDICTS } from '#contract/attempt.ts';
import type { TimelineMark } from '#contract/timeline.ts';
import { toWide } from '#contract/wide.ts';
import type { Attempts } from '../attempt/attempts.ts';
import type { VerdictCount } from '../attempt/verdict-sums.ts';
import type { Bounds } from '../capture/interval.ts';
import { definedOnly } from '../capture/defined.ts';

/** Smallest moment that is not below a fraction: integers of any size. */
function ceilDiv(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}

/** A mark that stands for one row carries its module's name. */
function drawn(attempts: Attempts, { verdict, rows, calls, first }: VerdictCount): TimelineMark {
  const { list } = attempts;
  const seq = list.seqAt(first);
  return definedOnly<TimelineMark>({
    ns: toWide(list.nsAt(first)),
    verdict: VERDICTS[verdict] ?? 'contradiction',
    count: calls,
    seq,
    callId: attempts.callIdOf(BigInt(seq)),
    label: rows === 1 ? attempts.moduleNameOf(BigInt(seq)) : undefined,
  });
}

/** @param columns at least 1 */
export function marks(attempts: Attempts, { from, to }: Bounds, columns: number): TimelineMark[] {
  const { list } = attempts;
  const span = to > from ? to - from : 1n;
  const end = list.firstAfter(to);
  const found: TimelineMark[] = [];
  for (let at = list.firstAtOrAfter(from); at < end;) {
    const column = ((list.nsAt(at) - from) * BigInt(columns)) / span;
    const next = Math.min(end, list.firstAtOrAfter(from + ceilDiv((column + 1n) * span, BigInt(columns)), at + 1));
    for (const count of list.countsWithin(at, next)) found.push(drawn(attempts, count));
    at = next;
  }
  return found;
}
