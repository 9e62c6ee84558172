/** An instruction in words: the same in a terminal, on the clipboard, and where a text is looked for in code. */
import type { Instruction } from './inspect-code.ts';

/** Without its place and bytes: "call kfree  ; a note". */
export const instructionText = ({ mnemonic, operands, note }: Instruction): string =>
  `${mnemonic}${operands === '' ? '' : ` ${operands}`}${note === undefined ? '' : `  ; ${note}`}`;

/** The bytes of an instruction, hexadecimal, in pairs. */
export const bytePairs = (bytes: string): string => bytes.replaceAll(/(..)(?=.)/g, '$1 ');
