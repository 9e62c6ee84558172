/** The machine starts: programs of udev load what its devices need, several at once. */
import type { Places } from './places.ts';
import type { Images } from './images.ts';
import { COST, load, reject } from './loads.ts';
import { ERROR, type Scene } from './scene.ts';
import { BOOT, type Timeline } from './timeline.ts';

const WORKERS = 8;

export function* boot(
  scene: Scene,
  places: Places,
  images: Images,
  timeline: Timeline,
  events: number,
): Generator<number> {
  const { random } = scene;
  const workers = Array.from({ length: WORKERS }, (_, at) =>
    places.process(
      places.udev,
      '(udev-worker)',
      '/usr/lib/systemd/systemd-udevd',
      ['(udev-worker)'],
      places.udev.who,
      timeline.start + 2e8 + at * 1e6,
    ),
  );
  let left = events;
  let now = timeline.start + 3e8;
  while (left >= COST.live) {
    // Fast at first, and less and less.
    now += random.exponential((BOOT * 0.9) / (events / COST.live)) * (0.3 + (2 * (now - timeline.start)) / BOOT);
    if (now > timeline.start + BOOT) return;
    yield Math.floor(now);
    const image = random.pick(images.tree);
    const worker = random.pick(workers);
    // Whoever comes second is told that it is there.
    const done = load(scene, Math.floor(now), worker, image);
    if (done === undefined) reject(scene, Math.floor(now), worker, image, ERROR.EEXIST);
    left -= done === undefined ? COST.known : COST.live;
  }
}
