/** A text of the filter language in words, texts, operators and brackets. Anything becomes tokens; nothing throws. */
import type { FilterProblem } from '#contract/filter.ts';

export type TokenKind = 'word' | 'text' | 'operator' | '(' | ')' | '{' | '}' | ',' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Where it lies, `to` excluded, counted from 0. */
  readonly from: number;
  readonly to: number;
  /** A word as written, a quoted text without quotes and escapes, an operator in its usual form. */
  readonly text: string;
}

/** Written forms, the longest first, and what each is read as. */
const OPERATORS: readonly (readonly [written: string, read: string])[] = [
  ...['===', '!==', '=~', '!~', '<>', '=='].map((text) => [text, text] as const),
  ...['!=', '<=', '>=', '&&', '||', '=', '<', '>', '~', '!', '&', '|'].map((text) => [text, text] as const),
];

/** What people write who come from other languages. */
const SLIPS: Readonly<Record<string, string>> = {
  '===': '==',
  '!==': '!=',
  '=~': '~',
  '<>': '!=',
  '=': '==',
  '&': '&&',
  '|': '||',
};

const SPACE = /\s/u;
const WORD_END = /[\s(){},"=!<>~&|]/u;
const BRACKETS = '(){},';

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

/** Where a quoted text ends, and what it says. A backslash before anything without a meaning stands for itself. */
function quoted(text: string, from: number): { to: number; value: string; closed: boolean } {
  const quote = text[from];
  let value = '';
  for (let at = from + 1; at < text.length; at++) {
    const character = text[at] ?? '';
    if (character === quote) return { to: at + 1, value, closed: true };
    if (character !== '\\') {
      value += character;
      continue;
    }
    const next = text[at + 1] ?? '';
    const code = next === 'u' ? /^\{([0-9a-f]{1,6})\}/i.exec(text.slice(at + 2, at + 10)) : null;
    if (code && parseInt(code[1] ?? '', 16) <= 0x10ffff) {
      value += String.fromCodePoint(parseInt(code[1] ?? '', 16));
      at += 1 + code[0].length;
    } else if (next === quote || next === '\\') {
      value += next;
      at++;
    } else if (next in ESCAPES) {
      value += ESCAPES[next] ?? '';
      at++;
    } else value += character;
  }
  return { to: text.length, value, closed: false };
}

function operatorAt(text: string, at: number): string | undefined {
  return OPERATORS.find(([written]) => text.startsWith(written, at))?.[0];
}

/** The last token is of kind 'end'. */
export function tokenize(text: string): { readonly tokens: Token[]; readonly problems: FilterProblem[] } {
  const tokens: Token[] = [];
  const problems: FilterProblem[] = [];
  const add = (kind: TokenKind, from: number, to: number, value: string): number => {
    tokens.push({ kind, from, to, text: value });
    return to;
  };
  for (let at = 0; at < text.length;) {
    const character = text[at] ?? '';
    const operator = operatorAt(text, at);
    if (SPACE.test(character)) at++;
    else if (BRACKETS.includes(character)) at = add(character as TokenKind, at, at + 1, character);
    else if (character === '"' || character === "'") {
      const { to, value, closed } = quoted(text, at);
      if (!closed) {
        const expected = [character];
        problems.push({ column: at + 1, length: to - at, message: 'This text is not closed.', expected });
      }
      at = add('text', at, to, value);
    } else if (operator !== undefined) {
      const slip = SLIPS[operator];
      if (slip !== undefined) problems.push(wrongOperator(at, operator, slip));
      at = add('operator', at, at + operator.length, slip ?? operator);
    } else {
      let to = at + 1;
      while (to < text.length && !WORD_END.test(text[to] ?? '')) to++;
      at = add('word', at, to, text.slice(at, to));
    }
  }
  add('end', text.length, text.length, '');
  return { tokens, problems };
}

function wrongOperator(at: number, operator: string, right: string): FilterProblem {
  return {
    column: at + 1,
    length: operator.length,
    message: `'${operator}' is not an operator here.`,
    expected: [right],
    suggestion: right,
  };
}
