/**
 * A machine in which modules are loaded and removed all the time, few names at few addresses, looked at by a recorder
 * that takes its time. Each module goes through what kernel/module/main.c takes it through, in that order: on the list
 * and in the tree without form, formed, in sysfs, its load told, live, going, its end told, out of sysfs, off the list.
 */
import type { ModuleView } from '#contract/hidden-module.ts';
import type { CaptureBuilder, ReadingSpec } from '../builder.ts';

interface Stay {
  readonly name: string;
  readonly address: number;
  readonly listed: number;
  readonly formed: number;
  readonly inSysfs: number;
  /** Infinity: refused before it is told; or never removed. */
  readonly told: number;
  readonly live: number;
  readonly going: number;
  readonly endTold: number;
  readonly outOfSysfs: number;
  readonly gone: number;
  readonly hides: boolean;
}

const PLACES = 3;

/** enum module_state as sysfs says it. */
const SYSFS_WORDS: Readonly<Record<string, string>> = { Loading: 'coming', Live: 'live' };

/** Order in which a recorder reads. */
const READINGS: readonly (readonly [ModuleView, number])[] = [
  ['kernel_list', 1],
  ['kernel_kset', 1],
  ['kernel_tree', 1],
  ['proc_modules', 1],
  ['sysfs', 1],
  ['kallsyms', 1],
  ['proc_modules', 2],
  ['kernel_list', 2],
  ['kernel_kset', 2],
  ['kernel_tree', 2],
];

export class Machine {
  #state: number;
  readonly #stays: Stay[] = [];

  constructor(seed: number) {
    this.#state = seed * 2654435761;
  }

  /** 1 to `most`. */
  #some(most: number): number {
    this.#state = (Math.imul(this.#state, 1664525) + 1013904223) >>> 0;
    return 1 + (this.#state % most);
  }

  /** @param begins when it is put on the list */
  #stay(place: number, begins: number, hides = false): Stay {
    const fails = !hides && this.#some(4) === 1;
    const next = (after: number, most: number): number => after + this.#some(most);
    const formed = next(begins, 40);
    const inSysfs = next(formed, 20);
    const told = next(inSysfs, 20);
    const live = next(told, 40);
    const going = next(live, 600);
    const endTold = next(going, 20);
    const outOfSysfs = next(fails ? inSysfs : endTold, 20);
    const stay = {
      name: hides ? 'hider' : `ordinary${String(place)}`,
      address: 0x10000 * (place + 1),
      ...{ listed: begins, formed, inSysfs, told, live, going, endTold, outOfSysfs, gone: next(outOfSysfs, 20), hides },
    };
    const never = Infinity;
    if (hides) return { ...stay, going: never, endTold: never, outOfSysfs: never, gone: never };
    return fails ? { ...stay, told: never, live: never, going: never, endTold: never } : stay;
  }

  #shownAt(view: ModuleView, ns: number): ReadingSpec['modules'] {
    return this.#stays.flatMap(({ name, address, ...stay }) => {
      const until = view === 'sysfs' || view === 'kernel_kset' ? stay.outOfSysfs : stay.gone;
      const from = view === 'sysfs' || view === 'kernel_kset' ? stay.inSysfs : stay.listed;
      const [kernel, base] = [view.startsWith('kernel_'), address + 0x100];
      if (ns < from || ns >= until || (ns < stay.formed && !kernel)) return [];
      if (stay.hides && ns >= stay.live && view !== 'kernel_tree' && view !== 'sysfs') return [];
      const state = ns < stay.formed ? 'Unformed' : ns < stay.live ? 'Loading' : ns < stay.going ? 'Live' : 'Unloading';
      if (kernel) return [{ name, address, base, state }];
      if (view === 'proc_modules') return [{ name, base, state }];
      if (view === 'kallsyms') return [{ name }];
      return [{ name, state: SYSFS_WORDS[state] ?? 'going' }];
    });
  }

  /** Writes what a recorder would have, with `changes` modules that come and go at each place. */
  play(built: CaptureBuilder, { changes, looks, hides }: { changes: number; looks: number; hides: boolean }): void {
    let end = 0;
    for (let place = 0; place < PLACES; place++) {
      let now = 1000;
      for (let index = 0; index < changes; index++) {
        const stay = this.#stay(place, now + this.#some(100));
        this.#stays.push(stay);
        now = stay.gone;
      }
      end = Math.max(end, now);
    }
    if (hides) this.#stays.push(this.#stay(PLACES, 1200, true));
    const told = this.#stays.flatMap(({ name, address, ...stay }) => [
      { ns: stay.told, write: () => built.load(null, address, name, stay.told) },
      { ns: stay.endTold, write: () => built.free(null, address, name, stay.endTold) },
    ]);
    for (const { write } of told.filter(({ ns }) => ns < Infinity).sort((a, b) => a.ns - b.ns)) write();
    for (let look = 0; look < looks; look++) {
      const from = 1000 + Math.floor(((end - 1000) * look) / looks) + this.#some(50);
      let now = from;
      const readings = READINGS.map(([view, pass]) => {
        now += this.#some(60);
        return { view, pass, modules: this.#shownAt(view, now) };
      });
      built.look(readings, from, now);
    }
  }
}
