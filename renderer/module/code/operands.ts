/** The operands of an instruction in pieces: what leads somewhere is a link. */
import type { CodeTarget, Instruction } from '#contract/inspect-code.ts';

export interface Piece {
  readonly text: string;
  readonly target?: CodeTarget;
}

export function operandPieces({ operands, targets }: Instruction): Piece[] {
  let rest: Piece[] = [{ text: operands }];
  for (const target of targets) {
    rest = rest.flatMap((piece) => {
      const at = piece.target || target.text === '' ? -1 : piece.text.indexOf(target.text);
      if (at < 0) return [piece];
      return [
        { text: piece.text.slice(0, at) },
        { text: target.text, target },
        { text: piece.text.slice(at + target.text.length) },
      ].filter(({ text }) => text !== '');
    });
  }
  return rest;
}

/** Where a target leads, in words; undefined where nowhere that can be shown. */
export function targetWords({ kind, symbol, at, text }: CodeTarget): string | undefined {
  if (at !== undefined) return kind === 'data' ? `Show ${text} in the image` : `To the code of ${text}`;
  return symbol === undefined ? undefined : `Show the import ${symbol}`;
}
