/** Floods of loads that come to nothing: the kernel reads the image each time. */
import { Callers, turns, type Flood } from './flood.ts';
import type { MadeImage } from './images.ts';
import { COST, failInit, reject } from './loads.ts';
import { ERROR } from './scene.ts';

/** A service that wants its module, which the kernel does not accept, and is started again. */
export function* unsigned(flood: Flood): Generator<number> {
  const { scene, random, images } = flood;
  const callers = new Callers(flood, false, '/usr/bin/kmod', random.pick([1, 20, 200]));
  const image = random.pick(images.foreign);
  const error = random.pick([ERROR.EKEYREJECTED, ERROR.ENOKEY, ERROR.ENOEXEC]);
  for (const now of turns(flood, COST.rejected)) {
    yield now;
    reject(
      scene,
      now,
      callers.at(now, () => ['modprobe', image.name]),
      image,
      error,
    );
  }
}

/** The same with a driver whose device is not there: its init runs each time. */
export function* broken(flood: Flood): Generator<number> {
  const { scene, random, images } = flood;
  const callers = new Callers(flood, false, '/usr/bin/kmod', random.pick([1, 20, 200]));
  const candidates = images.foreign.filter(({ name }) => !scene.kernel.named(name, flood.from));
  const image: MadeImage = random.pick(candidates);
  const options = { parameters: 'modeset=1', init: random.logarithmic(50_000, 2_000_000) };
  for (const now of turns(flood, COST.failed)) {
    yield now;
    failInit(
      scene,
      now,
      callers.at(now, () => ['modprobe', image.name]),
      image,
      ERROR.ENODEV,
      options,
    );
  }
}

/** udev is triggered: everything is loaded again, and is there already. */
export function* known(flood: Flood): Generator<number> {
  const { scene, random, places } = flood;
  const callers = new Callers(
    { ...flood, place: { ...flood.place, starters: [places.udev] } },
    false,
    '/usr/lib/systemd/systemd-udevd',
    60,
  );
  let live = scene.kernel.all(flood.from);
  for (const now of turns(flood, COST.known)) {
    yield now;
    if (random.chance(0.002)) live = scene.kernel.all(now);
    const module = live.length > 0 ? random.pick(live) : undefined;
    const there = module && !module.hidden && !module.loading && module.goneAt === Infinity && module.liveAt < now;
    const image = there ? module.image : random.pick(flood.images.builds);
    reject(
      scene,
      now,
      callers.at(now, () => ['(udev-worker)']),
      image,
      there ? ERROR.EEXIST : ERROR.ENOEXEC,
    );
  }
}
