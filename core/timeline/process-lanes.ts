/** Who made the attempts of a span: callers by the name of their process, the busiest first. */
import type { TimelineProcesses } from '#contract/timeline.ts';
import { toWide } from '#contract/wide.ts';
import type Database from 'better-sqlite3';
import type { Attempts } from '../attempt/attempts.ts';
import { anyText, type Row } from '../capture/columns.ts';
import type { Bounds } from '../capture/interval.ts';

/** Rows that are looked up one by one at most: some milliseconds. */
const MOST_CALLS = 5000;

/** Rows that are remembered: while one moves, most are the same. */
const MOST_KNOWN = 20_000;

/** Callers with a lane of their own. */
const MOST_LANES = 12;

/** Stretches of one caller that a column cannot tell apart are one. */
interface Stretch {
  readonly from: bigint;
  to: bigint;
  count: number;
  readonly seq: number;
  readonly callId: number;
}

interface Lane {
  calls: number;
  readonly stretches: Stretch[];
}

export interface Caller {
  readonly comm: string;
  readonly callId: number;
}

/** Reads who made a call; undefined where the capture does not say. */
export type CallerOf = (seq: number) => Caller | undefined;

/** Each event is one look-up, each process is read once. What was written is final, so that it may be remembered. */
export function callerReader(database: Database.Database): CallerOf {
  const find = database
    .prepare<[number], unknown[]>('SELECT process_id, call_id FROM event WHERE seq = ? AND process_id IS NOT NULL')
    .raw();
  const name = database.prepare<[unknown], Row>('SELECT comm FROM process WHERE id = ?');
  const names = new Map<unknown, string | undefined>();
  const known = new Map<number, Caller | undefined>();
  const look: CallerOf = (seq) => {
    const cells = find.get(seq);
    if (!cells) return undefined;
    const [id, callId] = cells;
    if (!names.has(id)) {
      const row = name.get(id);
      names.set(id, row && anyText(row, 'comm'));
    }
    const comm = names.get(id);
    return comm === undefined ? undefined : { comm, callId: Number(callId) };
  };
  return (seq) => {
    if (known.has(seq)) return known.get(seq);
    if (known.size >= MOST_KNOWN) {
      known.clear();
      names.clear();
    }
    const caller = look(seq);
    known.set(seq, caller);
    return caller;
  };
}

/**
 * Undefined where the span holds more calls than can be looked up in passing.
 * @param columns at least 1
 */
export function processLanes(
  attempts: Attempts,
  callerOf: CallerOf,
  { from, to }: Bounds,
  columns: number,
): TimelineProcesses | undefined {
  const { list } = attempts;
  const [first, end] = [list.firstAtOrAfter(from), list.firstAfter(to)];
  if (end - first > MOST_CALLS) return undefined;
  const column = to > from ? (to - from) / BigInt(columns) : 0n;
  const lanes = new Map<string, Lane>();
  for (let place = first; place < end; place++) {
    const seq = list.seqAt(place);
    const caller = callerOf(seq);
    if (!caller) continue;
    const { comm, callId } = caller;
    let lane = lanes.get(comm);
    if (!lane) lanes.set(comm, (lane = { calls: 0, stretches: [] }));
    const [ns, calls] = [list.nsAt(place), list.repeatAt(place)];
    lane.calls += calls;
    const last = lane.stretches.at(-1);
    if (last && ns - last.to <= column) {
      last.to = ns;
      last.count += calls;
    } else lane.stretches.push({ from: ns, to: ns, count: calls, seq, callId });
  }
  const sorted = [...lanes].sort(([a, { calls: most }], [b, { calls }]) => calls - most || (a < b ? -1 : 1));
  return {
    lanes: sorted.slice(0, MOST_LANES).map(([comm, { calls, stretches }]) => ({
      comm,
      count: calls,
      stretches: stretches.map(({ from: start, to: last, count, seq, callId }) => ({
        fromNs: toWide(start),
        toNs: toWide(last),
        count,
        seq,
        callId,
      })),
    })),
    others: Math.max(sorted.length - MOST_LANES, 0),
    otherCalls: sorted.slice(MOST_LANES).reduce((sum, [, { calls }]) => sum + calls, 0),
  };
}
