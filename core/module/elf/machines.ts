/** Machines that Linux has modules for (include/uapi/linux/elf-em.h), with the names that people know. */
import type { ElfMachine } from '#contract/inspect.ts';

export const X86_64 = 62;
export const ARM64 = 183;

const MACHINES: Readonly<Record<number, readonly [name: string, text: string]>> = {
  2: ['sparc', 'SPARC'],
  3: ['i386', 'x86, 32-bit'],
  4: ['m68k', 'Motorola 68000'],
  8: ['mips', 'MIPS'],
  15: ['parisc', 'PA-RISC'],
  20: ['ppc', 'PowerPC, 32-bit'],
  21: ['ppc64', 'PowerPC, 64-bit'],
  22: ['s390', 'IBM S/390'],
  40: ['arm', 'ARM, 32-bit'],
  42: ['sh', 'SuperH'],
  43: ['sparc64', 'SPARC, 64-bit'],
  50: ['ia64', 'Itanium'],
  [X86_64]: ['x86_64', 'x86-64'],
  92: ['openrisc', 'OpenRISC'],
  94: ['xtensa', 'Xtensa'],
  164: ['hexagon', 'Hexagon'],
  [ARM64]: ['aarch64', 'ARM, 64-bit'],
  189: ['microblaze', 'MicroBlaze'],
  195: ['arc', 'ARC'],
  243: ['riscv', 'RISC-V'],
  252: ['csky', 'C-SKY'],
  258: ['loongarch', 'LoongArch'],
};

export function machineOf(number: number): ElfMachine {
  const known = MACHINES[number];
  const full = number === X86_64 || number === ARM64;
  if (!known) return { number, text: `machine ${String(number)}`, full };
  return { number, name: known[0], text: known[1], full };
}
