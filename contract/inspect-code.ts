/** Code of a function, taken apart: what `disassemble` answers. */
import type { Part, Range } from './inspect.ts';

export interface DisassemblyPart extends Part {
  /** Name of the function; absent where only a place was asked for. */
  readonly name?: string;
  /** Index of the section, and where the code begins in it. */
  readonly section: number;
  readonly sectionName: string;
  readonly offset: number;
  readonly range: Range;
  readonly instructions: readonly Instruction[];
}

export interface Instruction {
  /** Where it begins in the section. */
  readonly offset: number;
  readonly range: Range;
  /** Its bytes as they stand in the image, in hexadecimal: relocated fields are not filled in there. */
  readonly bytes: string;
  /** ".byte" where the bytes are no instruction. */
  readonly mnemonic: string;
  /** With symbols where the kernel fills them in. */
  readonly operands: string;
  readonly targets: readonly CodeTarget[];
  /** What a well-known target is for: "entry for ftrace", "indirect call through rax". */
  readonly note?: string;
}

/** What an operand leads to. */
export interface CodeTarget {
  readonly kind: 'call' | 'jump' | 'data';
  /** As it stands in the operands: "kfree", "buffer+0x8", the text in quotes, "0x1c" of a place in the same function. */
  readonly text: string;
  /** The symbol alone; of another module or the kernel when there is no section. */
  readonly symbol?: string;
  /** Section and offset in it, where it lies in this module. */
  readonly section?: number;
  readonly offset?: number;
  /** The same place in the image. */
  readonly at?: number;
  /** Whether it is in the function that is shown. */
  readonly inside: boolean;
}
