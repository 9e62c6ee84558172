/** What the command line tells of a capture: the truth that the window is held against. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Attempt } from '#contract/attempt.ts';
import type { CaptureInfo } from '#contract/capture-info.ts';
import type { Event } from '#contract/event.ts';
import { NODE, ROOT } from '../../scripts/places.ts';

function modtrail(...args: readonly string[]): string {
  return execFileSync(NODE, [join(ROOT, 'cli/main.ts'), ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
}

const lines = <Row>(text: string): Row[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);

/** @param filter - which attempts; all where it is not said */
export const toldAttempts = (capture: string, filter?: string): Attempt[] =>
  lines(modtrail('attempts', capture, '--json', ...(filter === undefined ? [] : ['--filter', filter])));

export const toldEvents = (capture: string): Event[] => lines(modtrail('events', capture, '--json'));

export const toldInfo = (capture: string): CaptureInfo =>
  JSON.parse(modtrail('info', capture, '--json')) as CaptureInfo;
