/** Code in the inspector: instructions of the function around a byte, a page at a time. */
import type { Instruction } from './inspect-code.ts';
import type { Problem, Range } from './inspect.ts';

export interface CodeRequest {
  /** Any byte of it in the image. */
  readonly at: number;
  readonly start: number;
  /** 1 to 1000. */
  readonly limit: number;
}

export interface CodePage {
  /** What the symbol table calls it; absent where no function is there. */
  readonly name?: string;
  readonly role?: 'init' | 'exit';
  /** Its row in the list of functions. */
  readonly row?: number;
  readonly section: string;
  /** Where it begins in the section. */
  readonly offset: number;
  readonly range: Range;
  /** Instructions in all. */
  readonly total: number;
  /** Number of the one that holds the byte that was asked for. */
  readonly index: number;
  readonly start: number;
  readonly instructions: readonly Instruction[];
  readonly problems: readonly Problem[];
}

/** Instructions of one function in which a text occurs. */
export interface FoundInCode {
  /** The first thousand: the number of each, and where it is in the image. */
  readonly hits: readonly { readonly index: number; readonly at: number }[];
  readonly total: number;
}
