/** Hiding in words. */
import type { ModuleView, ModuleWitness } from '#contract/hidden-module.ts';
import { hexadecimal } from '../capture/columns.ts';

const VIEWS: Readonly<Record<ModuleView, string>> = {
  proc_modules: '/proc/modules',
  sysfs: '/sys/module',
  kallsyms: '/proc/kallsyms',
  kernel_list: "the kernel's list of modules",
  kernel_kset: "the kernel's set of modules in sysfs",
  kernel_tree: "the kernel's tree of module addresses",
};

function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}

/** One sentence: who, missing where, given away by what. */
export function hidingText(
  name: string | undefined,
  address: bigint | undefined,
  seenIn: readonly ModuleWitness[],
  missingFrom: readonly ModuleView[],
): string {
  const who = name ?? `A module at ${hexadecimal(address ?? 0n)}`;
  const views = seenIn.filter((witness) => witness !== 'recording').map((view) => VIEWS[view]);
  const shown = views.length > 0 ? `is in ${listed(views)}` : '';
  const loaded = seenIn.includes('recording') ? 'was loaded and not freed' : '';
  const known = [loaded, shown].filter((part) => part !== '').join(', ');
  return `${who} ${known}, but not in ${listed(missingFrom.map((view) => VIEWS[view]))}: it hides, or something hides it.`;
}
