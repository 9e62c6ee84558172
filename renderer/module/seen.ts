/** What the attempts of a capture say of the image: what the kernel made of its signature, and what was passed to it. */
import type { Attempt } from '#contract/attempt.ts';
import { passedParameters } from './facts.ts';

export interface KernelSaid {
  readonly callId: number;
  readonly when: string;
  readonly words: string;
}

/** @param when - the time of an attempt in words */
export function kernelWords(attempts: readonly Attempt[], when: (time: string) => string): KernelSaid[] {
  return attempts.flatMap(({ callId, time, module, errno }) => {
    const { signatureOk, taints } = module ?? {};
    const words = [
      ...(signatureOk === undefined
        ? []
        : [signatureOk ? 'signature verified (sig_ok)' : 'signature not verified (sig_ok is 0)']),
      ...(taints && taints.length > 0 ? [`taints: ${taints.join(', ')}`] : []),
      ...(errno === 'EKEYREJECTED' || errno === 'ENOKEY' || errno === 'EBADMSG' ? [`refused with ${errno}`] : []),
    ];
    return words.length === 0 ? [] : [{ callId, when: when(time), words: words.join(' · ') }];
  });
}

export interface PassedIn {
  readonly callId: number;
  readonly when: string;
  readonly values: ReadonlyMap<string, string>;
}

/** What each attempt passed, those that passed nothing included. */
export function passedIn(attempts: readonly Attempt[], when: (time: string) => string): PassedIn[] {
  return attempts.flatMap(({ callId, time, args }) => {
    const text = args.find(({ name }) => name === 'param_values')?.text;
    return text === undefined ? [] : [{ callId, when: when(time), values: passedParameters(text) }];
  });
}
