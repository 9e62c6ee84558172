/** Test runs of people who build modules: load, look, unload, again and again, each time another build. */
import type { Images, MadeImage } from './images.ts';
import { COST, failInit, load, refuseUnload, reject, unload } from './loads.ts';
import type { Place, Places } from './places.ts';
import type { Random } from './random.ts';
import type { MadeProcess } from './records.ts';
import { ERROR, type Scene } from './scene.ts';
import type { Timeline } from './timeline.ts';

/** What one round needs at most: a load, a removal that is refused, a removal. */
export const ROUND = COST.live + COST.refused + COST.removed;

const TYPICAL = 5;

/** How many tests of one run follow each other. */
const RUN = 40;

const FAILURES = [ERROR.ENODEV, ERROR.EINVAL, ERROR.ENOMEM, ERROR.EBUSY] as const;

/** Goes through all builds, and back to earlier ones now and then. */
export class Walk {
  readonly #images: readonly MadeImage[];
  #next = 0;

  constructor(images: Images) {
    this.#images = images.builds;
  }

  take(random: Random): MadeImage {
    const again = random.chance(0.2) && this.#next > 0;
    const at = again ? random.between(0, Math.min(this.#next, this.#images.length) - 1) : this.#next++;
    const image = this.#images[at % this.#images.length];
    if (!image) throw new Error('no builds');
    return image;
  }
}

export class Rounds {
  readonly #scene: Scene;
  readonly #random: Random;
  readonly #places: Places;
  readonly #walk: Walk;
  #place: Place;
  #runner: MadeProcess | undefined;
  #each = false;
  #left = 0;

  constructor(scene: Scene, random: Random, places: Places, walk: Walk) {
    this.#scene = scene;
    this.#random = random;
    this.#places = places;
    this.#walk = walk;
    this.#place = places.host;
  }

  events(timeline: Timeline, events: number): Generator<number> {
    return timeline.spread(this.#random, events, (now, left) => (left < ROUND ? left : this.#turn(now)), TYPICAL);
  }

  /** Who does it: one program for a whole run, or another one for each call. */
  #caller(now: number, words: readonly string[]): MadeProcess {
    const random = this.#random;
    if (this.#left-- <= 0 || !this.#runner) {
      this.#place = random.pick(random.chance(0.7) ? this.#places.containers : this.#places.sessions);
      const { starters, root } = this.#place;
      const argv = ['python3', '-m', 'pytest', `tests/test_${random.hex(4)}.py`];
      this.#runner = this.#places.process(starters[0], 'pytest', '/usr/bin/python3.13', argv, root, now - 2e8);
      this.#each = random.chance(0.6);
      this.#left = random.between(RUN / 2, RUN * 2);
    }
    if (!this.#each) return this.#runner;
    const [program = ''] = words;
    return this.#places.process(this.#runner, program, '/usr/bin/kmod', words, this.#place.root, now - 2e6);
  }

  #turn(now: number): number {
    const [scene, random] = [this.#scene, this.#random];
    const image = this.#walk.take(random);
    const process = this.#caller(now, ['insmod', image.file.path ?? '']);
    const parameters = random.chance(0.3) ? `case=${String(random.between(1, 400))} seed=${random.hex(6)}` : '';
    const dice = random.unit();
    if (dice < 0.05) {
      reject(scene, now, process, image, random.pick([ERROR.ENOEXEC, ERROR.ENOENT, ERROR.EINVAL]), { parameters });
      return COST.rejected;
    }
    if (dice < 0.11 && failInit(scene, now, process, image, random.pick(FAILURES), { parameters }) !== undefined) {
      return COST.failed;
    }
    const live = load(scene, now, process, image, { parameters, memory: random.chance(0.03) });
    const module = scene.kernel.named(image.name, now);
    if (live === undefined || !module) {
      reject(scene, now, process, image, ERROR.EEXIST, { parameters });
      return COST.known;
    }
    const later = Math.floor(live + random.logarithmic(2e6, 4e8));
    const remover = this.#caller(later, ['rmmod', image.name]);
    const refused = random.chance(0.04);
    if (refused) refuseUnload(scene, later, remover, image.name, ERROR.EAGAIN);
    unload(scene, refused ? later + 3_000_000 : later, remover, module);
    return COST.live + COST.removed + (refused ? COST.refused : 0);
  }
}
