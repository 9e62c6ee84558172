/** Writes pieces of the filter language: for what is chosen on the screen instead of typed. The parser is in core/filter/. */

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

/** Which joints stand outside of all brackets and quotes, and whether parts stand beside each other there. */
function jointsOf(text: string): { readonly and: boolean; readonly or: boolean; readonly compares: boolean } {
  let bare = text.replaceAll(/"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?/gs, '""').replaceAll(/\{[^{}]*\}?/g, '{}');
  for (let before = ''; bare !== before;) {
    before = bare;
    bare = bare.replaceAll(/\([^()]*\)/g, '""');
  }
  return {
    and: /&&|(?:^|[\s)}"])and(?=[\s(!"]|$)/i.test(bare),
    or: /\|\||(?:^|[\s)}"])or(?=[\s(!"]|$)/i.test(bare),
    compares: /[=<>~]|\s(?:contains|in)\b/i.test(bare),
  };
}

/** Whether `not` before the text means all of it. */
function isOne(text: string): boolean {
  const { and, or, compares } = jointsOf(text);
  return !and && !or && (compares || /^(?:has\s+)?(?:[^\s"]+|"(?:\\.|[^"\\])*")$/i.test(text));
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
  return `${grouped(before, jointsOf(before).or)} and ${grouped(added, how === 'and' && jointsOf(added).or)}`;
}
