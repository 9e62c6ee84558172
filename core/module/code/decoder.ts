/**
 * Machine code into text, by capstone. The library's own wrapper makes an object with a list of bytes for each
 * instruction; the fields that are needed are read from its memory instead, which is ten times as fast.
 */
import { loadCapstone, type Library } from './capstone.ts';

export type Architecture = 'x86_64' | 'aarch64';

/** struct cs_insn of capstone 5, in 32-bit memory. */
const RECORD = { size: 16, mnemonic: 42, operands: 74, bytes: 240 } as const;

/** What is taken apart at once: a function of more is cut there. */
export const MOST_CODE = 1024 * 1024;

export interface Decoded {
  readonly offset: number;
  readonly size: number;
  readonly mnemonic: string;
  readonly operands: string;
}

/** Decodes for one architecture; made once, it may be kept as long as the process. */
export class Decoder {
  readonly #library: Library;
  readonly #handle: number;

  constructor(library: Library, architecture: Architecture) {
    this.#library = library;
    const decoder =
      architecture === 'x86_64'
        ? new library.Capstone(library.ARCH_X86, library.MODE_64)
        : new library.Capstone(library.ARCH_ARM64, library.MODE_LITTLE_ENDIAN);
    decoder.option(library.OPT_SKIPDATA, library.OPT_ON);
    this.#handle = library.getValue(decoder.handle_ptr, '*');
  }

  /** All of it, as if it lay at `address`; what is no instruction comes as ".byte". */
  decode(code: Uint8Array, address: number): Decoded[] {
    const library = this.#library;
    const size = Math.min(code.length, MOST_CODE);
    if (size === 0) return [];
    const copy = library._malloc(size);
    const result = library._malloc(4);
    try {
      library.writeArrayToMemory(code.subarray(0, size), copy);
      const count = library._cs_disasm(this.#handle, copy, size, BigInt(address), 0, result);
      const records = library.getValue(result, '*');
      const found: Decoded[] = [];
      let offset = address;
      for (let record = records, i = 0; i < count; i += 1, record += RECORD.bytes) {
        const length = library.getValue(record + RECORD.size, 'i16');
        const mnemonic = library.UTF8ToString(record + RECORD.mnemonic);
        found.push({ offset, size: length, mnemonic, operands: library.UTF8ToString(record + RECORD.operands) });
        offset += length;
      }
      if (count > 0) library._cs_free(records, count);
      return found;
    } finally {
      library._free(result);
      library._free(copy);
    }
  }
}

const decoders = new Map<Architecture, Promise<Decoder>>();
let loading: Promise<Library> | undefined;

/** Loads the library (3 MB) when it is first needed. */
export function decoderOf(architecture: Architecture): Promise<Decoder> {
  loading ??= loadCapstone();
  const library = loading;
  const known = decoders.get(architecture);
  if (known) return known;
  const made = library.then((one) => new Decoder(one, architecture));
  decoders.set(architecture, made);
  return made;
}
