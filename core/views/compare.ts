/**
 * One snapshot: which module does one view show and another one lack?
 *
 * The kernel's structures are read first and last, all other views in between. A module that both readings of a structure
 * show at the same address was there all the time between, unless it was freed and another one took its place, which
 * module_free and module_load tell. Source of what is where when: kernel/module/main.c (load_module, free_module).
 */
import { MODULE_VIEWS, type ModuleView, type ModuleWitness } from '#contract/hidden-module.ts';
import type { ModuleChange } from '../attempt/facts.ts';
import type { Look, Reading, Shown } from './looks.ts';

export interface Lacking {
  readonly name: string | undefined;
  readonly address: bigint | undefined;
  readonly base: bigint | undefined;
  readonly seenIn: readonly ModuleWitness[];
  readonly missingFrom: readonly ModuleView[];
  /** False where one such snapshot may be chance. */
  readonly sure: boolean;
}

interface Subject {
  name: string | undefined;
  address: bigint | undefined;
  base: bigint | undefined;
  readonly seenIn: Set<ModuleWitness>;
  /** On its way in or out, where its folder in sysfs comes later and goes earlier. */
  passing: boolean;
  /** Known by what cannot be chance: two readings, or its load. */
  sure: boolean;
}

const KERNEL: readonly ModuleView[] = ['kernel_list', 'kernel_tree', 'kernel_kset'];

/** Where a module is for as long as it has an address to be looked up by. */
const WHILE_PASSING: ReadonlySet<ModuleView> = new Set<ModuleView>(['kernel_list', 'kernel_tree', 'proc_modules']);

/** Not yet to be seen by anybody: its memory is laid out, nothing of it has run. */
const isUnformed = (shown: Shown): boolean => shown.state === 'Unformed' || shown.state === undefined;

/** What all readings of a view agree on; torn ones show no less than what is there, but what goes as well. */
function steady(readings: readonly Reading[], isSame: (one: Shown, other: Reading) => boolean): Shown[] {
  const [first, ...others] = readings;
  return first?.showing.modules.filter((shown) => others.every((other) => isSame(shown, other))) ?? [];
}

function sameInKernel(shown: Shown, { showing }: Reading): boolean {
  const other = shown.address === undefined ? undefined : showing.addresses.get(shown.address);
  return other?.name === shown.name && other?.state === shown.state;
}

function sameInList(shown: Shown, { showing }: Reading): boolean {
  return shown.base === undefined
    ? shown.name !== undefined && showing.names.has(shown.name)
    : showing.bases.has(shown.base);
}

class Subjects {
  readonly all: Subject[] = [];
  readonly #byAddress = new Map<bigint, Subject>();
  readonly #byBase = new Map<bigint, Subject>();
  readonly #byName = new Map<string, Subject>();

  #add(subject: Subject): void {
    this.all.push(subject);
    if (subject.address !== undefined) this.#byAddress.set(subject.address, subject);
    if (subject.base !== undefined) this.#byBase.set(subject.base, subject);
    if (subject.name !== undefined) this.#byName.set(subject.name, subject);
  }

  byAddress(
    { name, address, base }: Omit<Shown, 'state'>,
    witness: ModuleWitness,
    passing: boolean,
    sure: boolean,
  ): void {
    if (address === undefined) return;
    const known = this.#byAddress.get(address);
    if (!known) return this.#add({ name, address, base, seenIn: new Set([witness]), passing, sure });
    known.seenIn.add(witness);
    known.sure ||= sure;
  }

  /** By where its code lies, else by name. */
  byName(shown: Shown, witness: ModuleView, passing: boolean, sure: boolean): void {
    const { name, base } = shown;
    const known =
      (base === undefined ? undefined : this.#byBase.get(base)) ??
      (name === undefined ? undefined : this.#byName.get(name));
    if (!known || (base !== undefined && known.base !== undefined && known.base !== base))
      return this.#add({ name, address: undefined, base, seenIn: new Set([witness]), passing, sure });
    known.seenIn.add(witness);
    known.sure ||= sure;
  }
}

function subjectsOf(of: (view: ModuleView) => readonly Reading[], recorded: Iterable<ModuleChange>): Subject[] {
  const subjects = new Subjects();
  const usable = (view: ModuleView): readonly Reading[] => of(view).filter(({ state }) => state !== 'torn');
  for (const view of KERNEL) {
    if (usable(view).length < of(view).length) continue;
    for (const shown of steady(of(view), sameInKernel)) {
      if (!isUnformed(shown)) subjects.byAddress(shown, view, shown.state !== 'Live', of(view).length > 1);
    }
  }
  for (const load of recorded) subjects.byAddress(load, 'recording', false, true);
  for (const shown of steady(of('proc_modules'), sameInList)) {
    subjects.byName(shown, 'proc_modules', shown.state !== 'Live', of('proc_modules').length > 1);
  }
  // Symbols tell no base but the lowest address of them.
  for (const { showing } of usable('sysfs')) {
    for (const shown of showing.modules) subjects.byName(shown, 'sysfs', shown.state !== 'live', false);
  }
  for (const { showing } of usable('kallsyms')) {
    for (const shown of showing.modules) subjects.byName({ ...shown, base: undefined }, 'kallsyms', false, false);
  }
  return subjects.all;
}

/** Whether a reading has no place for it: by address in the kernel's structures, by base in lists that show it. */
function lacks({ name, address, base }: Subject, { view, showing }: Reading): boolean {
  if (KERNEL.includes(view)) {
    if (address !== undefined) return !showing.addresses.has(address);
    if (base !== undefined) return !showing.bases.has(base);
    return name !== undefined && !showing.names.has(name);
  }
  if (view === 'proc_modules' && base !== undefined && showing.bases.size > 0) return !showing.bases.has(base);
  return name !== undefined && !showing.names.has(name);
}

/**
 * Modules that a view lacks, although it was read whole, every time.
 * @param recorded the loads of modules that were seen to load before the snapshot and not to be freed until after it
 */
export function compare(look: Look, recorded: Iterable<ModuleChange>): Lacking[] {
  const readings = new Map<ModuleView, Reading[]>(MODULE_VIEWS.map((view) => [view, []]));
  for (const reading of look.readings) readings.get(reading.view)?.push(reading);
  const of = (view: ModuleView): readonly Reading[] => readings.get(view) ?? [];
  const whole = MODULE_VIEWS.filter((view) => of(view).length > 0 && of(view).every(({ state }) => state === 'whole'));
  return subjectsOf(of, recorded).flatMap((subject): Lacking[] => {
    const { name, address, base, seenIn, passing, sure } = subject;
    const missingFrom = whole.filter(
      (view) =>
        !seenIn.has(view) &&
        (!passing || WHILE_PASSING.has(view)) &&
        of(view).every((reading) => lacks(subject, reading)),
    );
    // Some kernels show only functions as symbols, and some modules have none that stay.
    if (missingFrom.every((view) => view === 'kallsyms')) return [];
    return [{ name, address, base, seenIn: [...seenIn], missingFrom, sure: sure && !passing }];
  });
}
