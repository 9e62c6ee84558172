/** Tokens one after the other, what is wrong with them, and how each is drawn. */
import { MOST_FILTER, type FilterProblem, type FilterToken } from '#contract/filter.ts';
import { isKeyword } from './operators.ts';
import { slipProblem, tokensOf, type ReadToken } from './slips.ts';

/** More would not be read by anybody. */
const MOST_PROBLEMS = 20;

const BRACKET = /^[(){},]$/;

const notClosed =
  (text: string) =>
  ({ from, to }: ReadToken): FilterProblem => ({
    ...{ column: from + 1, length: to - from, message: 'This text is not closed.', expected: [text.charAt(from)] },
  });

export class TokenReader {
  readonly problems: FilterProblem[];
  readonly #tokens: readonly ReadToken[];
  readonly #drawn = new Map<ReadToken, FilterToken['kind']>();
  #at = 0;
  #stopped = false;

  /** @param text not longer than MOST_FILTER; what is beyond is not read */
  constructor(text: string) {
    this.#tokens = tokensOf(text.slice(0, MOST_FILTER));
    this.problems = this.#tokens.filter(({ isOpen }) => isOpen).map(notClosed(text));
    if (text.length > MOST_FILTER) {
      const message = `A filter has no more than ${MOST_FILTER.toLocaleString('en')} characters.`;
      this.problems.push({ column: MOST_FILTER + 1, length: text.length - MOST_FILTER, message, expected: [] });
    }
  }

  /** The next token, or one after it, without taking it. */
  peek(ahead = 0): ReadToken {
    const token = this.#tokens[this.#at + ahead] ?? this.#tokens.at(-1);
    if (!token) throw new RangeError('there is always a last token');
    return token;
  }

  /** The token taken last; undefined at the beginning. */
  get before(): ReadToken | undefined {
    return this.#tokens[this.#at - 1];
  }

  take(drawn?: FilterToken['kind']): ReadToken {
    const token = this.peek();
    if (drawn) this.#drawn.set(token, drawn);
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  /** Whether the next one is that word, whatever its case. */
  isWord(word: string, ahead = 0): boolean {
    const { kind, text } = this.peek(ahead);
    return kind === 'word' && text.toLowerCase() === word;
  }

  isKeyword(ahead = 0): boolean {
    const { kind, text } = this.peek(ahead);
    return kind === 'word' && isKeyword(text);
  }

  isOperator(text: string): boolean {
    const token = this.peek();
    return token.kind === 'operator' && token.text === text;
  }

  get atEnd(): boolean {
    return this.peek().kind === 'end';
  }

  /** Nothing is read any further, and nothing more is told. */
  stop(): void {
    this.#at = this.#tokens.length - 1;
    this.#stopped = true;
  }

  /** Tells where an operator is one of another language. */
  tellSlip(sign: ReadToken): void {
    const problem = slipProblem(sign);
    if (problem) this.complain(sign, problem.message, problem.expected, problem.suggestion);
  }

  /** Tells what is wrong with a token, or what is missing before the last one. */
  complain(token: ReadToken, message: string, expected: readonly string[], suggestion?: string): void {
    this.complainAt(token.from, token.to, message, expected, suggestion);
  }

  complainAt(from: number, to: number, message: string, expected: readonly string[], suggestion?: string): void {
    if (this.#stopped) return;
    const problem = { column: from + 1, length: to - from, message, expected };
    this.problems.push(suggestion === undefined ? problem : { ...problem, suggestion });
  }

  /** The problems in the order of their places. */
  sorted(): FilterProblem[] {
    return this.problems.toSorted((a, b) => a.column - b.column).slice(0, MOST_PROBLEMS);
  }

  drawn(): FilterToken[] {
    const wrong = this.problems.filter(({ length }) => length > 0);
    return this.#tokens.slice(0, -1).map((token) => {
      const { from, to } = token;
      const isWrong = wrong.some(({ column, length }) => from < column - 1 + length && to > column - 1);
      const usual = BRACKET.test(token.kind) ? 'bracket' : token.kind === 'operator' ? 'operator' : 'word';
      return { from, to, kind: isWrong ? 'wrong' : (this.#drawn.get(token) ?? usual) };
    });
  }
}
