/** Small images of any class and byte order, made section by section. */

export interface BuiltSection {
  readonly name: string;
  readonly type?: number;
  readonly flags?: number;
  readonly bytes?: Uint8Array;
  readonly link?: number;
  readonly info?: number;
  readonly entrySize?: number;
}

export interface BuiltSymbol {
  readonly name: string;
  readonly value?: number;
  readonly size?: number;
  /** Binding in the upper four bits, type in the lower. */
  readonly info?: number;
  readonly section?: number;
}

export interface Kind {
  readonly wide: boolean;
  readonly little: boolean;
  readonly machine: number;
}

export const X86_64: Kind = { wide: true, little: true, machine: 62 };

class Writer {
  readonly bytes: Buffer;
  readonly #kind: Kind;

  constructor(size: number, kind: Kind) {
    this.bytes = Buffer.alloc(size);
    this.#kind = kind;
  }

  u16(at: number, value: number): void {
    if (this.#kind.little) this.bytes.writeUInt16LE(value, at);
    else this.bytes.writeUInt16BE(value, at);
  }

  u32(at: number, value: number): void {
    if (this.#kind.little) this.bytes.writeUInt32LE(value, at);
    else this.bytes.writeUInt32BE(value, at);
  }

  word(at: number, value: number): void {
    if (!this.#kind.wide) this.u32(at, value);
    else if (this.#kind.little) this.bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)), at);
    else this.bytes.writeBigUInt64BE(BigInt.asUintN(64, BigInt(value)), at);
  }
}

/** Texts one after the other, the empty one first. */
function strings(texts: readonly string[]): { bytes: Buffer; at: (text: string) => number } {
  const bytes = Buffer.from(`\0${texts.map((text) => `${text}\0`).join('')}`);
  return { bytes, at: (text) => (text === '' ? 0 : bytes.indexOf(`${text}\0`)) };
}

export function symbolTable(kind: Kind, symbols: readonly BuiltSymbol[]): { table: Buffer; names: Buffer } {
  const names = strings(symbols.map(({ name }) => name));
  const size = kind.wide ? 24 : 16;
  const writer = new Writer(size * (symbols.length + 1), kind);
  for (const [index, { name, value = 0, size: length = 0, info = 0x10, section = 0 }] of symbols.entries()) {
    const at = size * (index + 1);
    writer.u32(at, names.at(name));
    writer.bytes[at + (kind.wide ? 4 : 12)] = info;
    writer.u16(at + (kind.wide ? 6 : 14), section);
    writer.word(at + (kind.wide ? 8 : 4), value);
    writer.word(at + (kind.wide ? 16 : 8), length);
  }
  return { table: writer.bytes, names: names.bytes };
}

/** Sections get the numbers 1, 2, …; their names come last. */
export function buildElf(sections: readonly BuiltSection[], kind: Kind = X86_64): Buffer {
  const names = strings([...sections.map(({ name }) => name), '.shstrtab']);
  const all: BuiltSection[] = [{ name: '', type: 0 }, ...sections, { name: '.shstrtab', type: 3, bytes: names.bytes }];
  const headerSize = kind.wide ? 64 : 52;
  const entry = kind.wide ? 64 : 40;
  let end = headerSize;
  const places = all.map(({ bytes }) => {
    const at = Math.ceil(end / 8) * 8;
    end = at + (bytes?.length ?? 0);
    return at;
  });
  const table = Math.ceil(end / 8) * 8;
  const writer = new Writer(table + entry * all.length, kind);
  writer.bytes.set([0x7f, 0x45, 0x4c, 0x46, kind.wide ? 2 : 1, kind.little ? 1 : 2, 1]);
  writer.u16(16, 1);
  writer.u16(18, kind.machine);
  writer.u32(20, 1);
  writer.word(kind.wide ? 40 : 32, table);
  const tail = kind.wide ? 52 : 40;
  writer.u16(tail, headerSize);
  writer.u16(tail + 6, entry);
  writer.u16(tail + 8, all.length);
  writer.u16(tail + 10, all.length - 1);
  const word = kind.wide ? 8 : 4;
  for (const [index, section] of all.entries()) {
    const { name, type = 1, flags = 0, bytes, link = 0, info = 0, entrySize = 0 } = section;
    const at = table + index * entry;
    const place = places[index] ?? 0;
    writer.u32(at, names.at(name));
    writer.u32(at + 4, type);
    writer.word(at + 8, flags);
    writer.word(at + 8 + 2 * word, type === 0 ? 0 : place);
    writer.word(at + 8 + 3 * word, bytes?.length ?? 0);
    writer.u32(at + 8 + 4 * word, link);
    writer.u32(at + 12 + 4 * word, info);
    writer.word(at + 16 + 4 * word, 1);
    writer.word(at + 16 + 5 * word, entrySize);
    if (bytes && type !== 8) writer.bytes.set(bytes, place);
  }
  return writer.bytes;
}

/** Relocations with addends. */
export function relocations(
  kind: Kind,
  entries: readonly { offset: number; type: number; symbol: number; addend?: number }[],
): Buffer {
  const word = kind.wide ? 8 : 4;
  const writer = new Writer(3 * word * entries.length, kind);
  for (const [index, { offset, type, symbol, addend = 0 }] of entries.entries()) {
    const at = index * 3 * word;
    writer.word(at, offset);
    if (kind.wide) writer.word(at + word, symbol * 2 ** 32 + type);
    else writer.u32(at + word, symbol * 256 + type);
    writer.word(at + 2 * word, addend);
  }
  return writer.bytes;
}

/** A whole small module: two functions, a parameter, an import. */
export function smallModule(kind: Kind = X86_64): Buffer {
  const word = kind.wide ? 8 : 4;
  const structure = Buffer.alloc(16 * word);
  structure.write('small', 3 * word);
  const record = Buffer.alloc(5 * word);
  (kind.little ? record.writeUInt16LE.bind(record) : record.writeUInt16BE.bind(record))(0o644, 3 * word);
  const modinfo = Buffer.from(
    'license=GPL\0name=small\0parmtype=depth:int\0parm=depth:how deep\0alias=pci:v00008086d0000100Esv*sd*bc*sc*i*\0' +
      'vermagic=6.1.0-1-amd64 SMP preempt mod_unload modversions \0',
  );
  const { table, names } = symbolTable(kind, [
    { name: 'small_init', section: 1, size: 8, info: 0x02 },
    { name: 'text_of_depth', section: 5, info: 0x01 },
    { name: 'init_module', section: 1, size: 8, info: 0x12 },
    { name: 'small_work', section: 1, value: 8, size: 8, info: 0x12 },
    { name: 'printk' },
  ]);
  return buildElf(
    [
      { name: '.text', flags: 6, bytes: Buffer.alloc(16, 0x90) },
      { name: '.modinfo', flags: 2, bytes: modinfo },
      { name: '.gnu.linkonce.this_module', flags: 3, bytes: structure },
      { name: '__param', flags: 2, bytes: record },
      { name: '.rodata', flags: 2, bytes: Buffer.from('depth\0') },
      {
        name: '.rela.gnu.linkonce.this_module',
        type: 4,
        link: 8,
        info: 3,
        bytes: relocations(kind, [{ offset: 8 * word, type: 1, symbol: 3 }]),
      },
      {
        name: '.rela__param',
        type: 4,
        link: 8,
        info: 4,
        bytes: relocations(kind, [{ offset: 0, type: 1, symbol: 2 }]),
      },
      { name: '.symtab', type: 2, link: 9, bytes: table },
      { name: '.strtab', type: 3, bytes: names },
    ],
    kind,
  );
}
