/** Section headers, with names and with the bytes that they claim. */
import type { Section } from '#contract/inspect.ts';
import type { Problems } from '../failure.ts';
import type { ElfHeader } from './header.ts';
import { StringTable } from './string-table.ts';

export const NULL = 0;
export const SYMTAB = 2;
export const STRTAB = 3;
export const RELA = 4;
export const NOTE = 7;
export const NOBITS = 8;
export const REL = 9;
export const SYMTAB_SHNDX = 18;

/** sh_type as readelf prints it. */
const TYPES: Readonly<Record<number, string>> = {
  [NULL]: 'NULL',
  1: 'PROGBITS',
  [SYMTAB]: 'SYMTAB',
  [STRTAB]: 'STRTAB',
  [RELA]: 'RELA',
  5: 'HASH',
  6: 'DYNAMIC',
  [NOTE]: 'NOTE',
  [NOBITS]: 'NOBITS',
  [REL]: 'REL',
  10: 'SHLIB',
  11: 'DYNSYM',
  14: 'INIT_ARRAY',
  15: 'FINI_ARRAY',
  16: 'PREINIT_ARRAY',
  17: 'GROUP',
  [SYMTAB_SHNDX]: 'SYMTAB SECTION INDICES',
  19: 'RELR',
  0x6ffffff5: 'GNU_ATTRIBUTES',
  0x6ffffff6: 'GNU_HASH',
};

/** Bits of sh_flags with readelf's letters, in readelf's order. */
const FLAGS: readonly (readonly [bit: number, letter: string])[] = [
  [0x1, 'W'],
  [0x2, 'A'],
  [0x4, 'X'],
  [0x10, 'M'],
  [0x20, 'S'],
  [0x40, 'I'],
  [0x80, 'L'],
  [0x100, 'O'],
  [0x200, 'G'],
  [0x400, 'T'],
  [0x800, 'C'],
];

export const isExecutable = (section: Section): boolean => section.flags.includes('X');
export const isAllocated = (section: Section): boolean => section.flags.includes('A');

/** The type again as a number is seldom needed: it is kept beside the section. */
export interface RawSection extends Section {
  readonly typeNumber: number;
}

export function readSections(header: ElfHeader, problems: Problems): RawSection[] {
  const { bytes, table } = header;
  const names = namesTable(header, problems);
  const all: RawSection[] = [];
  for (let index = 0; index < table.count; index++) {
    all.push(readSection(header, index, names, problems));
  }
  if (names?.exhausted) problems.add('section names', 'names are too long to be read in full');
  if (bytes.size > 0 && table.count === 0) problems.add('section headers', 'the image has none');
  return all;
}

function namesTable(header: ElfHeader, problems: Problems): StringTable | undefined {
  const { bytes, table, names } = header;
  if (names === 0 || names >= table.count) {
    if (table.count > 0)
      problems.add('section names', `section ${String(names)}, which is to hold them, does not exist`);
    return undefined;
  }
  const { offset, size } = place(header, table.offset + names * table.entrySize);
  if (!bytes.has(offset, size)) problems.add('section names', 'they do not lie in the image', offset);
  return bytes.has(offset, size) ? new StringTable(bytes, offset, size) : undefined;
}

function place({ bytes, wide }: ElfHeader, at: number): { offset: number; size: number } {
  return wide
    ? { offset: bytes.u64(at + 24), size: bytes.u64(at + 32) }
    : { offset: bytes.u32(at + 16), size: bytes.u32(at + 20) };
}

function readSection(header: ElfHeader, index: number, names: StringTable | undefined, problems: Problems): RawSection {
  const { bytes, wide, table } = header;
  const at = table.offset + index * table.entrySize;
  const typeNumber = bytes.u32(at + 4);
  const flagBits = wide ? bytes.wide(at + 8) : bytes.u32(at + 8);
  const { offset, size } = place(header, at);
  const name = names?.at(bytes.u32(at)) ?? '';
  const empty = typeNumber === NOBITS || typeNumber === NULL;
  const inside = !empty && bytes.has(offset, size);
  if (!empty && !inside) {
    problems.add(
      name || `section ${String(index)}`,
      `its ${exact(header, at, 32, 20)} bytes at ${exact(header, at, 24, 16)} are not all in the image`,
      at,
    );
  }
  return {
    index,
    name,
    typeNumber,
    type: TYPES[typeNumber] ?? `0x${typeNumber.toString(16)}`,
    flags: lettersOf(wide ? bytes.u32(at + (bytes.little ? 8 : 12)) : bytes.u32(at + 8)),
    flagBits,
    address: wide ? bytes.wide(at + 16) : bytes.u32(at + 12),
    offset: wide ? bytes.wide(at + 24) : offset,
    size: wide ? bytes.wide(at + 32) : size,
    ...(inside ? { range: { offset, size } } : {}),
    link: bytes.u32(at + (wide ? 40 : 24)),
    info: bytes.u32(at + (wide ? 44 : 28)),
    align: wide ? bytes.wide(at + 48) : bytes.u32(at + 32),
    entrySize: wide ? bytes.wide(at + 56) : bytes.u32(at + 36),
    header: { offset: at, size: table.entrySize },
  };
}

function exact({ bytes, wide }: ElfHeader, at: number, wideField: number, narrowField: number): string {
  return String(wide ? bytes.wide(at + wideField) : bytes.u32(at + narrowField));
}

function lettersOf(bits: number): string {
  let letters = '';
  for (const [bit, letter] of FLAGS) if (bits & bit) letters += letter;
  return letters;
}

/** The section as it goes into the answer. */
export function publicSection(section: RawSection): Section {
  const { index, name, type, flags, flagBits, address, offset, size, range, link, info, align, entrySize, header } =
    section;
  // Written out in the order of the contract: leaving one field out of a copy costs ten times as much.
  return range
    ? { index, name, type, flags, flagBits, address, offset, size, range, link, info, align, entrySize, header }
    : { index, name, type, flags, flagBits, address, offset, size, link, info, align, entrySize, header };
}
