/** `modtrail attach`: makes a capture of a recorder's stream and prints its events as they come (docs/stream.md). */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Event } from '#contract/event.ts';
import { EventReader } from '#core/capture/events.ts';
import { openCapture } from '#core/capture/open.ts';
import { exitCode, findCollector, findTrustedCollector, spawnPassing } from './collector.ts';
import { ndjson } from '../open.ts';
import { finishWithoutReader, Table, write } from '../output.ts';
import { EVENT_HEADINGS, eventCells } from './events.ts';

/** Between two looks at the growing capture, in milliseconds. */
const LOOK_EVERY = 200;

/** Events that are read at once. */
const BATCH = 1000;

export interface AttachOptions {
  /** An absolute path. */
  readonly out: string;
  readonly json?: true;
  readonly quiet?: true;
}

/** Events after `seq`. The capture is let go of at once, so that it can be finished at any time. */
function eventsAfter(path: string, seq: number): Event[] {
  const capture = openCapture(path, 'schema');
  try {
    const reader = new EventReader(capture);
    const events: Event[] = [];
    for (let next = BigInt(seq) + 1n; events.length < BATCH; next++) {
      const event = reader.get(next);
      if (!event) return events;
      events.push(event);
    }
    return events;
  } finally {
    capture.close();
  }
}

/** Prints what has come since the last time. */
class Follower {
  readonly #path: string;
  readonly #print: (events: readonly Event[]) => Promise<void>;
  #seq = 0;

  constructor(path: string, json: boolean) {
    this.#path = path;
    const table = new Table(EVENT_HEADINGS);
    this.#print = (events) => (json ? write(ndjson(events)) : table.write(events.map(eventCells)));
  }

  /** What cannot be read yet is read at the next look. */
  async look(): Promise<void> {
    for (;;) {
      let events: Event[];
      try {
        events = eventsAfter(this.#path, this.#seq);
      } catch {
        return;
      }
      if (events.length > 0) await this.#print(events);
      this.#seq += events.length;
      if (events.length < BATCH) return;
    }
  }
}

/** Resolves to the collector's exit code: 0 finished, 1 the stream did not end in order, 2 nothing came. */
export async function attach(stream: string, options: AttachOptions): Promise<number> {
  const { out } = options;
  // It needs no right, but has those of root where root calls it.
  const command = process.getuid?.() === 0 ? await findTrustedCollector() : findCollector();
  const isThere = existsSync(out);
  const from = stream === '-' ? stream : resolve(stream);
  const child = spawnPassing([command, '--from', from, '--out', out], ['inherit', 'ignore', 'inherit']);
  let over = false;
  const ended = exitCode(child, command).finally(() => (over = true));
  // A file of that name is another's: the collector refuses it, and nothing of it is shown.
  if (options.quiet || isThere) return await ended;
  // Whoever has seen enough leaves no recorder behind.
  finishWithoutReader(() => child.kill('SIGTERM'));
  const follower = new Follower(out, options.json === true);
  while (!over) {
    await Promise.race([ended.catch(() => undefined), pause(LOOK_EVERY)]);
    await follower.look();
  }
  return await ended;
}
