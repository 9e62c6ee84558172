/**
 * Answers that are asked for while something moves cross into the page as text. An object is copied part by part into
 * Electron's world and again into the page's own, which takes the page's thread ten times as long as reading the text.
 */
import type { Bridge } from './api.ts';
import type { Result } from './result.ts';

/** Verbs that are answered so. */
export const PACKED_VERBS = ['attempts', 'events', 'timeline'] as const;
export type PackedVerb = (typeof PACKED_VERBS)[number];

/** What was found, as JSON. */
export interface Packed {
  readonly ok: true;
  readonly text: string;
}

/** An answer on its way; failures are small. */
export type Carried<T> = Result<T> | Packed;

/** What the page finds in its window. */
export type PageBridge<DroppedFile = unknown> = Omit<Bridge<DroppedFile>, PackedVerb> & {
  [V in PackedVerb]: (
    ...args: Parameters<Bridge[V]>
  ) => Promise<Awaited<ReturnType<Bridge[V]>> extends Result<infer T> ? Carried<T> : never>;
};

export const isPacked = (verb: string): verb is PackedVerb => (PACKED_VERBS as readonly string[]).includes(verb);

export const pack = <T>(answer: Result<T>): Carried<T> =>
  answer.ok ? { ok: true, text: JSON.stringify(answer.value) } : answer;

/** The answer again. The text is main's own, which is as good as its objects. */
export const unpack = <T>(answer: Carried<T>): Result<T> =>
  'text' in answer ? { ok: true, value: JSON.parse(answer.text) as T } : answer;
