/** `modtrail events`: events in the order in which they were committed. */
import type { Event } from '#contract/event.ts';
import { valueOf, line, table } from '../output.ts';
import { eachRow, withCapture } from '../open.ts';

/** What an event is about, in one cell. */
function subject(event: Event): string {
  if (event.module) return event.module.name;
  if (event.request) return event.request.name;
  if (event.image) return `${String(event.image.size)} bytes`;
  if (event.lost !== undefined) return `${String(event.lost)} lost`;
  if (event.clock) return event.clock.wall;
  if (event.snapshot) return `${event.snapshot.reason}: ${String(event.snapshot.procModules ?? '?')} modules`;
  return (event.args ?? [])
    .map(
      (argument) =>
        `${argument.name}=${argument.state === 'unreadable' ? '(not readable)' : String(argument.text ?? argument.value ?? '')}`,
    )
    .join(' ');
}

function returned(event: Event): string {
  if (event.pending) return 'no return';
  if (event.returnValue === undefined) return '';
  return event.errno ? `${String(event.returnValue)} ${event.errno}` : String(event.returnValue);
}

export function events(path: string, options: { json?: true; limit?: number }): Promise<void> {
  return withCapture(path, async (store, opened) => {
    const page = (start: number, limit: number) =>
      valueOf(store.events(opened.handle, { sort: 'seq', descending: false, start, limit }));
    const limit = options.limit ?? Infinity;
    if (options.json) {
      await eachRow(page, limit, (event) => line(JSON.stringify(event)));
      return;
    }
    const rows: string[][] = [];
    await eachRow(page, limit, (event) => {
      const who = event.process ? `${event.process.comm} (${String(event.process.pid)})` : '';
      rows.push([String(event.seq), event.time, event.kind, who, returned(event), subject(event)]);
      return Promise.resolve();
    });
    await table(['SEQ', 'TIME', 'KIND', 'PROCESS', 'RETURNED', 'WHAT'], rows);
  });
}
