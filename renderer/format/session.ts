/** When what was open the last time is opened again, in words. */
import type { SessionPolicy } from '#contract/session.ts';

export const POLICY_WORDS: Readonly<Record<SessionPolicy, string>> = {
  'after-crash': 'open again after a crash, offer otherwise',
  always: 'always open again',
  ask: 'only offer',
  never: 'keep nothing',
};
