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
import type { Token } from './tokens.ts';
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
      const several = 'Several values go into braces, as in: errno in { EPERM, EACCES }.';
      const message = token.kind === 'word' || token.kind === 'text' ? `'and' or 'or' is missing here. ${several}` : '';
      reader.complain(token, message || `'${shortened(token.text)}' cannot stand here.`, ['and', 'or'], near);
      if (near !== undefined || !this.#begins(token)) reader.take();
    }
    if (!reader.atEnd && this.#begins(reader.peek())) this.#or();
  }

  #begins({ kind, text }: Token): boolean {
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
      reader.take('keyword');
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

  #count(token: Token): void {
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
  #field(token: Token): Field | undefined {
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

  #search(token: Token): Tree | undefined {
    if (token.text !== '') return { kind: 'search', text: token.text };
    this.#reader.complain(token, 'An empty text is in every row.', ['a text to look for']);
    return undefined;
  }

  #comparison(token: Token, operator: Operator): Tree | undefined {
    const reader = this.#reader;
    const field = this.#field(token);
    const sign = reader.take('operator');
    if (!field) {
      this.#operands.skip(operator);
      return undefined;
    }
    const fitting = operatorsOf(field.type);
    if (!fitting.includes(operator)) {
      reader.complain(
        sign,
        `'${operator}' does not fit ${field.name}.`,
        fitting,
        fitting.includes('==') && operator === '~' ? '==' : undefined,
      );
      this.#operands.skip(operator);
      return undefined;
    }
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
