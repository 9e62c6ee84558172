/** Where a module image has structure: what a fuzzer changes. Found once for each image that is changed many times. */
import { Problems } from '#core/module/failure.ts';
import { readBtf } from '#core/module/btf/raw.ts';
import { ModuleImage } from '#core/module/image.ts';
import { findAppended } from '#core/module/signature/appended.ts';

export interface Field {
  /** In the entry of its table. */
  readonly at: number;
  readonly width: 1 | 2 | 4 | 8;
}

/** Entries of one size with the same fields. */
export interface Table {
  readonly at: number;
  readonly entry: number;
  readonly count: number;
  readonly fields: readonly Field[];
}

export interface Structure {
  readonly tables: readonly Table[];
  /** Sections' bytes, the signature and its trailer. */
  readonly stretches: readonly { readonly at: number; readonly size: number }[];
}

const list = (...fields: readonly (readonly [number, Field['width']])[]): Field[] =>
  fields.map(([at, width]) => ({ at, width }));

/** ELF's structures by class (elf.h). */
const WIDE = {
  head: list([4, 1], [5, 1], [16, 2], [18, 2], [32, 8], [40, 8], [52, 2], [58, 2], [60, 2], [62, 2]),
  section: list([0, 4], [4, 4], [8, 8], [24, 8], [32, 8], [40, 4], [44, 4], [48, 8], [56, 8]),
  symbol: list([0, 4], [4, 1], [6, 2], [8, 8], [16, 8]),
  relocation: list([0, 8], [8, 4], [12, 4], [16, 8]),
  sizes: { symbol: 24, relocation: 24 },
};
const NARROW = {
  head: list([4, 1], [5, 1], [16, 2], [18, 2], [32, 4], [40, 2], [46, 2], [48, 2], [50, 2]),
  section: list([0, 4], [4, 4], [8, 4], [16, 4], [20, 4], [24, 4], [28, 4], [32, 4], [36, 4]),
  symbol: list([0, 4], [4, 4], [8, 4], [12, 1], [14, 2]),
  relocation: list([0, 4], [4, 4], [8, 4]),
  sizes: { symbol: 16, relocation: 12 },
};

/** @throws ImageError where the image is no ELF */
export function structureOf(bytes: Uint8Array): Structure {
  const part = { storedSize: bytes.length, size: bytes.length, complete: true, problems: [] };
  const image = new ModuleImage({ stored: bytes, bytes, part: { compression: 'none', ...part } });
  const { table } = image.header;
  const shape = image.header.wide ? WIDE : NARROW;
  const tables: Table[] = [
    { at: 0, entry: 1, count: 1, fields: shape.head },
    { at: table.offset, entry: table.entrySize, count: table.count, fields: shape.section },
  ];
  const symbols = image.symbols.section?.range;
  if (symbols) {
    const { symbol: entry } = shape.sizes;
    tables.push({ at: symbols.offset, entry, count: image.symbols.count, fields: shape.symbol });
  }
  for (const { section, count } of image.relocations) {
    const at = section.range?.offset ?? 0;
    if (count > 0) tables.push({ at, entry: shape.sizes.relocation, count, fields: shape.relocation });
  }
  const signature = signatureOf(bytes);
  tables.push(...typesOf(image), ...signature.tables);
  const stretches = image.sections.flatMap(({ range }) =>
    range && range.size > 0 ? [{ at: range.offset, size: range.size }] : [],
  );
  return { tables, stretches: [...stretches, ...signature.stretches] };
}

/** The header of .BTF and the first words of each type. */
function typesOf(image: ModuleImage): Table[] {
  const section = image.filled('.BTF');
  if (!section) return [];
  const { offset } = section.range;
  const header = list([0, 2], [4, 4], [8, 4], [12, 4], [16, 4], [20, 4]);
  const types = readBtf(image.bytes, section.range, '.BTF', new Problems()).types;
  return [
    { at: offset, entry: 1, count: 1, fields: header },
    ...Array.from({ length: Math.min(500, types.length) }, (_, index) => ({
      at: types.place(index),
      entry: 12,
      count: Math.max(1, Math.floor((types.at(index)?.size ?? 0) / 12)),
      fields: list([0, 4], [4, 2], [7, 1], [8, 4]),
    })),
  ];
}

/** The trailer's fields, and tag and length of each element of the message. */
function signatureOf(bytes: Uint8Array): Structure {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const trailer = findAppended(buffer)?.trailer;
  if (!trailer) return { tables: [], stretches: [] };
  const { structure, signature } = trailer;
  const fields = list([0, 1], [1, 1], [2, 1], [3, 1], [4, 1], [8, 4]);
  const elements = elementsOf(buffer, signature.offset, signature.offset + signature.size);
  return {
    tables: [
      { at: structure.offset, entry: 1, count: 1, fields },
      ...elements.map((at) => ({ at, entry: 1, count: 1, fields: list([0, 1], [1, 1], [2, 1], [3, 1]) })),
    ],
    stretches: [trailer.range, signature, signature].map(({ offset, size }) => ({ at: offset, size })),
  };
}

/** Where the elements of DER begin, the inner ones too. */
function elementsOf(bytes: Buffer, from: number, to: number): number[] {
  const found: number[] = [];
  for (let at = from; at + 2 <= to;) {
    found.push(at);
    const first = bytes[at + 1] ?? 0;
    const inner = ((bytes[at] ?? 0) & 0x20) !== 0;
    const count = first > 0x80 && first <= 0x84 ? first & 0x7f : 0;
    if (at + 2 + count > to) break;
    const size = count > 0 ? bytes.readUIntBE(at + 2, count) : first;
    at += 2 + count + (inner ? 0 : size);
  }
  return found;
}
