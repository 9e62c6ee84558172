/**
 * Machine code into text, by capstone. The library's own wrapper makes an object with a list of bytes for each
 * instruction; the fields that are needed are read from its memory instead, which is ten times as fast.
 */
import { loadCapstone, type Library } from './capstone.ts';

export type Architecture = 'x86_64' | 'aarch64';

/** struct cs_insn of capstone 5, in 32-bit memory. */
const RECORD = { address: 8, size: 16, mnemonic: 42, operands: 74, bytes: 240 } as const;

/** What is taken apart at once: a function of more is cut there. */
export const MOST_CODE = 1024 * 1024;

export interface Decoded {
  readonly offset: number;
  readonly size: number;
  readonly mnemonic: string;
  readonly operands: string;
}

/** Instructions by number, for as long as the library holds them. */
export interface Records {
  readonly count: number;
  readonly at: (index: number) => Decoded;
}

const NO_RECORDS: Records = {
  count: 0,
  at: (index) => {
    throw new RangeError(`no instruction ${String(index)}`);
  },
};

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
    return this.read(code, address, ({ count, at }) => Array.from({ length: count }, (_, index) => at(index)));
  }

  /** The same, instruction by instruction as they are asked for: their texts are most of the work. */
  read<T>(code: Uint8Array, address: number, use: (records: Records) => T): T {
    const library = this.#library;
    const size = Math.min(code.length, MOST_CODE);
    if (size === 0) return use(NO_RECORDS);
    const copy = library._malloc(size);
    const result = library._malloc(4);
    let records = 0;
    let count = 0;
    try {
      library.writeArrayToMemory(code.subarray(0, size), copy);
      count = library._cs_disasm(this.#handle, copy, size, BigInt(address), 0, result);
      records = library.getValue(result, '*');
      return use({ count, at: (index) => this.#record(records + index * RECORD.bytes) });
    } finally {
      if (count > 0) library._cs_free(records, count);
      library._free(result);
      library._free(copy);
    }
  }

  #record(record: number): Decoded {
    const library = this.#library;
    return {
      offset: library.getValue(record + RECORD.address, 'i32'),
      size: library.getValue(record + RECORD.size, 'i16'),
      mnemonic: library.UTF8ToString(record + RECORD.mnemonic),
      operands: library.UTF8ToString(record + RECORD.operands),
    };
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
