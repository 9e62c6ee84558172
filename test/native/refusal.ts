/** What the recorder does with what it cannot do. */
import { expect } from 'vitest';
import type { Ended } from './collector.ts';

/** One sentence on one line, exit code 2. */
export function expectRefusal(end: Ended, words: RegExp): void {
  expect(end.stderr).toMatch(words);
  expect(end.stderr.trim().split('\n')).toHaveLength(1);
  expect(end.code).toBe(2);
}
