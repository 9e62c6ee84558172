/** The built-in reference as one value. */
import type { CallKind } from '#contract/event.ts';
import type { Reference, ReferenceErrno, ReferenceEvent } from '#contract/reference.ts';
import { CALL_REFERENCES } from './calls.ts';
import { OTHER_REFERENCES } from './others.ts';
import { TAINTS } from './taints.ts';

export const REFERENCE: Reference = {
  events: [...CALL_REFERENCES, ...OTHER_REFERENCES],
  tags: [
    { tag: 'K', meaning: 'Originated from kernel-space.' },
    { tag: 'U', meaning: 'Originated from user space.' },
    { tag: 'TOCTOU', meaning: 'Vulnerable to TOCTOU (time of check, time of use).' },
    { tag: 'OPT', meaning: 'Optional argument - might not always be available (passed with null value).' },
  ],
  taints: TAINTS,
};

export function referenceOf(name: string): ReferenceEvent | undefined {
  return REFERENCE.events.find((event) => event.name === name);
}

/** What an error means when this call returns it. */
export function errnoMeaning(kind: CallKind, name: string): ReferenceErrno | undefined {
  return referenceOf(kind)?.errnos.find((errno) => errno.name === name);
}
