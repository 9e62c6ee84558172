/** Captures of each size, and the file cache without them. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { NODE, ROOT } from '../../scripts/places.ts';

/** A number of events as in a file's name: 100000 is "100k". */
export function sizeName(events: number): string {
  if (events % 1_000_000 === 0) return `${String(events / 1_000_000)}m`;
  return events % 1000 === 0 ? `${String(events / 1000)}k` : String(events);
}

/** The capture in the folder, made if it is not there. */
export function captureOf(folder: string, events: number): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${sizeName(events)}.modtrail`);
  if (existsSync(file)) return file;
  const made = spawnSync(NODE, [join(ROOT, 'scripts/make-capture.ts'), '--events', String(events), '--out', file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (made.status !== 0) throw new Error(`no capture of ${String(events)} events could be made`);
  return file;
}

/** Whether nothing of any file is in memory now; only root can see to that. */
export function dropCaches(): boolean {
  try {
    spawnSync('sync');
    writeFileSync('/proc/sys/vm/drop_caches', '3');
    return true;
  } catch {
    return false;
  }
}
