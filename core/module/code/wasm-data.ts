/**
 * WebAssembly without its data. capstone's tables are 68,000 pieces, as zeros between them are left out; the engine keeps
 * a record of each, and the file's bytes, for as long as the library is loaded, which is more than everything else of it.
 * The pieces are therefore taken out of what is compiled, and copied into the library's memory before it runs.
 * (WebAssembly core specification, 5.5 "Modules".)
 */

const PREAMBLE = 8;
const DATA = 11;
const DATA_COUNT = 12;
const I32_CONST = 0x41;
const END = 0x0b;

/** Where bytes of the file go in memory. */
interface Piece {
  readonly to: number;
  readonly from: number;
  readonly end: number;
}

export interface WithoutData {
  /** The module, to be compiled. */
  readonly code: Uint8Array<ArrayBuffer>;
  /** Copies what was taken out, once, into the memory of the instance. */
  readonly fill: (memory: Uint8Array) => void;
}

/** @throws RangeError where it holds data that does not lie at a fixed place of its only memory */
export function withoutData(file: Uint8Array): WithoutData {
  const kept: Uint8Array[] = [file.subarray(0, PREAMBLE)];
  const reader = new Reader(file, PREAMBLE);
  let pieces: Reader | undefined;
  while (reader.at < file.length) {
    const start = reader.at;
    const id = reader.byte();
    const size = reader.number();
    const body = reader.at;
    reader.at += size;
    if (id === DATA) pieces = new Reader(file, body);
    else if (id !== DATA_COUNT) kept.push(file.subarray(start, reader.at));
  }
  const data = pieces;
  return {
    code: Uint8Array.from(Buffer.concat(kept)),
    fill: (memory) => {
      for (let left = data?.number() ?? 0; data && left > 0; left -= 1) {
        const { to, from, end } = nextPiece(data);
        memory.set(file.subarray(from, end), to);
      }
    },
  };
}

function nextPiece(reader: Reader): Piece {
  if (reader.number() !== 0 || reader.byte() !== I32_CONST) throw new RangeError('data of another kind');
  const to = reader.number();
  if (reader.byte() !== END) throw new RangeError('data at a place that is reckoned');
  const size = reader.number();
  const from = reader.at;
  reader.at += size;
  return { to, from, end: reader.at };
}

class Reader {
  at: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw new RangeError('the file ends too early');
    this.at += 1;
    return byte;
  }

  /** LEB128; signed numbers of addresses are below 2^31 and never negative. */
  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }
}
