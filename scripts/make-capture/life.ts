/** An ordinary day: modules that are asked for, loaded by hand, removed again, and mistakes. */
import type { Images, MadeImage } from './images.ts';
import { COST, load, refuseUnload, reject, unload } from './loads.ts';
import { ALIASES, UNANSWERED } from './names.ts';
import type { Place, Places } from './places.ts';
import type { MadeProcess } from './records.ts';
import { ERROR, text, type Scene } from './scene.ts';
import type { Timeline } from './timeline.ts';

/** More modules are not kept loaded. */
const MOST_LOADED = 420;

/** What one turn needs at most. */
const LONGEST = 4;

const MISTAKES = [ERROR.ENOENT, ERROR.ENOEXEC, ERROR.EINVAL, ERROR.ENOKEY, ERROR.EBADMSG] as const;

export class Life {
  readonly #scene: Scene;
  readonly #places: Places;
  readonly #images: Images;
  readonly #byName: ReadonlyMap<string, MadeImage>;

  constructor(scene: Scene, places: Places, images: Images) {
    this.#scene = scene;
    this.#places = places;
    this.#images = images;
    this.#byName = new Map(images.tree.map((image) => [image.name, image]));
  }

  events(timeline: Timeline, events: number): Generator<number> {
    return timeline.spread(this.#scene.random, events, (now, left) => this.#turn(now, left), 2.4);
  }

  #by(place: Place, program: string, argv: readonly string[], now: number, plain = false): MadeProcess {
    const who = plain ? place.plain : place.root;
    return this.#places.process(
      this.#scene.random.pick(place.starters),
      program,
      '/usr/bin/kmod',
      argv,
      who,
      now - 4e6,
    );
  }

  #somewhere(): Place {
    const { random } = this.#scene;
    return random.chance(0.5) ? this.#places.host : random.pick(this.#places.sessions);
  }

  /** Returns how many events it made. */
  #turn(now: number, left: number): number {
    const { random } = this.#scene;
    if (left < LONGEST) return this.#mistake(now);
    const dice = random.unit();
    if (dice < 0.33) return this.#load(now);
    if (dice < 0.6) return this.#remove(now);
    if (dice < 0.8) return this.#request(now);
    if (dice < 0.86) return this.#unanswered(now);
    return dice < 0.93 ? this.#mistake(now) : this.#foreign(now);
  }

  #load(now: number): number {
    const scene = this.#scene;
    if (scene.kernel.all(now).length >= MOST_LOADED) return this.#remove(now);
    const image = scene.random.pick(this.#images.tree);
    const process = this.#by(this.#somewhere(), 'modprobe', ['modprobe', image.name], now);
    const parameters =
      image.parameters > 0 && scene.random.chance(0.4) ? `debug=${String(scene.random.between(0, 7))}` : '';
    return load(scene, now, process, image, { parameters }) === undefined ? this.#mistake(now) : COST.live;
  }

  #remove(now: number): number {
    const scene = this.#scene;
    const live = scene.kernel.all(now).filter(({ liveAt, hidden, loading }) => liveAt < now && !hidden && !loading);
    const ordinary = live.filter(({ goneAt, image }) => goneAt === Infinity && image.taints === 0);
    if (ordinary.length === 0) return this.#mistake(now);
    const module = scene.random.pick(ordinary);
    const process = this.#by(this.#somewhere(), 'rmmod', ['rmmod', module.image.name], now);
    if (scene.random.chance(0.2)) {
      refuseUnload(scene, now, process, module.image.name);
      return COST.refused;
    }
    unload(scene, now, process, module);
    return COST.removed;
  }

  /** The kernel asks, and starts modprobe below kthreadd. */
  #request(now: number): number {
    const scene = this.#scene;
    const [alias, name] = scene.random.pick(ALIASES);
    const place = scene.random.pick(this.#places.all);
    scene.request(now, scene.random.pick(place.starters), alias);
    const image = this.#byName.get(name);
    const { who } = this.#places.kthreadd;
    const worker = this.#places.process(this.#places.kthreadd, 'kworker/u8:2', undefined, undefined, who, now + 1e5);
    const argv = ['/sbin/modprobe', '-q', '--', alias];
    const helper = this.#places.process(worker, 'modprobe', '/usr/bin/kmod', argv, who, now + 3e5);
    const loaded = image && load(scene, now + 3_500_000, helper, image);
    return loaded === undefined ? 1 : 1 + COST.live;
  }

  #unanswered(now: number): number {
    const { random } = this.#scene;
    this.#scene.request(now, random.pick(random.pick(this.#places.all).starters), random.pick(UNANSWERED));
    return 1;
  }

  /** One event. */
  #mistake(now: number): number {
    const scene = this.#scene;
    const place = scene.random.pick(this.#places.sessions);
    const image = scene.random.pick(this.#images.builds);
    const process = this.#by(place, 'insmod', ['insmod', image.file.path ?? ''], now, true);
    const facts = { returned: ERROR.EPERM, took: 600, file: image.file, texts: text(1, '') };
    scene.call('finit_module', now, scene.journal.nextCallId(), process, facts);
    return 1;
  }

  /** A driver from elsewhere: a new version in place of the old one, or one that does not fit. */
  #foreign(now: number): number {
    const scene = this.#scene;
    const image = scene.random.pick(this.#images.foreign);
    const process = this.#by(this.#somewhere(), 'modprobe', ['modprobe', image.name], now);
    const old = scene.kernel.named(image.name, now);
    if (old && old.liveAt < now && old.goneAt === Infinity && !old.hidden && !old.loading) {
      unload(scene, now, process, old);
      return COST.removed;
    }
    if (scene.random.chance(0.3)) {
      reject(scene, now, process, image, scene.random.pick(MISTAKES));
      return COST.rejected;
    }
    return load(scene, now, process, image) === undefined ? this.#mistake(now) : COST.live;
  }
}
