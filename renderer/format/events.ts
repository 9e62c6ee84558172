/** An event's cells. */
import type { Argument, Event } from '#contract/event.ts';
import { returnedOf as returnedOfCall } from './attempts.ts';
import { lossWords } from './losses.ts';
import { count, plural, size } from './numbers.ts';
import { viewWords } from './views.ts';

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
  // A call has its image, too; what it is about are its arguments.
  if (event.image && event.args === undefined) return size(event.image.size);
  if (event.lost !== undefined)
    return `${plural(event.lost, 'record')} lost (${event.lossSource === undefined ? 'source not recorded' : lossWords(event.lossSource)})`;
  if (event.clock) return `wall clock ${event.clock.wall}`;
  if (event.snapshot) {
    const { reason, views } = event.snapshot;
    const seen = views
      .filter(({ pass, modules }) => pass === 1 && modules !== undefined)
      .map(({ view, modules }) => `${count(modules ?? 0)} in ${viewWords([view])}`);
    return `at ${reason}: ${seen.join(', ') || 'no view available'}`;
  }
  if (event.detail !== undefined) return event.detail;
  return (event.args ?? []).map((argument) => `${argument.name}=${valueText(argument)}`).join(' ');
}

/** Calls only: what came back. */
export function returnedOf(event: Event): string {
  return event.args === undefined ? '' : returnedOfCall(event);
}
