/** The ELF header: what kind of file this is, and where its section headers lie (System V gABI, chapter 4). */
import type { ElfPart } from '#contract/inspect.ts';
import { Bytes } from '../bytes.ts';
import { ImageError, Problems } from '../failure.ts';
import { machineOf } from './machines.ts';

/** What the reader needs of it. */
export interface ElfHeader {
  readonly bytes: Bytes;
  readonly wide: boolean;
  readonly machine: number;
  readonly part: ElfPart;
  /** Section headers: where, how large one, how many lie in the image. */
  readonly table: { readonly offset: number; readonly entrySize: number; readonly count: number };
  /** Section that holds the names of sections. */
  readonly names: number;
}

const TYPES = ['NONE', 'REL', 'EXEC', 'DYN', 'CORE'];
const EXTENDED = 0xffff;

/** @throws ImageError where this is no ELF */
export function readHeader(data: Uint8Array): ElfHeader {
  const magic = data[0] === 0x7f && data[1] === 0x45 && data[2] === 0x4c && data[3] === 0x46;
  if (!magic) throw new ImageError('file header', 'it does not begin as an ELF file does', 0);
  const kind = data[4];
  const order = data[5];
  if (kind !== 1 && kind !== 2)
    throw new ImageError('file header', `class ${String(kind)} is neither 32 nor 64 bits`, 4);
  if (order !== 1 && order !== 2) throw new ImageError('file header', `byte order ${String(order)} is not known`, 5);
  const wide = kind === 2;
  const bytes = new Bytes(data, order === 1);
  const headerSize = wide ? 64 : 52;
  bytes.need('file header', 0, headerSize);

  const problems = new Problems();
  const type = bytes.u16(16);
  const machine = bytes.u16(18);
  const offset = wide ? bytes.u64(40) : bytes.u32(32);
  const flags = bytes.u32(wide ? 48 : 36);
  const tail = wide ? 58 : 46;
  const entrySize = bytes.u16(tail);
  let claimed = bytes.u16(tail + 2);
  let names = bytes.u16(tail + 4);
  const smallest = wide ? 64 : 40;
  let count = 0;
  if (offset !== 0 && entrySize < smallest) {
    problems.add('file header', `section headers of ${String(entrySize)} bytes are too small`, tail);
  } else if (offset !== 0) {
    // Numbers that do not fit stand in the first section header.
    if (bytes.has(offset, smallest)) {
      if (claimed === 0) claimed = wide ? bytes.u64(offset + 32) : bytes.u32(offset + 20);
      if (names === EXTENDED) names = bytes.u32(offset + (wide ? 40 : 24));
    }
    count = Math.min(claimed, Math.max(0, Math.floor((bytes.size - offset) / entrySize)));
    if (count < claimed) {
      problems.add(
        'section headers',
        `${String(claimed)} are announced at ${String(offset)}, ${String(count)} lie in the image`,
        tail + 2,
      );
    }
  }
  const part: ElfPart = {
    class: wide ? 64 : 32,
    endian: bytes.little ? 'little' : 'big',
    type: TYPES[type] ?? String(type),
    machine: machineOf(machine),
    flags,
    sectionCount: count,
    header: { offset: 0, size: headerSize },
    ...(count > 0 ? { sectionHeaders: { offset, size: count * entrySize } } : {}),
    problems: problems.all(),
  };
  return { bytes, wide, machine, part, table: { offset, entrySize, count }, names };
}
