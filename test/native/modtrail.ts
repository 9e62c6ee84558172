/** What the command line says of a capture. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Attempt } from '#contract/attempt.ts';
import type { CaptureInfo } from '#contract/capture-info.ts';
import type { Event } from '#contract/event.ts';

const ROOT = join(import.meta.dirname, '../..');

function modtrail(...args: string[]): string {
  const result = spawnSync(process.execPath, [join(ROOT, 'cli/main.ts'), ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 29,
  });
  if (result.status !== 0) throw new Error(`modtrail ${args.join(' ')}: ${result.stderr}`);
  return result.stdout;
}

function lines<T>(text: string): T[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

export const eventsOf = (capture: string): Event[] => lines<Event>(modtrail('events', '--json', capture));
export const attemptsOf = (capture: string): Attempt[] => lines<Attempt>(modtrail('attempts', '--json', capture));
export const infoOf = (capture: string): CaptureInfo => JSON.parse(modtrail('info', '--json', capture)) as CaptureInfo;
