/** What the command line says of a capture. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Attempt } from '#contract/attempt.ts';
import type { CaptureInfo } from '#contract/capture-info.ts';
import type { Event } from '#contract/event.ts';
import type { ImageRow } from '#contract/image.ts';
import type { SealVerdict } from '#contract/seal.ts';

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
export const imagesOf = (capture: string): ImageRow[] => lines<ImageRow>(modtrail('images', '--json', capture));
export const verdictOn = (capture: string): SealVerdict =>
  JSON.parse(modtrail('verify', '--json', capture)) as SealVerdict;
export const extractFrom = (capture: string, sha256: string, out: string): void =>
  void modtrail('extract', capture, '--image', sha256, '--out', out);
