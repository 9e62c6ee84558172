/** What stands to the right of an operator: a value, a set of values, a part, a regular expression. */
import type { Field } from './field.ts';
import { isOrdered, type Operator } from './operators.ts';
import { compilePattern } from './pattern.ts';
import type { TokenReader } from './reader.ts';
import type { Token } from './tokens.ts';
import type { Span, Tree, Value } from './tree.ts';
import { formOf, isUnfit, readValue } from './values.ts';

/** A word of a set that may be a range, cut where it is one. */
interface Piece {
  readonly from: number;
  readonly to: number;
  /** '..' between two values, otherwise a value. */
  readonly text: string;
  readonly isValue: boolean;
}

const RANGE = '..';

export class Operands {
  readonly #reader: TokenReader;

  constructor(reader: TokenReader) {
    this.#reader = reader;
  }

  /** Takes a value without reading it: what it would be compared with is wrong already. */
  skip(operator: Operator): void {
    if (operator === 'in' && this.#reader.peek().kind === '{') this.#pieces();
    else if (this.#isValue()) this.#reader.take('value');
  }

  #isValue(): boolean {
    const { kind } = this.#reader.peek();
    return kind === 'text' || (kind === 'word' && !this.#reader.isKeyword());
  }

  /** The token of a value; undefined where none stands there. */
  #token(field: Field): Token | undefined {
    const reader = this.#reader;
    if (this.#isValue()) return reader.take('value');
    const token = reader.peek();
    const message = reader.isKeyword()
      ? `A value of ${field.name} is expected here; to mean the word '${token.text}', quote it.`
      : `A value of ${field.name} is expected here.`;
    // What is missing is missing after the operator; where something else stands, that is what is wrong.
    const at = token.kind === 'end' || reader.isKeyword() ? (reader.before?.to ?? token.from) : token.from;
    reader.complainAt(at, token.kind === 'end' || reader.isKeyword() ? at : token.to, message, [formOf(field)]);
    if (token.kind === 'operator' || token.kind === '{' || token.kind === '}' || token.kind === ',') reader.take();
    return undefined;
  }

  #read(field: Field, text: string, from: number, to: number): Value | undefined {
    const value = readValue(field, text);
    if (!isUnfit(value)) return value;
    this.#reader.complainAt(from, to, value.message, value.expected, value.suggestion);
    return undefined;
  }

  value(field: Field): Value | undefined {
    const token = this.#token(field);
    return token && this.#read(field, token.text, token.from, token.to);
  }

  part(field: Field): Tree | undefined {
    if (field.type === 'flags' || field.type === 'mode') {
      const value = this.value(field);
      return typeof value === 'bigint' ? { kind: 'contains', field, value } : undefined;
    }
    const token = this.#token(field);
    return token && { kind: 'contains', field, value: token.text };
  }

  pattern(field: Field): Tree | undefined {
    const token = this.#token(field);
    if (!token) return undefined;
    const pattern = compilePattern(token.text);
    if (typeof pattern !== 'string') return { kind: 'matches', field, pattern };
    this.#reader.complain(token, `This is not a regular expression: ${pattern}.`, ['a regular expression (RE2)']);
    return undefined;
  }

  set(field: Field): Tree | undefined {
    const reader = this.#reader;
    const open = reader.peek();
    if (open.kind !== '{') {
      reader.complain(open, "After 'in' the values are expected in braces.", ['{ value, value … }']);
      if (this.#isValue()) reader.take('value');
      return undefined;
    }
    const pieces = this.#pieces().flatMap((token) => (isOrdered(field.type) ? split(token) : [whole(token)]));
    const spans = this.#spans(field, pieces);
    if (pieces.length > 0) return spans && { kind: 'in', field, spans };
    reader.complain(open, 'There is no value between these braces.', [formOf(field)]);
    return undefined;
  }

  /** The words between braces, and the braces. */
  #pieces(): Token[] {
    const reader = this.#reader;
    const open = reader.take('bracket');
    const tokens: Token[] = [];
    while (this.#isValue() || reader.peek().kind === ',') {
      const token = reader.take(reader.peek().kind === ',' ? 'bracket' : 'value');
      if (token.kind !== ',') tokens.push(token);
    }
    if (reader.peek().kind === '}') reader.take('bracket');
    else if (reader.atEnd || reader.isKeyword()) reader.complain(open, 'This brace is not closed.', ['}']);
    else {
      reader.complain(reader.peek(), `'${reader.peek().text}' cannot stand between braces.`, ['a value', '}']);
      while (!reader.atEnd && reader.peek().kind !== '}' && !reader.isKeyword()) reader.take();
      if (reader.peek().kind === '}') reader.take('bracket');
    }
    return tokens;
  }

  #spans(field: Field, pieces: readonly Piece[]): Span[] | undefined {
    const spans: Span[] = [];
    let sound = true;
    for (let at = 0; at < pieces.length; at++) {
      const piece = pieces[at];
      if (!piece) continue;
      const last = pieces[at + 1]?.isValue === false ? pieces[at + 2] : undefined;
      const from = piece.isValue ? this.#read(field, piece.text, piece.from, piece.to) : undefined;
      const ranges = pieces[at + 1]?.isValue === false;
      if (!piece.isValue || (ranges && last?.isValue !== true)) {
        const range = piece.isValue ? (pieces[at + 1] ?? piece) : piece;
        this.#reader.complainAt(range.from, range.to, 'A range has a value before and after it.', [formOf(field)]);
        sound = false;
      }
      const to = last?.isValue ? this.#read(field, last.text, last.from, last.to) : from;
      if (ranges) at += last?.isValue ? 2 : 1;
      if (from !== undefined && to !== undefined) spans.push({ from, to });
      else sound = false;
    }
    return sound ? spans : undefined;
  }
}

const whole = ({ from, to, text }: Token): Piece => ({ from, to, text, isValue: true });

/** "1..5" is three pieces, "1.5" is one. A quoted text is a value as it stands. */
function split(token: Token): Piece[] {
  if (token.kind === 'text' || !token.text.includes(RANGE)) return [whole(token)];
  const pieces: Piece[] = [];
  for (const match of token.text.matchAll(/\.\.|(?:(?!\.\.).)+/gs)) {
    const from = token.from + match.index;
    pieces.push({ from, to: from + match[0].length, text: match[0], isValue: match[0] !== RANGE });
  }
  return pieces;
}
