/** Modules on the timeline: from when to when their code was in the kernel. */
import type { Timeline, TimelineLifetime } from '#contract/timeline.ts';
import { toWide } from '#contract/wide.ts';
import type { Attempts } from '../attempt/attempts.ts';
import type { Life } from '../attempt/module-changes.ts';
import { definedOnly } from '../capture/defined.ts';
import type { Bounds } from '../capture/interval.ts';

/** Lanes that can be drawn; where more modules lived in the span, the first ones are. */
const MOST_LANES = 1000;

/** Calls that are asked for when they returned, of loads that failed before the span; others had ended by then. */
const MOST_ASKED = 1000;

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

/** When lives ended, asked for in order of their beginning. */
class Ends {
  readonly #attempts: Attempts;
  readonly #from: bigint;
  #asked = 0;

  constructor(attempts: Attempts, from: bigint) {
    this.#attempts = attempts;
    this.#from = from;
  }

  /** A load that failed is freed before its call returns, though no free may be recorded. */
  #hasFailed(load: number): boolean {
    const { survey, judge } = this.#attempts;
    const row = judge.facts.modules.callRowAt(load);
    return row !== undefined && survey.rows.verdictAt(row) === 'init-failed';
  }

  /** When what was loaded there was gone. */
  of(load: number): bigint | undefined {
    const { judge } = this.#attempts;
    const { modules } = judge.facts;
    if (modules.isFreed(load) || !this.#hasFailed(load)) return modules.endNsAt(load);
    const ns = modules.nsAt(load);
    if (ns < this.#from && this.#asked++ >= MOST_ASKED) return ns;
    const life = modules.lifeAt(load);
    return life && judge.goneNs(life);
  }
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
  const ends = new Ends(attempts, from);
  const add = (at: number, toNs: bigint | undefined): void => {
    const life = modules.lifeAt(at);
    if (life) lanes.push({ life, fromNs: life.load?.ns ?? startedNs, toNs });
  };
  for (const at of startedNs > to ? [] : modules.orphans) {
    if (modules.nsAt(at) >= from) add(at, modules.nsAt(at));
  }
  for (let at = 0; at < modules.size && lanes.length <= MOST_LANES && modules.nsAt(at) <= to; at++) {
    if (!modules.loadsAt(at)) continue;
    const end = ends.of(at);
    if (end === undefined || end >= from) add(at, end);
  }
  const told = lanes
    .sort((a, b) => (a.fromNs < b.fromNs ? -1 : a.fromNs > b.fromNs ? 1 : 0))
    .slice(0, MOST_LANES)
    .map((lane) => drawn(attempts, lane));
  return { lifetimes: told, ...(lanes.length > MOST_LANES ? { moreLifetimes: true } : {}) };
}
