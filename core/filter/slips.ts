/** Operators of other languages: what each is read as here, and what is said of it. */
import { tokenize, type Token } from '#contract/filter-tokens.ts';

export interface ReadToken extends Token {
  /** An operator of another language as it was written; `text` is the one that it is read as. */
  readonly slip?: string;
}

export interface SlipProblem {
  readonly message: string;
  readonly expected: readonly string[];
  readonly suggestion?: string;
}

const READ_AS: ReadonlyMap<string, string> = new Map([
  ...([
    ['===', '=='],
    ['!==', '!='],
    ['=~', '~'],
    ['!~', '~'],
    ['<>', '!='],
    ['=', '=='],
  ] as const),
  ...([
    ['&', '&&'],
    ['|', '||'],
  ] as const),
]);

function meant(token: Token): ReadToken {
  const read = token.kind === 'operator' ? READ_AS.get(token.text) : undefined;
  return read === undefined ? token : { ...token, text: read, slip: token.text };
}

/** The tokens of a text, each operator as it is read. */
export const tokensOf = (text: string): ReadToken[] => tokenize(text).map(meant);

/** What is said of a token that was used as an operator; undefined where it is one of this language. */
export function slipProblem({ slip, text }: ReadToken): SlipProblem | undefined {
  if (slip === undefined) return undefined;
  const message = `'${slip}' is not an operator here`;
  // What says the contrary of ~ stands before the field: no other text in this place would say it.
  if (slip === '!~') return { message: `${message}: write 'not … ~ …'.`, expected: ['not … ~ …'] };
  return { message: `${message}.`, expected: [text], suggestion: text };
}
