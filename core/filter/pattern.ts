/**
 * Regular expressions that cannot hang: RE2's, matched in time that grows with pattern times text and no faster
 * (docs/decisions/0024-expressions-that-cannot-hang.md).
 */
import { RE2JS, RE2JSSyntaxException } from 're2js';
import { shortened } from './values.ts';

export interface Pattern {
  /** As it was written. */
  readonly source: string;
  test(text: string): boolean;
}

/** Instructions that a pattern may come to: what a row costs at most. A long path with a few alternatives has 200. */
const MOST_INSTRUCTIONS = 1000;

/** Why RE2 takes no pattern, with the part that is wrong: that may be all of it. */
function reason(error: RE2JSSyntaxException): string {
  const part = error.getPattern();
  return part === null || part === '' ? error.getDescription() : `${error.getDescription()}: '${shortened(part)}'`;
}

/** The pattern, or why it is none, as the end of a sentence. */
export function compilePattern(source: string): Pattern | string {
  try {
    const compiled = RE2JS.compile(source);
    if (compiled.programSize() > MOST_INSTRUCTIONS) return 'it is too large: shorten it, or repeat less in it';
    return { source, test: (text) => compiled.test(text) };
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return reason(error);
    return 'it cannot be read';
  }
}
