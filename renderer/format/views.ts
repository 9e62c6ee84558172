/** The places where loaded modules are looked for, in words. */
import type { ModuleWitness } from '#contract/hidden-module.ts';

const VIEWS: Readonly<Record<ModuleWitness, string>> = {
  proc_modules: '/proc/modules',
  sysfs: '/sys/module',
  kallsyms: '/proc/kallsyms',
  kernel_list: "the kernel's list",
  kernel_kset: "the kernel's sysfs objects",
  kernel_tree: "the kernel's address tree",
  recording: 'this recording',
};

/** "/proc/modules and the kernel's list" */
export function viewWords(views: readonly ModuleWitness[]): string {
  const words = views.map((view) => VIEWS[view]);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
