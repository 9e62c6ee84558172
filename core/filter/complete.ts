/** What can stand at a place of a filter: fields, operators that fit, values that the capture holds, words that go on. */
import type { FilterCompletion, FilterCompletions, FilterTable } from '#contract/filter.ts';
import { MOST_FILTER } from '#contract/filter.ts';
import { filterValue } from '#contract/filter-term.ts';
import { wordEnd } from '#contract/filter-tokens.ts';
import type Database from 'better-sqlite3';
import { errnoNumbers } from '../reference/errno.ts';
import { captureValues } from './capture-values.ts';
import type { Field } from './field.ts';
import { fieldNamed, fieldsOf } from './fields.ts';
import { isKeyword, OPERATORS, operatorsOf } from './operators.ts';
import { tokensOf, type ReadToken } from './slips.ts';
import { formOf } from './values.ts';

/** Proposals in one answer. */
const MOST = 50;

const DETAILS: Readonly<Record<string, string>> = {
  '==': 'is',
  '!=': 'is there and is not',
  '<': 'is less',
  '<=': 'is not more',
  '>': 'is more',
  '>=': 'is not less',
  contains: 'has the text, or the bits, in it',
  '~': 'matches the regular expression',
  in: 'is one of several, or in a range',
  and: 'both',
  or: 'one of both, or both',
  not: 'rows that the next condition does not keep',
  has: 'rows in which the field has a value',
};

const keyword = (text: string): FilterCompletion => ({ text, kind: 'keyword', ...detailOf(text) });

const detailOf = (text: string): { detail?: string } => {
  const detail = DETAILS[text];
  return detail === undefined ? {} : { detail };
};

/** Those that begin so first, then those that have it anywhere; each group in its order. */
function ranked<Item>(items: readonly Item[], textOf: (item: Item) => string, part: string): Item[] {
  const wanted = part.toLowerCase();
  const rank = (item: Item): number => {
    const text = textOf(item).toLowerCase();
    return text.startsWith(wanted) ? 0 : text.includes(`.${wanted}`) ? 1 : 2;
  };
  return items.filter((item) => textOf(item).toLowerCase().includes(wanted)).toSorted((a, b) => rank(a) - rank(b));
}

/** What stands before the caret. */
interface Place {
  readonly expects: 'condition' | 'field' | 'operator' | 'value' | 'joint';
  readonly field?: Field;
  /** Whether a value is to be a regular expression. */
  readonly isPattern?: boolean;
}

const isComparison = ({ kind, text }: ReadToken): boolean =>
  (kind === 'operator' || kind === 'word') && (OPERATORS as readonly string[]).includes(text.toLowerCase());

/** @param before the tokens that end before the word at the caret */
function placeAfter(before: readonly ReadToken[]): Place {
  const [last, second, third] = [before.at(-1), before.at(-2), before.at(-3)];
  const fieldAt = (token: ReadToken | undefined): Field | undefined =>
    token?.kind === 'word' ? fieldNamed(token.text) : undefined;
  const open = before.findLastIndex(({ kind }) => kind === '{');
  if (open > before.findLastIndex(({ kind }) => kind === '}')) {
    const field = fieldAt(before[open - 2]);
    return field ? { expects: 'value', field } : { expects: 'value' };
  }
  if (!last || last.kind === '(') return { expects: 'condition' };
  const isValue = second !== undefined && isComparison(second) && fieldAt(third) !== undefined;
  if (isComparison(last)) {
    const field = fieldAt(second);
    if (field) return { expects: 'value', field, isPattern: last.text === '~' };
  }
  if (last.kind === 'operator') return { expects: 'condition' };
  if (last.kind === 'word' && !isValue) {
    const word = last.text.toLowerCase();
    if (word === 'has') return { expects: 'field' };
    if (isKeyword(word)) return { expects: 'condition' };
    const field = second?.kind === 'word' && second.text.toLowerCase() === 'has' ? undefined : fieldAt(last);
    if (field) return { expects: 'operator', field };
  }
  return { expects: 'joint' };
}

/** Of RE2, what means something else than itself. */
const escaped = (text: string): string => text.replaceAll(/[\\.+*?()|[\]{}^$]/g, '\\$&');

function values(database: Database.Database, field: Field, part: string, isPattern: boolean): FilterCompletion[] {
  const known =
    field.type === 'errno'
      ? [...errnoNumbers().keys()]
      : field.type === 'boolean'
        ? ['true', 'false']
        : field.type === 'flags'
          ? [...(field.bits?.keys() ?? [])]
          : field.words;
  const texts =
    known.length > 0 ? ranked(known, (word) => word, part) : (captureValues(database, field.name, part, MOST) ?? []);
  const detail = known.length > 0 ? field.name : `${field.name}, in this capture`;
  return texts
    .slice(0, MOST)
    .map((text) => ({ text: filterValue(isPattern ? escaped(text) : text), kind: 'value', detail }));
}

function fields(table: FilterTable, part: string): FilterCompletion[] {
  return ranked(fieldsOf(table), ({ name }) => name, part).map(({ name, meaning }) => ({
    ...{ text: name, kind: 'field' as const },
    detail: meaning,
  }));
}

function operators(field: Field, part: string): FilterCompletion[] {
  const fitting = operatorsOf(field.type).filter((operator) => operator.startsWith(part.toLowerCase()));
  const own = fitting.map((text) => ({ text, kind: 'operator' as const, detail: DETAILS[text] ?? formOf(field) }));
  return field.type === 'boolean' ? [...own, ...joints(part)] : own;
}

const joints = (part: string): FilterCompletion[] => ranked(['and', 'or'], (word) => word, part).map(keyword);

/** @param caret counted from 0, in UTF-16 code units */
export function completeFilter(
  database: Database.Database,
  text: string,
  table: FilterTable,
  caret: number,
): FilterCompletions {
  const at = Math.min(Math.max(0, caret), text.length, MOST_FILTER);
  const tokens = tokensOf(text.slice(0, MOST_FILTER));
  const words = tokens.filter(({ kind }) => kind === 'word' || kind === 'text' || kind === 'operator');
  // An operator is being typed only at its end; a word wherever the caret touches it.
  const touched = words.find(({ from, to, kind }) => from < at && at <= to && (kind !== 'operator' || at === to));
  const place = placeAfter(tokens.filter(({ kind, to }) => kind !== 'end' && to <= (touched?.from ?? at)));
  const current = touched?.kind === 'operator' && place.expects !== 'operator' ? undefined : touched;
  if (current !== touched) return completeFilterAt(database, table, placeAfter(before(tokens, at)), at, at, '');
  const from = current?.from ?? at;
  const part = tokensOf(text.slice(from, at))[0]?.text ?? '';
  // A text whose quote is not closed goes on to the end of the filter, but was not meant to.
  const to = current?.isOpen ? wordEnd(text, at) : (current?.to ?? at);
  return completeFilterAt(database, table, place, from, to, part);
}

const before = (tokens: readonly ReadToken[], at: number): ReadToken[] =>
  tokens.filter(({ kind, to }) => kind !== 'end' && to <= at);

function completeFilterAt(
  database: Database.Database,
  table: FilterTable,
  place: Place,
  from: number,
  to: number,
  part: string,
): FilterCompletions {
  const items = (): FilterCompletion[] => {
    const { field } = place;
    switch (place.expects) {
      case 'condition':
        return [...fields(table, part), ...ranked(['not', 'has'], (word) => word, part).map(keyword)];
      case 'field':
        return fields(table, part);
      case 'operator':
        return field ? operators(field, part) : [];
      case 'value':
        return field ? values(database, field, part, place.isPattern === true) : [];
      case 'joint':
        return joints(part);
    }
  };
  return { from, to, items: items().slice(0, MOST) };
}
