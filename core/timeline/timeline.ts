/** What the timeline draws for one span, thinned to one mark a column and verdict. */
import type { Verdict } from '#contract/attempt.ts';
import type {
  Timeline,
  TimelineClockStep,
  TimelineLifetime,
  TimelineLoss,
  TimelineMark,
  TimelineRequest,
} from '#contract/timeline.ts';
import { fromWide, toWide } from '#contract/wide.ts';
import type { AttemptIndex, Joined } from '../attempt/join.ts';
import { definedOnly } from '../capture/defined.ts';
import type { ClockMap } from '../capture/clock-map.ts';

/** Smaller differences are how clocks drift, not a step. */
const STEP_NS = 10_000_000n;

/** Lanes that can be drawn; a capture with more modules shows those of the span first. */
const LIFETIME_LIMIT = 5000;

function firstAtOrAfter(attempts: readonly Joined[], ns: bigint): number {
  let low = 0;
  let high = attempts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((attempts[middle]?.call.ns ?? 0n) < ns) low = middle + 1;
    else high = middle;
  }
  return low;
}

function marks(index: AttemptIndex, from: bigint, to: bigint, columns: number): TimelineMark[] {
  const span = to > from ? to - from : 1n;
  const found = new Map<string, { first: Joined; count: number }>();
  for (let at = firstAtOrAfter(index.attempts, from); at < index.attempts.length; at++) {
    const joined = index.attempts[at];
    if (!joined || joined.call.ns > to) break;
    const column = ((joined.call.ns - from) * BigInt(columns)) / span;
    const key = `${column.toString()} ${joined.verdict}`;
    const mark = found.get(key);
    if (mark) mark.count += joined.call.repeat;
    else found.set(key, { first: joined, count: joined.call.repeat });
  }
  return [...found.values()].map(({ first, count }) =>
    definedOnly<TimelineMark>({
      ns: toWide(first.call.ns),
      verdict: first.verdict,
      count,
      callId: first.call.callId,
      label: count === 1 ? first.moduleName : undefined,
    }),
  );
}

function lifetimes(index: AttemptIndex, from: bigint, to: bigint): TimelineLifetime[] {
  const ends = new Map(index.attempts.flatMap((joined) => (joined.load ? [[joined.load.seq, joined] as const] : [])));
  const alive = new Map<bigint, { name: string; fromNs: bigint; seq: bigint }>();
  const lanes: TimelineLifetime[] = [];
  const put = (life: { name: string; fromNs: bigint; seq: bigint }, toNs: bigint | undefined): void => {
    if (life.fromNs > to || (toNs !== undefined && toNs < from)) return;
    const joined = ends.get(life.seq);
    const verdict: Verdict = joined?.verdict ?? (toNs === undefined ? 'live' : 'unloaded');
    lanes.push(
      definedOnly<TimelineLifetime>({
        module: life.name,
        fromNs: toWide(life.fromNs),
        toNs: toNs === undefined ? undefined : toWide(toNs),
        callId: joined?.call.callId,
        verdict,
      }),
    );
  };
  for (const change of index.facts.modules) {
    const life = alive.get(change.address);
    if (change.loads) alive.set(change.address, { name: change.name, fromNs: change.ns, seq: change.seq });
    else if (life) {
      put(life, change.ns);
      alive.delete(change.address);
    }
  }
  for (const life of alive.values()) put(life, undefined);
  return lanes.sort((a, b) => (fromWide(a.fromNs) < fromWide(b.fromNs) ? -1 : 1)).slice(0, LIFETIME_LIMIT);
}

function losses(index: AttemptIndex, from: bigint, to: bigint): TimelineLoss[] {
  return index.facts.losses
    .filter((loss) => loss.fromNs <= to && loss.toNs >= from)
    .map((loss) => ({ seq: Number(loss.seq), fromNs: toWide(loss.fromNs), toNs: toWide(loss.toNs), lost: loss.lost }));
}

function clockSteps(
  clock: ClockMap,
  clockSeqs: ReadonlyMap<bigint, number>,
  from: bigint,
  to: bigint,
): TimelineClockStep[] {
  return clock
    .steps()
    .filter(({ bootNs, stepNs }) => bootNs >= from && bootNs <= to && (stepNs >= STEP_NS || stepNs <= -STEP_NS))
    .map(({ bootNs, stepNs }) => ({ seq: clockSeqs.get(bootNs) ?? 0, ns: toWide(bootNs), stepNs: toWide(stepNs) }));
}

/** @param clockSeqs the clock events' seq by their boot time */
export function buildTimeline(
  index: AttemptIndex,
  clock: ClockMap,
  clockSeqs: ReadonlyMap<bigint, number>,
  request: TimelineRequest,
): Timeline {
  const from = fromWide(request.fromNs);
  const to = fromWide(request.toNs);
  return {
    marks: marks(index, from, to, request.columns),
    lifetimes: lifetimes(index, from, to),
    losses: losses(index, from, to),
    clockSteps: clockSteps(clock, clockSeqs, from, to),
  };
}
