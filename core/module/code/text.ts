/** Code as text: for a terminal, the clipboard, and what is looked for in it. */
import type { DisassemblyPart, Instruction } from '#contract/inspect-code.ts';
import { bytePairs, instructionText } from '#contract/instruction-text.ts';
import { hex } from './places.ts';

/** Bytes that are shown in a line: the longest instruction of x86 has fifteen, most have far fewer. */
const BYTES = 10;

function line(one: Instruction): string {
  const bytes = bytePairs(one.bytes);
  return `${hex(one.offset).padStart(8)}  ${bytes.padEnd(BYTES * 3 - 1)}  ${instructionText(one)}`;
}

/** A function with its name and place on top. */
export function codeText({ name, sectionName, offset, range, instructions, problems }: DisassemblyPart): string {
  const place = `${sectionName}+${hex(offset)}`;
  const head = `${name === undefined ? place : `${name}  ${place}`}, ${String(range.size)} bytes`;
  const wrong = problems.map(({ text }) => `; ${text}`);
  return [head, ...instructions.map(line), ...wrong].join('\n');
}
