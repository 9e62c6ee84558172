/** What the timeline draws for one span. */
import type { Timeline, TimelineClockStep, TimelineLoss, TimelineRequest } from '#contract/timeline.ts';
import { toWide } from '#contract/wide.ts';
import type { Attempts } from '../attempt/attempts.ts';
import type { LossInterval } from '../attempt/facts.ts';
import { CaptureError } from '../capture/failure.ts';
import { boundsOf, type Bounds } from '../capture/interval.ts';
import type { ClockMap } from '../capture/clock-map.ts';
import { lifetimes } from './lifetimes.ts';
import { marks } from './marks.ts';
import { processLanes, type CallerOf } from './process-lanes.ts';
import { repeats } from './repeats.ts';
import type { Silences } from './silences.ts';
import type { Unread } from './unread.ts';

/** Columns at most: a very wide screen's pixels. */
const MOST_COLUMNS = 16384;

/** Smaller differences are how clocks drift, not a step. The recorder takes a sample at each that is larger. */
const STEP_NS = 10_000_000n;

/** Clocks that are being slewed run off by up to 500 parts in a million (adjtimex(2)); twice that is no step yet. */
const SLEW_PARTS = 1000n;

/** What the timeline needs of a capture besides its attempts. */
export interface TimelineSource {
  readonly attempts: Attempts;
  readonly clock: ClockMap;
  /** seq of the clock events, by their boot time. */
  readonly clockSeqs: ReadonlyMap<bigint, number>;
  /** Boot time at which the recording began. */
  readonly startedNs: bigint;
  readonly unread: Unread;
  readonly silences: Silences;
  readonly callerOf: CallerOf;
}

function losses(all: readonly LossInterval[], { from, to }: Bounds): TimelineLoss[] {
  return all
    .filter((loss) => loss.fromNs <= to && loss.toNs >= from)
    .map((loss) => ({ seq: Number(loss.seq), fromNs: toWide(loss.fromNs), toNs: toWide(loss.toNs), lost: loss.lost }));
}

function isStep(stepNs: bigint, sinceNs: bigint): boolean {
  const size = stepNs < 0n ? -stepNs : stepNs;
  return size >= STEP_NS + sinceNs / SLEW_PARTS;
}

function clockSteps({ clock, clockSeqs }: TimelineSource, { from, to }: Bounds): TimelineClockStep[] {
  return clock
    .steps()
    .filter(({ bootNs, stepNs, sinceNs }) => bootNs >= from && bootNs <= to && isStep(stepNs, sinceNs))
    .map(({ bootNs, stepNs }) => ({ seq: clockSeqs.get(bootNs) ?? 0, ns: toWide(bootNs), stepNs: toWide(stepNs) }));
}

/** @throws CaptureError 'bad-request' where the request has no whole columns or no moments */
export function buildTimeline(source: TimelineSource, request: TimelineRequest): Timeline {
  const { columns } = request;
  if (!Number.isInteger(columns) || columns < 1 || columns > MOST_COLUMNS) {
    throw new CaptureError(
      'bad-request',
      `a timeline has 1 to ${String(MOST_COLUMNS)} columns, not ${String(columns)}`,
    );
  }
  const bounds = boundsOf(request);
  const { progress, range, lastRead } = source.attempts.survey;
  const processes = processLanes(source.attempts, source.callerOf, bounds, columns);
  return {
    ...(progress ? { unread: source.unread.within(bounds, columns, lastRead, range[1]) } : {}),
    marks: marks(source.attempts, bounds, columns),
    repeats: repeats(source.attempts, bounds, columns),
    ...lifetimes(source.attempts, bounds, source.startedNs),
    losses: losses(source.attempts.judge.facts.losses, bounds),
    clockSteps: clockSteps(source, bounds),
    silences: source.silences.within(bounds, source.clock, source.clockSeqs),
    ...(processes && { processes }),
  };
}
