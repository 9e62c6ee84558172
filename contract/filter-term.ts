/** Writes pieces of the filter language: for what is chosen on the screen instead of typed. The parser is in core/filter/. */
import { tokenize, type Token, type TokenKind } from './filter-tokens.ts';

export const TERM_OPERATORS = ['==', '!=', '<', '<=', '>', '>=', 'contains', '~', 'in'] as const;
export type TermOperator = (typeof TERM_OPERATORS)[number];

/** What the language takes without quotes wherever a value can stand. */
const PLAIN = /^[\w./:+@%*?[\]$-]+$/;
const KEYWORD = /^(?:and|or|not|has|in|contains)$/i;

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A value as the language writes it, in quotes where it needs them. */
export function filterValue(value: string | number | bigint | boolean): string {
  const text = String(value);
  if (PLAIN.test(text) && !KEYWORD.test(text) && !text.includes('..')) return text;
  return `"${text.replaceAll(/[\\"\n\r\t]/g, (character) => ESCAPES[character] ?? character)}"`;
}

type TermValue = string | number | bigint | boolean;

/** One comparison; several values are those of a set, and need 'in'. */
export function filterTerm(field: string, operator: TermOperator, value: TermValue | readonly TermValue[]): string {
  if (operator !== 'in') return `${field} ${operator} ${filterValue(Array.isArray(value) ? '' : (value as TermValue))}`;
  const values: readonly TermValue[] = Array.isArray(value) ? value : [value as TermValue];
  return `${field} in { ${values.map(filterValue).join(', ')} }`;
}

/** A text to be found anywhere in a row. A quoted one is never taken for a field. */
export function searchTerm(text: string): string {
  const written = filterValue(text);
  return written === text ? `"${text}"` : written;
}

const CLOSING: Readonly<Record<string, TokenKind>> = { ')': '(', '}': '{' };

/** The tokens outside of all brackets. A closing bracket stands for all that it closes; one that stays open hides nothing. */
function outerTokens(text: string): Token[] {
  const outer: Token[] = [];
  for (const token of tokenize(text)) {
    const opening = CLOSING[token.kind];
    const open = opening === undefined ? -1 : outer.findLastIndex(({ kind }) => kind === opening);
    if (open >= 0) outer.length = open;
    if (token.kind !== 'end') outer.push(token);
  }
  return outer;
}

const isWord = ({ kind, text }: Token, word: string): boolean => kind === 'word' && text.toLowerCase() === word;
const isSign = ({ kind, text }: Token, sign: string): boolean => kind === 'operator' && text === sign;

const isOr = (token: Token): boolean => isWord(token, 'or') || isSign(token, '||');
const isAnd = (token: Token): boolean => isWord(token, 'and') || isSign(token, '&&');

const hasOr = (text: string): boolean => outerTokens(text).some(isOr);

const compares = (token: Token): boolean =>
  (token.kind === 'operator' && token.text !== '!') || isWord(token, 'contains') || isWord(token, 'in');

/** Whether `not` before the text means all of it. */
function isOne(text: string): boolean {
  const tokens = outerTokens(text);
  const [first, second] = tokens;
  if (!first || tokens.some((token) => isOr(token) || isAnd(token))) return false;
  const isNamed = first.kind === 'word' || first.kind === 'text';
  if (tokens.length === 1 || !second) return isNamed || first.kind === ')';
  return isNamed && (compares(second) || (tokens.length === 2 && isWord(first, 'has')));
}

export const COMBINATIONS = ['only', 'and', 'or', 'and not', 'or not'] as const;
export type Combination = (typeof COMBINATIONS)[number];

const grouped = (text: string, needed: boolean): string => (needed ? `(${text})` : text);

/** A filter with a condition more, which changes nothing of what was there. */
export function combineFilter(existing: string, how: Combination, term: string): string {
  const before = existing.trim();
  const added = how.endsWith('not') ? `not ${grouped(term, !isOne(term))}` : term;
  if (how === 'only' || before === '') return added;
  // 'and' binds closer than 'or'.
  if (how.startsWith('or')) return `${before} or ${added}`;
  return `${grouped(before, hasOr(before))} and ${grouped(added, how === 'and' && hasOr(added))}`;
}
