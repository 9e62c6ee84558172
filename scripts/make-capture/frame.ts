/** What every capture has around what happens: the machine, the hooks, both clocks, what was loaded. */
import { RELEASE } from './images.ts';
import type { Journal } from './journal.ts';
import type { Kernel, Loaded } from './kernel.ts';
import type { Random } from './random.ts';
import { MadeEvent } from './records.ts';
import type { Cell, SealedFile } from './sealed-file.ts';

/** Says to everybody that nothing of it ever happened. */
export const HOST = 'made-up';

const LIMIT = 4096;

const HOOKS: readonly (readonly [purpose: string, mechanism: string, target: string])[] = [
  ['module_load', 'raw-tracepoint', 'module_load'],
  ['module_free', 'raw-tracepoint', 'module_free'],
  ['module_request', 'raw-tracepoint', 'module_request'],
  ['image_read', 'fentry', 'security_kernel_post_read_file'],
  ['image_read', 'fentry', 'security_kernel_post_load_data'],
  ['parameters', 'kprobe', 'parse_args'],
  ['threads', 'raw-tracepoint', 'sched_process_exit'],
  ...(['finit_module', 'init_module', 'delete_module'] as const).flatMap((call) => [
    [call, 'tracepoint', `syscalls/sys_enter_${call}`] as const,
    [call, 'tracepoint', `syscalls/sys_exit_${call}`] as const,
  ]),
  ['module views', 'test-run', 'modules'],
  ['module views', 'test-run', 'module_kset'],
  ['module views', 'test-run', 'mod_tree'],
];

export interface Machine {
  readonly startedBoot: number;
  readonly startedWall: bigint;
  readonly seed: number;
  readonly version: string;
}

/** A random name in the form of a UUID. */
function uuid(random: Random): string {
  const digits = random.hex(32);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `4${digits.slice(13, 16)}`,
    `a${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-');
}

export function putMachine(
  file: SealedFile,
  random: Random,
  { startedBoot, startedWall, seed, version }: Machine,
): void {
  file.put('capture', [
    ...[1, uuid(random), `make-capture ${version}`, startedBoot, startedWall, HOST],
    ...[RELEASE, `#1 SMP PREEMPT_DYNAMIC made up from seed ${String(seed)}`, 'x86_64', uuid(random)],
    ...['BOOT_IMAGE=/boot/vmlinuz root=/dev/nvme0n1p2 ro quiet', 0, 'none', 0, 0, 64 << 20, 128 << 20],
    ...['hashed', null, 256 << 20, null, 1, null, null, null, LIMIT, LIMIT, LIMIT, 64],
  ]);
  HOOKS.forEach(([purpose, mechanism, target], at) => {
    file.put('hook', [at + 1, purpose, mechanism, target, 'attached', null]);
  });
}

/** Wall time, which somebody sets once. */
export class WallClock {
  readonly #started: Machine;
  #offset = 0n;

  constructor(started: Machine) {
    this.#started = started;
  }

  set(byNs: bigint): void {
    this.#offset += byNs;
  }

  at(bootNs: number): bigint {
    return this.#started.startedWall + BigInt(bootNs - this.#started.startedBoot) + this.#offset;
  }
}

export function putClock(journal: Journal, random: Random, clock: WallClock, ns: number): void {
  const event = new MadeEvent('clock', ns);
  event.fact = { table: 'clock_fact', cells: [ns, clock.at(ns), random.between(400, 2500)] };
  journal.add(ns, event);
}

type View = 'kernel_list' | 'kernel_kset' | 'kernel_tree' | 'proc_modules' | 'sysfs' | 'kallsyms';

/** Each reading with how long it takes, in the order in which they are read. */
const READINGS: readonly (readonly [view: View, pass: 1 | 2, took: number])[] = [
  ...([
    ['kernel_list', 1, 700_000],
    ['kernel_kset', 1, 300_000],
    ['kernel_tree', 1, 200_000],
  ] as const),
  ...([
    ['proc_modules', 1, 3_000_000],
    ['sysfs', 1, 12_000_000],
    ['kallsyms', 1, 160_000_000],
  ] as const),
  ...([
    ['proc_modules', 2, 900_000],
    ['kernel_list', 2, 90_000],
    ['kernel_kset', 2, 80_000],
    ['kernel_tree', 2, 60_000],
  ] as const),
];

export const SNAPSHOT_NS = READINGS.reduce((sum, [, , took]) => sum + took, 0);

const LETTERS: readonly (readonly [bit: number, letter: string])[] = [
  [0, 'P'],
  [10, 'C'],
  [12, 'O'],
  [13, 'E'],
];

function cellsOf(view: View, { image, address, base, loading }: Loaded): Cell[] {
  const { name, size } = image;
  const letters = LETTERS.filter(([bit]) => (image.taints >> bit) & 1)
    .map(([, letter]) => letter)
    .join('');
  switch (view) {
    case 'proc_modules':
      return [name, size, 0, null, loading ? 'Loading' : 'Live', null, base, letters === '' ? null : `(${letters})`];
    case 'sysfs':
      return [name, size, 0, null, loading ? 'coming' : 'live', null, null, letters === '' ? null : letters];
    case 'kallsyms':
      return [name, null, null, null, null, null, base, null];
    default:
      return [name, size, null, null, loading ? 'Loading' : 'Live', address, base, null];
  }
}

/** Writes snapshots, whose rows in `snapshot_view` and `snapshot_module` are numbered through. */
export class Snapshots {
  readonly #file: SealedFile;
  readonly #journal: Journal;
  readonly #kernel: Kernel;
  #views = 0;
  #modules = 0;

  constructor(file: SealedFile, journal: Journal, kernel: Kernel) {
    this.#file = file;
    this.#journal = journal;
    this.#kernel = kernel;
  }

  /** At a moment up to which everything is written. */
  put(reason: 'start' | 'stop', ns: number): void {
    const event = new MadeEvent('snapshot', ns);
    event.fact = { table: 'snapshot_fact', cells: [reason, ns, ns + SNAPSHOT_NS] };
    this.#journal.add(ns + SNAPSHOT_NS, event);
    this.#journal.flush(ns + SNAPSHOT_NS);
    const all = this.#kernel.all(ns);
    const first = new Map<View, number>();
    let now = ns;
    for (const [view, pass, took] of READINGS) {
      const id = ++this.#views;
      const shown = all.filter(({ hidden }) => !hidden || view === 'kernel_tree');
      const earlier = first.get(view) ?? null;
      this.#file.put('snapshot_view', [
        id,
        event.seq,
        view,
        pass,
        'whole',
        null,
        now,
        now + took,
        shown.length,
        earlier,
      ]);
      now += took;
      if (earlier !== null) continue;
      first.set(view, id);
      for (const module of view === 'kernel_tree' ? shown.toSorted((a, b) => a.address - b.address) : shown) {
        this.#file.put('snapshot_module', [++this.#modules, id, ...cellsOf(view, module)]);
      }
    }
  }
}
