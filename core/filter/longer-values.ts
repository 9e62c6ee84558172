/**
 * Values that end too early because they are not in quotes: at a sign, as in a|b and debug=1, or at a blank, as between a
 * date and a time. Taken by their word, the rest would be an error, or a condition that nobody meant.
 */
import { filterValue } from '#contract/filter-term.ts';
import { fieldNamed } from './fields.ts';
import type { Field } from './field.ts';
import type { TokenReader } from './reader.ts';
import type { ReadToken } from './slips.ts';
import { isUnfit, readValue } from './values.ts';

export interface LongerValue {
  readonly to: number;
  /** How many tokens after the first one belong to it. */
  readonly more: number;
  readonly message: string;
  /** As it should have been written. */
  readonly written: string;
}

/** What the value was meant to be, if it can be one. */
export type Meant = (text: string) => string | undefined;

/** Of a comparison: what fits the field; of flags also with their names put right, as no other text has a | in it. */
export const meantFor =
  (field: Field): Meant =>
  (text) => {
    const value = readValue(field, text);
    if (!isUnfit(value)) return text;
    return field.type === 'flags' ? value.suggestion : undefined;
  };

/** What is looked for in a text can be any text. */
export const anyText: Meant = (text) => text;

/** Words that are tried as the rest of a value with blanks in it. */
const MOST_WORDS = 4;

const written = ({ slip, text }: ReadToken): string => slip ?? text;

const isJoint = (sign: ReadToken): boolean => sign.slip === '|' || sign.slip === '&';

/** A sign that stands at the value without a blank; of flags, whose names are joined by |, also with one. */
function isSignOf(field: Field, last: ReadToken, sign: ReadToken): boolean {
  if (sign.kind !== 'operator' || ['&&', '||'].includes(written(sign))) return false;
  return sign.from === last.to || (field.type === 'flags' && sign.slip === '|');
}

const isPartOf = (field: Field, sign: ReadToken, part: ReadToken): boolean =>
  part.kind === 'word' && (part.from === sign.to || (field.type === 'flags' && sign.slip === '|'));

/** @param first a word that was taken as the value */
function bySigns(reader: TokenReader, field: Field, first: ReadToken, meant: Meant): LongerValue | undefined {
  let [text, last, more] = [first.text, first, 0];
  for (let sign = reader.peek(); isSignOf(field, last, sign); sign = reader.peek(more)) {
    const part = reader.peek(more + 1);
    const goesOn = isPartOf(field, sign, part);
    // What begins another condition, or a text in quotes, was not meant to go on with this value.
    if (part.kind === 'text' || (isJoint(sign) && (!goesOn || fieldNamed(part.text)))) return undefined;
    text += written(sign) + (goesOn ? part.text : '');
    last = goesOn ? part : sign;
    more += goesOn ? 2 : 1;
  }
  const whole = more === 0 ? undefined : meant(text);
  if (whole === undefined) return undefined;
  const message = `A value with '${written(reader.peek())}' in it stands in quotes.`;
  return { to: last.to, more, message, written: filterValue(whole) };
}

/** @param first a word that was taken as the value */
function byBlanks(reader: TokenReader, field: Field, first: ReadToken): LongerValue | undefined {
  if (field.type === 'text') return undefined;
  let text = first.text;
  for (let more = 1; more <= MOST_WORDS; more++) {
    const word = reader.peek(more - 1);
    if (word.kind !== 'word' || reader.isKeyword(more - 1)) return undefined;
    text += ` ${word.text}`;
    if (isUnfit(readValue(field, text))) continue;
    return { to: word.to, more, message: 'A value with a blank in it stands in quotes.', written: filterValue(text) };
  }
  return undefined;
}

/** What a value was meant to be; undefined where it ends where it was to. A value of braces can have others behind it. */
export function longerValue(
  reader: TokenReader,
  field: Field,
  first: ReadToken,
  meant: Meant,
  place: 'alone' | 'in braces',
): LongerValue | undefined {
  if (first.kind !== 'word') return undefined;
  const found = bySigns(reader, field, first, meant);
  return found ?? (place === 'alone' && meant !== anyText ? byBlanks(reader, field, first) : undefined);
}
