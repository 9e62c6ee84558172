/** `modtrail events`: events in the order in which they were committed. */
import type { Argument, Event, SnapshotView } from '#contract/event.ts';
import { imageText } from '../image-text.ts';
import { Table, write } from '../output.ts';
import { eachPage, ndjson, withCapture, type RowOptions } from '../open.ts';

function argumentText(argument: Argument): string {
  const value = argument.state === 'unreadable' ? '(not readable)' : String(argument.text ?? argument.value ?? '');
  return `${argument.name}=${value}${argument.state === 'cut' ? '… (cut)' : ''}`;
}

/** What an event is about, in one cell. */
function subject(event: Event): string {
  if (event.module) return event.module.name;
  if (event.request) return event.request.name;
  if (event.image && event.kind === 'image_read') return imageText(event.image);
  if (event.lost !== undefined) return `${String(event.lost)} lost until ${event.toTime ?? '?'}`;
  if (event.clock) return event.clock.wall;
  if (event.snapshot) return `${event.snapshot.reason}: ${viewTexts(event.snapshot.views)}`;
  const text = (event.args ?? []).map(argumentText).join(' ') || (event.detail ?? '');
  if (event.repeat === 1) return text;
  return `${text} ×${event.repeat.toLocaleString('en')} from ${event.firstTime ?? '?'} to ${event.lastTime ?? '?'}`;
}

function viewTexts(views: readonly SnapshotView[]): string {
  const first = views.filter(({ pass }) => pass === 1);
  return first.map(({ view, state, modules }) => `${view} ${String(modules ?? state)}`).join(', ') || 'no view';
}

function returned(event: Event): string {
  if (event.pending) return 'no return';
  if (event.returnValue === undefined) return '';
  return event.errno ? `${String(event.returnValue)} ${event.errno}` : String(event.returnValue);
}

/** What its columns are called. */
export const EVENT_HEADINGS = ['SEQ', 'TIME', 'KIND', 'PROCESS', 'RETURNED', 'WHAT'];

/** An event's cells. */
export function eventCells(event: Event): string[] {
  const who = event.process ? `${event.process.comm} (${String(event.process.pid)})` : '';
  return [String(event.seq), event.time, event.kind, who, returned(event), subject(event)];
}

export function events(path: string, options: RowOptions): Promise<void> {
  return withCapture(path, async (capture) => {
    const { filter } = options;
    const order = { sort: 'seq', descending: false, ...(filter === undefined ? {} : { filter }) } as const;
    const page = (start: number, limit: number) => capture.events({ ...order, start, limit });
    const limit = options.limit ?? Infinity;
    if (options.json) return eachPage(page, limit, (rows) => write(ndjson(rows)));
    const table = new Table(EVENT_HEADINGS);
    await eachPage(page, limit, (rows) => table.write(rows.map(eventCells)));
    await table.end();
  });
}
