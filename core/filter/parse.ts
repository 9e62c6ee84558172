/**
 * Reads a text of the filter language. It goes on after an error, so that one reading names all that is wrong.
 * The grammar is in docs/filter-language.md.
 */
import type { FilterProblem, FilterTable, FilterToken } from '#contract/filter.ts';
import type { Field } from './field.ts';
import { fieldNamed, fieldsOf } from './fields.ts';
import { COMPARISONS, operatorsOf, OPERATORS, type Operator } from './operators.ts';
import { Operands } from './operands.ts';
import { TokenReader } from './reader.ts';
import { nearest } from './suggest.ts';
import type { ReadToken } from './slips.ts';
import type { Comparison, Tree } from './tree.ts';
import { shortened } from './values.ts';

/** Brackets and nots within each other. */
export const MOST_NESTING = 100;

/** Conditions in one filter: SQLite bounds what is bound in one statement. */
export const MOST_TERMS = 500;

export interface Parsed {
  /** Absent where something is wrong. */
  readonly tree?: Tree;
  readonly problems: readonly FilterProblem[];
  readonly tokens: readonly FilterToken[];
}

const EVERYTHING: Tree = { kind: 'and', parts: [] };

/** By what was ended, how several of it are written. */
const HINTS = {
  value: 'Several values go into braces, as in: errno in { EPERM, EACCES }; a value with blanks goes into quotes.',
  text: 'A text with blanks goes into quotes.',
  not: "'not' means the next word alone; several go into brackets, as in: not (one two).",
} as const;

const HINT_AFTER: Partial<Readonly<Record<Operator, keyof typeof HINTS>>> = {
  ...{ '==': 'value', '!=': 'value', contains: 'text', '~': 'text' },
};

const BEGINNINGS = ['a field', 'a text to look for', 'not', 'has', '('];

export function parseFilter(text: string, table: FilterTable): Parsed {
  const reader = new TokenReader(text);
  const tree = new Parser(reader, table).parse();
  const problems = reader.sorted();
  const tokens = reader.drawn();
  return problems.length === 0 && tree ? { tree, problems, tokens } : { problems, tokens };
}

/** Methods return undefined where what they read is wrong; what is wrong has been told then. */
class Parser {
  readonly #reader: TokenReader;
  readonly #table: FilterTable;
  readonly #operands: Operands;
  /** The last token of the last condition that a word behind it could have been meant to belong to. */
  #ended: { readonly by: ReadToken | undefined; readonly as: keyof typeof HINTS } | undefined;
  #depth = 0;
  #terms = 0;

  constructor(reader: TokenReader, table: FilterTable) {
    this.#reader = reader;
    this.#table = table;
    this.#operands = new Operands(reader);
  }

  parse(): Tree | undefined {
    const reader = this.#reader;
    if (reader.atEnd) return EVERYTHING;
    const tree = this.#or();
    while (!reader.atEnd) this.#leftOver();
    return tree;
  }

  /** Something stands where the filter could have ended: told, and what follows is read for its own errors. */
  #leftOver(): void {
    const reader = this.#reader;
    const token = reader.peek();
    if (token.kind === ')') {
      reader.complain(reader.take(), 'No bracket is open that this one could close.', ['and', 'or']);
      if (this.#isJoint()) reader.take('keyword');
      else return;
    } else {
      const near = token.kind === 'word' ? nearest(token.text, ['and', 'or']) : undefined;
      const message =
        token.kind === 'word' || token.kind === 'text'
          ? `'and' or 'or' is missing here.${this.#hint(token)}`
          : `'${shortened(token.slip ?? token.text)}' cannot stand here.`;
      reader.complain(token, message, ['and', 'or'], near);
      if (near !== undefined || !this.#begins(token)) reader.take();
    }
    if (!reader.atEnd && this.#begins(reader.peek())) this.#or();
  }

  /** What was probably meant by a word that stands right behind a condition, as the end of a message. */
  #hint(token: ReadToken): string {
    const isCondition = this.#operatorAhead() !== undefined || (token.kind === 'word' && fieldNamed(token.text));
    const { before } = this.#reader;
    return !isCondition && before !== undefined && before === this.#ended?.by ? ` ${HINTS[this.#ended.as]}` : '';
  }

  #begins({ kind, text }: ReadToken): boolean {
    return kind === 'word' || kind === 'text' || kind === '(' || (kind === 'operator' && text === '!');
  }

  #isJoint(): boolean {
    const reader = this.#reader;
    return reader.isWord('and') || reader.isWord('or') || reader.isOperator('&&') || reader.isOperator('||');
  }

  #or(): Tree | undefined {
    return this.#chain('or', '||', () => this.#and());
  }

  #and(): Tree | undefined {
    return this.#chain('and', '&&', () => this.#words());
  }

  #chain(word: 'and' | 'or', sign: string, next: () => Tree | undefined): Tree | undefined {
    const reader = this.#reader;
    const parts = [next()];
    while (reader.isWord(word) || reader.isOperator(sign)) {
      reader.tellSlip(reader.take('keyword'));
      parts.push(next());
    }
    const [first] = parts;
    if (parts.length === 1) return first;
    return parts.includes(undefined) ? undefined : { kind: word, parts: parts.filter((part) => part !== undefined) };
  }

  /** Words beside each other are all looked for. */
  #words(): Tree | undefined {
    const first = this.#unary();
    if (first?.kind !== 'search') return first;
    const parts: Tree[] = [first];
    while (this.#isSearch()) {
      const next = this.#unary();
      if (next) parts.push(next);
    }
    return parts.length === 1 ? first : { kind: 'and', parts };
  }

  #isSearch(): boolean {
    const { kind, text } = this.#reader.peek();
    if (kind !== 'word' && kind !== 'text') return false;
    if (kind === 'word' && (this.#reader.isKeyword() || fieldNamed(text))) return false;
    return this.#operatorAhead() === undefined;
  }

  /** The operator after the next token. */
  #operatorAhead(): Operator | undefined {
    const { kind, text } = this.#reader.peek(1);
    const written = kind === 'word' ? text.toLowerCase() : kind === 'operator' ? text : '';
    return OPERATORS.find((operator) => operator === written);
  }

  /** Runs one level deeper. */
  #deeper(work: () => Tree | undefined): Tree | undefined {
    if (this.#depth >= MOST_NESTING) {
      const message = `Brackets and nots nest more than ${String(MOST_NESTING)} deep here.`;
      this.#reader.complain(this.#reader.peek(), message, []);
      this.#reader.stop();
      return undefined;
    }
    this.#depth++;
    const tree = work();
    this.#depth--;
    return tree;
  }

  #unary(): Tree | undefined {
    const reader = this.#reader;
    if (reader.isWord('not') || reader.isOperator('!')) {
      reader.take('keyword');
      const part = this.#deeper(() => this.#unary());
      if (part?.kind === 'search') this.#ended = { by: reader.before, as: 'not' };
      return part && { kind: 'not', part };
    }
    if (reader.peek().kind === '(') return this.#bracketed();
    if (reader.isWord('has')) return this.#has();
    const token = reader.peek();
    if (token.kind === 'text' || (token.kind === 'word' && !reader.isKeyword())) return this.#term();
    const found = token.kind === 'end' ? 'The filter ends' : `'${shortened(token.text)}' stands`;
    reader.complain(token, `${found} where a condition is expected.`, BEGINNINGS);
    // What goes on a chain or closes a bracket is left to whoever waits for it.
    if (!this.#isJoint() && token.kind !== ')') this.#skipTerm();
    return undefined;
  }

  /** Leaves out what cannot be understood, up to where a condition can begin anew. */
  #skipTerm(): void {
    const reader = this.#reader;
    do reader.take();
    while (!reader.atEnd && !this.#isJoint() && reader.peek().kind !== ')' && reader.peek().kind !== '(');
  }

  #bracketed(): Tree | undefined {
    const reader = this.#reader;
    const open = reader.take('bracket');
    const tree = this.#deeper(() => this.#or());
    while (!reader.atEnd && reader.peek().kind !== ')') this.#leftOver();
    if (reader.peek().kind === ')') reader.take('bracket');
    else reader.complain(open, 'This bracket is not closed.', [')']);
    return tree;
  }

  #count(token: ReadToken): void {
    if (++this.#terms !== MOST_TERMS + 1) return;
    this.#reader.complain(token, `A filter has no more than ${String(MOST_TERMS)} conditions.`, []);
    this.#reader.stop();
  }

  #has(): Tree | undefined {
    const reader = this.#reader;
    this.#count(reader.take('keyword'));
    const token = reader.peek();
    if (token.kind !== 'word') {
      reader.complain(token, "After 'has' the name of a field is expected.", ['a field']);
      return undefined;
    }
    const field = this.#field(reader.take('field'));
    return field && { kind: 'has', field };
  }

  /** The field of that name, if rows of this table have it. */
  #field(token: ReadToken): Field | undefined {
    const reader = this.#reader;
    const field = token.kind === 'word' ? fieldNamed(token.text) : undefined;
    if (!field) {
      const names = fieldsOf(this.#table).map(({ name }) => name);
      const message = `There is no field '${shortened(token.text)}'.`;
      reader.complain(token, message, ['a field'], nearest(token.text, names));
    } else if (!field.tables.includes(this.#table)) {
      reader.complain(token, `Only events have the field ${field.name}.`, ['a field of attempts']);
    } else return field;
    return undefined;
  }

  #term(): Tree | undefined {
    const reader = this.#reader;
    const operator = this.#operatorAhead();
    const known = reader.peek().kind === 'word' && fieldNamed(reader.peek().text);
    const token = reader.take(operator !== undefined || known ? 'field' : 'word');
    this.#count(token);
    if (operator !== undefined) return this.#comparison(token, operator);
    if (!known) return this.#search(token);
    const field = this.#field(token);
    if (!field) return undefined;
    if (field.type === 'boolean') return { kind: 'compare', field, operator: '==', value: true };
    const message = `${field.name} is compared with nothing. To look for the word itself, quote it.`;
    reader.complainAt(token.to, token.to, message, operatorsOf(field.type));
    return undefined;
  }

  #search(token: ReadToken): Tree | undefined {
    if (token.text !== '') return { kind: 'search', text: token.text };
    this.#reader.complain(token, 'An empty text is in every row.', ['a text to look for']);
    return undefined;
  }

  #comparison(token: ReadToken, operator: Operator): Tree | undefined {
    const reader = this.#reader;
    const field = this.#field(token);
    const sign = reader.take('operator');
    if (!field) {
      reader.tellSlip(sign);
      this.#operands.skip(operator);
      return undefined;
    }
    const fitting = operatorsOf(field.type);
    if (!fitting.includes(operator)) {
      const written = sign.slip ?? operator;
      const instead = operator !== '~' ? undefined : written === '!~' ? '!=' : '==';
      reader.complain(sign, `'${written}' does not fit ${field.name}.`, fitting, instead);
      this.#operands.skip(operator);
      return undefined;
    }
    reader.tellSlip(sign);
    const tree = this.#compared(field, operator);
    const as = HINT_AFTER[operator];
    if (as) this.#ended = { by: reader.before, as };
    return tree;
  }

  /** What stands to the right of an operator that fits. */
  #compared(field: Field, operator: Operator): Tree | undefined {
    if (operator === 'in') return this.#operands.set(field);
    if (operator === 'contains') return this.#operands.part(field);
    if (operator === '~') return this.#operands.pattern(field);
    const value = this.#operands.value(field);
    return value === undefined ? undefined : { kind: 'compare', field, operator: comparison(operator), value };
  }
}

function comparison(operator: Operator): Comparison {
  return COMPARISONS.find((known) => known === operator) ?? '==';
}
