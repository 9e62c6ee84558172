/** What stands to the right of an operator: a value, a set of values, a part, a regular expression. */
import { filterValue } from '#contract/filter-term.ts';
import type { Field } from './field.ts';
import { anyText, longerValue, meantFor, type Meant } from './longer-values.ts';
import { isJoint, isOperatorWord, isOrdered, type Operator } from './operators.ts';
import { compilePattern } from './pattern.ts';
import type { TokenReader } from './reader.ts';
import type { ReadToken } from './slips.ts';
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

/** The words between braces. */
interface Braced {
  readonly tokens: readonly ReadToken[];
  /** False where something is wrong with them, which has been told. */
  readonly isSound: boolean;
}

export class Operands {
  readonly #reader: TokenReader;

  constructor(reader: TokenReader) {
    this.#reader = reader;
  }

  /** Takes a value without reading it: what it would be compared with is wrong already. */
  skip(operator: Operator): void {
    if (operator === 'in' && this.#reader.peek().kind === '{') this.#braced();
    else if (this.#isValue()) this.#reader.take('value');
  }

  #isValue(): boolean {
    const { kind } = this.#reader.peek();
    return kind === 'text' || (kind === 'word' && !this.#reader.isKeyword());
  }

  /** The token of a value; undefined where none stands there, or only the beginning of one. */
  #token(field: Field, meant: Meant): ReadToken | undefined {
    const reader = this.#reader;
    if (!this.#isValue()) return this.#missing(field);
    const token = reader.take('value');
    return this.#isWhole(field, token, meant, 'alone') ? token : undefined;
  }

  /** Whether a value ends where its token does; if not, the rest is taken as well, and told. */
  #isWhole(field: Field, token: ReadToken, meant: Meant, place: 'alone' | 'in braces'): boolean {
    const longer = longerValue(this.#reader, field, token, meant, place);
    if (!longer) return true;
    for (let count = 0; count < longer.more; count++) this.#reader.take('value');
    this.#reader.complainAt(token.from, longer.to, longer.message, [longer.written], longer.written);
    return false;
  }

  #missing(field: Field): undefined {
    const reader = this.#reader;
    const token = reader.peek();
    const message = reader.isKeyword()
      ? `A value of ${field.name} is expected here; to mean the word '${token.text}', quote it.`
      : `A value of ${field.name} is expected here.`;
    if (reader.isKeyword() && isOperatorWord(token.text)) {
      reader.complain(reader.take(), message, [formOf(field)], this.#quotedFor(field, token.text));
      return undefined;
    }
    // What is missing is missing after the operator; where something else stands, that is what is wrong.
    const at = token.kind === 'end' || reader.isKeyword() ? (reader.before?.to ?? token.from) : token.from;
    reader.complainAt(at, token.kind === 'end' || reader.isKeyword() ? at : token.to, message, [formOf(field)]);
    if (token.kind === 'operator' || token.kind === '{' || token.kind === '}' || token.kind === ',') reader.take();
    return undefined;
  }

  /** A keyword as a value, where it can be one. */
  #quotedFor(field: Field, word: string): string | undefined {
    return isUnfit(readValue(field, word)) ? undefined : filterValue(word);
  }

  #read(field: Field, text: string, from: number, to: number): Value | undefined {
    const value = readValue(field, text);
    if (!isUnfit(value)) return value;
    const { suggestion } = value;
    const written = suggestion === undefined ? undefined : filterValue(suggestion);
    this.#reader.complainAt(from, to, value.message, value.expected, written);
    return undefined;
  }

  value(field: Field): Value | undefined {
    const token = this.#token(field, meantFor(field));
    return token && this.#read(field, token.text, token.from, token.to);
  }

  part(field: Field): Tree | undefined {
    if (field.type === 'flags' || field.type === 'mode') {
      const value = this.value(field);
      return typeof value === 'bigint' ? { kind: 'contains', field, value } : undefined;
    }
    const token = this.#token(field, anyText);
    return token && { kind: 'contains', field, value: token.text };
  }

  pattern(field: Field): Tree | undefined {
    const token = this.#token(field, anyText);
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
    const { tokens, isSound } = this.#braced(field);
    const pieces = tokens.flatMap((token) => (isOrdered(field.type) ? split(token) : [whole(token)]));
    const spans = this.#spans(field, pieces);
    if (!isSound) return undefined;
    if (pieces.length > 0) return spans && { kind: 'in', field, spans };
    reader.complain(open, 'There is no value between these braces.', [formOf(field)]);
    return undefined;
  }

  /** @param field whose values they are; undefined where that is wrong already */
  #braced(field?: Field): Braced {
    const reader = this.#reader;
    const open = reader.take('bracket');
    const tokens: ReadToken[] = [];
    let isSound = true;
    for (;;) {
      if (reader.peek().kind === ',') reader.take('bracket');
      else if (this.#isValue()) {
        const token = reader.take('value');
        if (!field || this.#isWhole(field, token, meantFor(field), 'in braces')) tokens.push(token);
        else isSound = false;
      } else if (reader.isKeyword() && this.#closesAhead()) {
        this.#keywordInBraces(field);
        isSound = false;
      } else return { tokens, isSound: this.#closeBrace(open) && isSound };
    }
  }

  /** Whether the braces are closed before anything that cannot stand between them. */
  #closesAhead(): boolean {
    for (let ahead = 0; ; ahead++) {
      const { kind } = this.#reader.peek(ahead);
      if (kind !== 'word' && kind !== 'text' && kind !== ',') return kind === '}';
    }
  }

  #keywordInBraces(field: Field | undefined): void {
    const reader = this.#reader;
    const before = reader.before?.kind;
    const { text } = reader.peek();
    const joins = isJoint(text) && (before === 'word' || before === 'text');
    const token = reader.take('value');
    const meaning = `to mean the word '${text}', quote it.`;
    if (joins && this.#isValue()) {
      reader.complain(token, `Values in braces have commas or blanks between them; ${meaning}`, [','], ',');
    } else {
      const message = `'${text}' cannot stand between braces; ${meaning}`;
      reader.complain(token, message, ['a value', '}'], field && this.#quotedFor(field, text));
    }
  }

  /** Whether nothing but values stood between the braces. */
  #closeBrace(open: ReadToken): boolean {
    const reader = this.#reader;
    if (reader.peek().kind === '}') {
      reader.take('bracket');
      return true;
    }
    if (reader.atEnd || reader.isKeyword()) {
      reader.complain(open, 'This brace is not closed.', ['}']);
      return false;
    }
    const wrong = reader.peek();
    reader.complain(wrong, `'${wrong.slip ?? wrong.text}' cannot stand between braces.`, ['a value', '}']);
    while (!reader.atEnd && reader.peek().kind !== '}' && !reader.isKeyword()) reader.take();
    if (reader.peek().kind === '}') reader.take('bracket');
    return false;
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

const whole = ({ from, to, text }: ReadToken): Piece => ({ from, to, text, isValue: true });

/** "1..5" is three pieces, "1.5" is one. A quoted text is a value as it stands. */
function split(token: ReadToken): Piece[] {
  if (token.kind === 'text' || !token.text.includes(RANGE)) return [whole(token)];
  const pieces: Piece[] = [];
  for (const match of token.text.matchAll(/\.\.|(?:(?!\.\.).)+/gs)) {
    const from = token.from + match.index;
    pieces.push({ from, to: from + match[0].length, text: match[0], isValue: match[0] !== RANGE });
  }
  return pieces;
}
