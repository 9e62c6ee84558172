/** What is in the kernel at a moment: no two modules of one name, none where another one is. */
import type { MadeImage } from './images.ts';

/** Where modules are laid out: rooms of three sizes from the beginning of the kernel's region on (x86-64). */
const REGION = -0x4000_0000;
const ROOMS = [
  { bytes: 0x1_0000, count: 6000 },
  { bytes: 0x8_0000, count: 700 },
  { bytes: 0x80_0000, count: 30 },
] as const;

/** From the beginning of a module's memory to where its `struct module` is, from the end. */
const STRUCTURE = 0x540;

export interface Loaded {
  readonly image: MadeImage;
  /** As unsigned addresses are stored: below 0. */
  readonly base: number;
  readonly address: number;
  readonly initBase: number;
  /** When its init was done. */
  liveAt: number;
  /** When its memory was given back. */
  goneAt: number;
  /** In no list that a person looks at. */
  hidden: boolean;
  /** Still in its init. */
  loading: boolean;
}

interface Room {
  readonly base: number;
  freeAt: number;
}

export class Kernel {
  readonly #rooms: readonly Room[][];
  readonly #byName = new Map<string, Loaded>();

  constructor() {
    let base = REGION;
    this.#rooms = ROOMS.map(({ bytes, count }) =>
      Array.from({ length: count }, () => {
        const room = { base, freeAt: 0 };
        base += bytes;
        return room;
      }),
    );
  }

  /** What has the name at that moment. */
  named(name: string, now: number): Loaded | undefined {
    const loaded = this.#byName.get(name);
    if (!loaded || loaded.goneAt >= now) return loaded;
    this.#byName.delete(name);
    return undefined;
  }

  /** Undefined where there is one of that name, or no room. */
  load(image: MadeImage, now: number): Loaded | undefined {
    if (this.named(image.name, now)) return undefined;
    const size = image.size + image.initSize;
    const queue = this.#rooms[ROOMS.findIndex(({ bytes }) => size <= bytes)];
    const room = queue?.[0];
    if (!queue || !room || room.freeAt >= now) return undefined;
    queue.shift();
    const { base } = room;
    const address = base + image.size - STRUCTURE;
    const [liveAt, goneAt] = [Infinity, Infinity];
    const loaded = { image, base, address, initBase: base + image.size, liveAt, goneAt, hidden: false, loading: true };
    this.#byName.set(image.name, loaded);
    return loaded;
  }

  /** Its memory is given back at that moment, which may still come. */
  free(loaded: Loaded, at: number): void {
    loaded.goneAt = at;
    const { size, initSize } = loaded.image;
    this.#rooms[ROOMS.findIndex(({ bytes }) => size + initSize <= bytes)]?.push({ base: loaded.base, freeAt: at });
  }

  /** All that are there at that moment, the last one first, as the kernel has them. */
  all(now: number): Loaded[] {
    return [...this.#byName.values()].filter(({ goneAt }) => goneAt > now).reverse();
  }
}
