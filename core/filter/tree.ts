/** What a text of the filter language says. */
import type { Field } from './field.ts';
import type { Pattern } from './pattern.ts';

/** A moment: of wall time, or of boot time after the capture's start. */
export type Moment = { readonly wallNs: bigint } | { readonly sinceStartNs: bigint };

/**
 * By the field's type: text for text, word and digest (lower case); bits for set, flags and mode; the return value for
 * errno; a number for all numbers, in bytes and nanoseconds.
 */
export type Value = string | bigint | boolean | Moment;

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

export interface Span {
  readonly from: Value;
  /** Included. The same as `from` where it is one value. */
  readonly to: Value;
}

export type Tree =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Tree[] }
  | { readonly kind: 'not'; readonly part: Tree }
  | { readonly kind: 'compare'; readonly field: Field; readonly operator: Comparison; readonly value: Value }
  | { readonly kind: 'in'; readonly field: Field; readonly spans: readonly Span[] }
  /** Text within text, or bits within bits. */
  | { readonly kind: 'contains'; readonly field: Field; readonly value: string | bigint }
  | { readonly kind: 'matches'; readonly field: Field; readonly pattern: Pattern }
  | { readonly kind: 'has'; readonly field: Field }
  /** A text anywhere in the row. */
  | { readonly kind: 'search'; readonly text: string };
