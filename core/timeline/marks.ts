/** Attempts on the timeline, thinned to one mark a column and verdict. */
import type { Verdict } from '#contract/attempt.ts';
import type { TimelineMark } from '#contract/timeline.ts';
import { toWide } from '#contract/wide.ts';
import type { Attempts } from '../attempt/attempts.ts';
import type { Bounds } from '../capture/interval.ts';
import { definedOnly } from '../capture/defined.ts';

interface Mark {
  readonly position: number;
  readonly verdict: Verdict;
  rows: number;
  count: number;
}

/** A mark that stands for one row carries its module's name. */
function drawn(attempts: Attempts, { position, verdict, rows, count }: Mark): TimelineMark {
  const { seqs, ns, callIds } = attempts.list;
  return definedOnly<TimelineMark>({
    ns: toWide(ns[position] ?? 0n),
    verdict,
    count,
    callId: callIds[position] ?? 0,
    label: rows === 1 ? attempts.moduleNameOf(BigInt(seqs[position] ?? 0)) : undefined,
  });
}

/** @param columns at least 1 */
export function marks(attempts: Attempts, { from, to }: Bounds, columns: number): TimelineMark[] {
  const { list } = attempts;
  const span = to > from ? to - from : 1n;
  const found: Mark[] = [];
  let open = new Map<Verdict, Mark>();
  let columnEnd = from;
  for (let at = list.firstAtOrAfter(from); at < list.size; at++) {
    const ns = list.ns[at] ?? 0n;
    if (ns > to) break;
    if (ns >= columnEnd) {
      const column = ((ns - from) * BigInt(columns)) / span;
      // Rounded up: the first moment of the next column.
      columnEnd = from + ((column + 1n) * span + BigInt(columns) - 1n) / BigInt(columns);
      open = new Map();
    }
    const verdict = list.verdictAt(at);
    const mark = open.get(verdict);
    if (mark) {
      mark.rows++;
      mark.count += list.repeatAt(at);
    } else {
      const first = { position: at, verdict, rows: 1, count: list.repeatAt(at) };
      open.set(verdict, first);
      found.push(first);
    }
  }
  return found.map((mark) => drawn(attempts, mark));
}
