/** Opens the file of a recording that has begun. */
import { setTimeout as pause } from 'node:timers/promises';
import type { OpenCapture } from '#contract/api.ts';
import type { Result } from '#contract/result.ts';
import type { Captures } from '../captures.ts';

/** Longest time in which a file is tried again, and the first pause before it, in milliseconds; each is twice as long. */
const TRIED_FOR = 5000;
const FIRST_PAUSE = 100;

/** A store process that ended while it was asked, be it again and again, does not end a recording. */
export async function openBegun(captures: Pick<Captures, 'open'>, file: string): Promise<Result<OpenCapture>> {
  const until = performance.now() + TRIED_FOR;
  for (let wait = FIRST_PAUSE; ; wait *= 2) {
    const isLast = performance.now() > until;
    const opened = await captures.open(file);
    if (opened.ok || opened.error.code !== 'store-gone' || isLast) return opened;
    await pause(wait);
  }
}
