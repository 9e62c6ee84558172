/** Floods of calls that fail: which there are, when, and how large. */
import { asking, denied, fuzz, missing } from './flood-calls.ts';
import { broken, known, unsigned } from './flood-loads.ts';
import type { Flood } from './flood.ts';
import type { Images } from './images.ts';
import type { Places } from './places.ts';
import { repeats } from './repeats.ts';
import type { Scene } from './scene.ts';
import type { Timeline } from './timeline.ts';

type Kind = (flood: Flood) => Generator<number>;

/** Kinds, and how much of all floods' events each of them has. */
const KINDS: readonly (readonly [share: number, kind: Kind, fastest: number])[] = [
  [0.29, denied, 40_000],
  [0.27, fuzz, 40_000],
  [0.11, missing, 4_000],
  [0.08, unsigned, 2_000],
  [0.06, broken, 400],
  [0.07, repeats, 20_000],
  [0.06, known, 3_000],
  [0.06, asking, 8_000],
];

/** All floods of a capture, which together make at most so many events. */
export function floods(
  scene: Scene,
  places: Places,
  images: Images,
  timeline: Timeline,
  events: number,
): Generator<number>[] {
  const plan = scene.random.branch('floods');
  const each = Math.max(1, Math.round(0.2 * Math.pow(events, 0.215)));
  return KINDS.flatMap(([share, kind, fastest], index) => {
    const weights = Array.from({ length: each }, () => plan.logarithmic(1, 60));
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight, number) => {
      const random = scene.random.branch(`flood ${String(index)} ${String(number)}`);
      const own = Math.floor((events * share * weight) / all);
      const from = timeline.moment(plan.unit() * timeline.busy * 0.97);
      // It ends before it becomes quiet.
      const room = Math.max(timeline.room(from) * 0.95, 1);
      const gap = Math.min(1e9 / plan.logarithmic(Math.min(20, fastest), fastest), room / Math.max(1, own));
      const place = plan.pick(places.all);
      return kind({ scene, random, places, images, place, from, gap, events: own });
    });
  });
}
