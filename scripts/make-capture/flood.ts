/** One flood: one program in one place that does the same, or nearly, over and over. */
import type { Images } from './images.ts';
import type { Place, Places } from './places.ts';
import type { Random } from './random.ts';
import type { MadeProcess } from './records.ts';
import type { Scene } from './scene.ts';

export interface Flood {
  readonly scene: Scene;
  readonly random: Random;
  readonly places: Places;
  readonly images: Images;
  readonly place: Place;
  readonly from: number;
  /** Nanoseconds from one call to the next, on average. */
  readonly gap: number;
  readonly events: number;
}

/** Calls by the same process before the next one is started: a loop in a shell, or a program with a loop. */
const LOOPS: readonly number[] = [1, 40, 400, 4_000];

/** Starts a process whenever the one before has made its calls. */
export class Callers {
  readonly #flood: Flood;
  readonly #plain: boolean;
  readonly #starter: MadeProcess;
  readonly #calls: number;
  readonly #path: string;
  #process: MadeProcess | undefined;
  #left = 0;

  constructor(flood: Flood, plain: boolean, path: string, calls = flood.random.pick(LOOPS)) {
    this.#flood = flood;
    this.#plain = plain;
    this.#path = path;
    this.#calls = calls;
    this.#starter = flood.random.pick(flood.place.starters);
  }

  at(now: number, argv: (random: Random) => readonly string[]): MadeProcess {
    const { places, place, random } = this.#flood;
    if (this.#process && this.#left-- > 0) return this.#process;
    this.#left = this.#calls - 1;
    const who = this.#plain ? place.plain : place.root;
    const comm = this.#path.slice(this.#path.lastIndexOf('/') + 1);
    return (this.#process = places.process(this.#starter, comm, this.#path, argv(random), who, now - 1.5e6));
  }
}

/** Moments of the flood's turns, each of which may take several events. */
export function* turns(flood: Flood, cost: number): Generator<number> {
  let now = flood.from;
  for (let left = flood.events; left >= cost; left -= cost) {
    now += flood.random.exponential(flood.gap * cost);
    yield Math.floor(now);
  }
}
