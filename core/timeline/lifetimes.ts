/** Modules on the timeline: from when to when their code was in the kernel. */
import type { Timeline, TimelineLifetime } from '#contract/timeline.ts';
import { toWide } from '#contract/wide.ts';
import type { Attempts } from '../attempt/attempts.ts';
import { endOf, type Life } from '../attempt/module-changes.ts';
import { definedOnly } from '../capture/defined.ts';
import type { Bounds } from '../capture/interval.ts';

/** Lanes that can be drawn; where more modules lived in the span, the first ones are. */
const MOST_LANES = 1000;

/** A stretch of a life, in boot time. */
interface Lane {
  readonly life: Life;
  readonly fromNs: bigint;
  readonly toNs: bigint | undefined;
}

function drawn(attempts: Attempts, { life, fromNs, toNs }: Lane): TimelineLifetime {
  const { load, free } = life;
  const seq = load?.callId === undefined ? undefined : attempts.seqOf(load.callId);
  const verdict = seq === undefined ? undefined : attempts.verdictOf(seq);
  return definedOnly<TimelineLifetime>({
    module: load?.name ?? free?.name ?? '',
    fromNs: toWide(fromNs),
    toNs: toNs === undefined ? undefined : toWide(toNs),
    before: load ? undefined : true,
    seq: load && Number(load.seq),
    callId: verdict && load?.callId,
    verdict: verdict ?? (toNs === undefined ? 'live' : 'unloaded'),
  });
}

/**
 * Modules whose life touches the span, the earliest first. One that was there before is drawn only where its end is
 * recorded: by its address nothing else is known of it.
 * @param startedNs boot time at which the recording began
 */
export function lifetimes(
  attempts: Attempts,
  { from, to }: Bounds,
  startedNs: bigint,
): Pick<Timeline, 'lifetimes' | 'moreLifetimes'> {
  const { modules } = attempts.judge.facts;
  const lanes: Lane[] = [];
  const add = (at: number): void => {
    const life = modules.lifeAt(at);
    if (life) lanes.push({ life, fromNs: life.load?.ns ?? startedNs, toNs: endOf(life)?.ns });
  };
  for (const at of startedNs > to ? [] : modules.orphans) if (modules.nsAt(at) >= from) add(at);
  for (let at = 0; at < modules.size && lanes.length <= MOST_LANES && modules.nsAt(at) <= to; at++) {
    if (!modules.loadsAt(at)) continue;
    const end = modules.endAt(at);
    if (end === undefined || modules.nsAt(end) >= from) add(at);
  }
  const told = lanes
    .sort((a, b) => (a.fromNs < b.fromNs ? -1 : a.fromNs > b.fromNs ? 1 : 0))
    .slice(0, MOST_LANES)
    .map((lane) => drawn(attempts, lane));
  return { lifetimes: told, ...(lanes.length > MOST_LANES ? { moreLifetimes: true } : {}) };
}
