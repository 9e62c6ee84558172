/** What the page's thread does for each frame, by Chromium's own record of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Viewer } from './app.ts';

const CATEGORIES = ['devtools.timeline', 'disabled-by-default-devtools.timeline', '__metadata'];

const RECORD = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      ph: z.string(),
      pid: z.number(),
      tid: z.number(),
      ts: z.number().default(0),
      dur: z.number().optional(),
      args: z.object({ name: z.unknown() }).partial().optional(),
    }),
  ),
});

/** Milliseconds of the page's thread, one number for each frame that the page was asked for. */
export async function workOfFrames(viewer: Viewer, folder: string, deed: () => Promise<void>): Promise<number[]> {
  await viewer.app.evaluate(
    ({ contentTracing }, included) => contentTracing.startRecording({ included_categories: included }),
    CATEGORIES,
  );
  await deed();
  const file = join(folder, 'frames.json');
  await viewer.app.evaluate(({ contentTracing }, path) => contentTracing.stopRecording(path), file);
  return framesIn(readFileSync(file, 'utf8'));
}

/** From one commit of a frame to the next: all tasks of the thread, script, layout, paint and what others asked of it. */
function framesIn(text: string): number[] {
  const { traceEvents } = RECORD.parse(JSON.parse(text));
  const thread = (event: { pid: number; tid: number }): string => `${String(event.pid)} ${String(event.tid)}`;
  const named = traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
  const mains = new Set(named.map(thread));
  const all = traceEvents.filter((event) => event.ph === 'X' && mains.has(thread(event))).sort((a, b) => a.ts - b.ts);
  const commits = all.filter(({ name }) => name === 'Commit').map(({ ts }) => ts);
  const frames: number[] = [];
  let next = 0;
  let sum = 0;
  for (const { name, ts, dur = 0 } of all) {
    if (name !== 'RunTask') continue;
    sum += dur;
    // A commit is the last that its task does for a frame.
    if ((commits[next] ?? Infinity) > ts + dur) continue;
    while ((commits[next] ?? Infinity) <= ts + dur) next++;
    frames.push(sum / 1000);
    sum = 0;
  }
  // What was done before the first is not known whole.
  return frames.slice(1);
}

/** The value below which that part of them lies; undefined where there are none. */
export function quantile(values: readonly number[], part: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)];
}
