/** An event's cells. */
import type { Argument, Event } from '#contract/event.ts';
import type { ModuleView } from '#contract/hidden-module.ts';
import { returnedOf as returnedOfCall } from './attempts.ts';
import { count, plural, size } from './numbers.ts';

/** What people call the views of the loaded modules. */
export const VIEW_NAMES: Readonly<Record<ModuleView, string>> = {
  proc_modules: '/proc/modules',
  sysfs: '/sys/module',
  kallsyms: '/proc/kallsyms',
  kernel_list: "the kernel's list",
  kernel_kset: "the kernel's set of objects",
  kernel_tree: "the kernel's address tree",
};

/** An argument's value in words, or that there is none. */
export function valueText(argument: Argument): string {
  if (argument.state === 'unreadable') return '(not readable)';
  if (argument.value === null) return 'NULL';
  if (argument.state !== undefined) return `"${argument.text ?? ''}"${argument.state === 'cut' ? '…' : ''}`;
  if (argument.text !== undefined && argument.name === 'fd') return `${String(argument.value)} → ${argument.text}`;
  return argument.text ?? (argument.value === undefined ? '(not recorded)' : String(argument.value));
}

/** What an event is about, in one cell. */
export function subjectOf(event: Event): string {
  if (event.module) return event.module.name;
  if (event.request) return event.request.name;
  if (event.image) return size(event.image.size);
  if (event.lost !== undefined)
    return `${plural(event.lost, 'record')} lost (${event.lossSource ?? 'source not recorded'})`;
  if (event.clock) return `wall clock ${event.clock.wall}`;
  if (event.snapshot) {
    const { reason, views } = event.snapshot;
    const seen = views
      .filter(({ pass, modules }) => pass === 1 && modules !== undefined)
      .map(({ view, modules }) => `${count(modules ?? 0)} in ${VIEW_NAMES[view]}`);
    return `at ${reason}: ${seen.join(', ') || 'no view available'}`;
  }
  if (event.detail !== undefined) return event.detail;
  return (event.args ?? []).map((argument) => `${argument.name}=${valueText(argument)}`).join(' ');
}

/** Calls only: what came back. */
export function returnedOf(event: Event): string {
  return event.args === undefined ? '' : returnedOfCall(event);
}
