/**
 * A text of the filter language in words, texts, operators and brackets: what the parser reads, and what a filter is put
 * together by. Anything becomes tokens; nothing throws.
 */

export type TokenKind = 'word' | 'text' | 'operator' | '(' | ')' | '{' | '}' | ',' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** Where it lies, `to` excluded, counted from 0. */
  readonly from: number;
  readonly to: number;
  /** A word or an operator as written, a quoted text without quotes and escapes. */
  readonly text: string;
  /** Of a quoted text whose closing quote is missing: it goes on to the end. */
  readonly isOpen?: true;
}

/** The longest first; some are none of this language, but what people write who come from others. */
const OPERATORS = [
  '===',
  '!==',
  '=~',
  '!~',
  '<>',
  '==',
  '!=',
  '<=',
  '>=',
  '&&',
  '||',
  '=',
  '<',
  '>',
  '~',
  '!',
  '&',
  '|',
];

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
    } else if (Object.hasOwn(ESCAPES, next)) {
      value += ESCAPES[next] ?? '';
      at++;
    } else value += character;
  }
  return { to: text.length, value, closed: false };
}

function operatorAt(text: string, at: number): string | undefined {
  return OPERATORS.find((written) => text.startsWith(written, at));
}

/** Where a word ends that goes through that place. A ' within it is one of its letters. */
export function wordEnd(text: string, at: number): number {
  let to = at;
  while (to < text.length && !WORD_END.test(text[to] ?? '')) to++;
  return to;
}

/** The token that begins there, where no blank stands. */
function tokenAt(text: string, at: number): Token {
  const character = text[at] ?? '';
  if (BRACKETS.includes(character)) return { kind: character as TokenKind, from: at, to: at + 1, text: character };
  if (character === '"' || character === "'") {
    const { to, value, closed } = quoted(text, at);
    return { kind: 'text', from: at, to, text: value, ...(closed ? {} : { isOpen: true }) };
  }
  const operator = operatorAt(text, at);
  if (operator !== undefined) return { kind: 'operator', from: at, to: at + operator.length, text: operator };
  const to = wordEnd(text, at + 1);
  return { kind: 'word', from: at, to, text: text.slice(at, to) };
}

/** The last token is of kind 'end'. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    if (SPACE.test(text[at] ?? '')) {
      at++;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.to;
  }
  return [...tokens, { kind: 'end', from: text.length, to: text.length, text: '' }];
}
