/**
 * What an xz file consists of, told from its headers alone: streams with padding between them, of blocks and an index (The
 * .xz File Format 1.2.1, chapters 2 to 4). Each chunk of LZMA2 says how long it is and what it unpacks to (5.3.1).
 */
import { crc32 } from 'node:zlib';
import { XzError } from './failure.ts';

export const XZ_MAGIC = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
export const LZMA2 = 0x21;
const HEADER = 12;
const FOOTER_MAGIC = 0x5a59;
/** Bytes of the check of each kind. */
const CHECK_SIZES: readonly number[] = [0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64];

export interface XzFilter {
  readonly id: number;
  readonly properties: Buffer;
}

export interface XzBlock {
  /** In the order of packing; the last is the compression itself. */
  readonly filters: readonly XzFilter[];
  /** Up to its end mark, which is there. */
  readonly data: Buffer;
  /** Bytes that it unpacks to; no filter that is known changes how many. */
  readonly unpacked: number;
  /** Kind of the check, and its value over the unpacked bytes. */
  readonly check: number;
  readonly checked: Buffer;
}

/** The blocks of all streams, one after the other. @throws XzError at the first thing that does not fit */
export function* xzBlocks(file: Buffer): Generator<XzBlock, undefined> {
  let at = 0;
  do {
    at = yield* streamAt(file, at);
    while (at < file.length && file[at] === 0) at += 1;
    if (at % 4 !== 0) throw new XzError('the padding behind a stream is cut');
  } while (at < file.length);
}

function* streamAt(file: Buffer, from: number): Generator<XzBlock, number> {
  const header = file.subarray(from, from + HEADER);
  if (header.length < HEADER || !header.subarray(0, 6).equals(XZ_MAGIC)) throw new XzError('no stream begins here');
  needSum(header.subarray(6, 8), header.readUInt32LE(8), 'stream header');
  const check = (header[7] ?? 0) & 15;
  const sizes: number[] = [];
  let at = from + HEADER;
  for (; file[at] !== 0; at += padded(sizes.at(-2) ?? 0)) {
    const { block, size } = blockAt(file, at, check);
    sizes.push(size, block.unpacked);
    yield block;
  }
  at = readIndex(file, at, sizes);
  const footer = file.subarray(at, at + HEADER);
  if (footer.length < HEADER || footer.readUInt16LE(10) !== FOOTER_MAGIC) throw new XzError('a stream has no end');
  needSum(footer.subarray(4, 10), footer.readUInt32LE(0), 'stream footer');
  if (!footer.subarray(8, 10).equals(header.subarray(6, 8))) throw new XzError('a stream ends as another one began');
  return at + HEADER;
}

const padded = (size: number): number => size + (-size & 3);

function needSum(bytes: Buffer, sum: number, what: string): void {
  if (crc32(bytes) !== sum) throw new XzError(`the checksum of a ${what} does not fit`);
}

/** @returns with its size: header, data and check, and not the padding between the latter two */
function blockAt(file: Buffer, from: number, check: number): { readonly block: XzBlock; readonly size: number } {
  const headerSize = ((file[from] ?? 0) + 1) * 4;
  const header = file.subarray(from, from + headerSize);
  if (header.length < 8 || header.length < headerSize) throw new XzError('it ends within a block header');
  needSum(header.subarray(0, -4), header.readUInt32LE(headerSize - 4), 'block header');
  const flags = header[1] ?? 0;
  if ((flags & 0x3c) !== 0) throw new XzError('a block header is of an unknown form');
  const numbers = new Numbers(header.subarray(0, -4), 2);
  for (const bit of [0x40, 0x80]) if ((flags & bit) !== 0) numbers.next();
  const filters: XzFilter[] = [];
  for (let left = (flags & 3) + 1; left > 0; left -= 1) {
    const id = numbers.next();
    filters.push({ id, properties: numbers.bytes(numbers.next()) });
  }
  if (filters.at(-1)?.id !== LZMA2) throw new XzError('a block is not packed with LZMA2');
  const dataAt = from + headerSize;
  const { packed, unpacked } = lzma2Sizes(file, dataAt);
  const checkAt = dataAt + padded(packed);
  const checkSize = CHECK_SIZES[check] ?? 0;
  if (checkAt + checkSize > file.length) throw new XzError('it ends within a block');
  const checked = file.subarray(checkAt, checkAt + checkSize);
  const data = file.subarray(dataAt, dataAt + packed);
  return { block: { filters, data, unpacked, check, checked }, size: headerSize + packed + checkSize };
}

/** How long the LZMA2 data is, with its end mark, and what it unpacks to. */
function lzma2Sizes(file: Buffer, from: number): { readonly packed: number; readonly unpacked: number } {
  let [at, unpacked] = [from, 0];
  for (;;) {
    const control = file[at];
    if (control === 0) return { packed: at + 1 - from, unpacked };
    if (control === undefined || at + 5 > file.length) throw new XzError('it ends within its data');
    if (control > 2 && control < 0x80) throw new XzError('its data is damaged');
    const size = file.readUInt16BE(at + 1) + 1;
    if (control >= 0x80) {
      unpacked += size + ((control & 0x1f) << 16);
      at += (control >= 0xc0 ? 6 : 5) + file.readUInt16BE(at + 3) + 1;
    } else {
      unpacked += size;
      at += 3 + size;
    }
  }
}

/** @param sizes - of each block two: as it lies there, and what it unpacks to */
function readIndex(file: Buffer, from: number, sizes: readonly number[]): number {
  const numbers = new Numbers(file, from + 1);
  if (numbers.next() * 2 !== sizes.length) throw new XzError('the index is of another number of blocks');
  for (const size of sizes) if (numbers.next() !== size) throw new XzError('the index does not fit the blocks');
  const end = from + padded(numbers.at - from);
  if (end + 4 > file.length) throw new XzError('it ends within the index');
  needSum(file.subarray(from, end), file.readUInt32LE(end), 'index');
  return end + 4;
}

/** Numbers as xz writes them: seven bits a byte, the lowest first. */
class Numbers {
  at: number;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  next(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 49; scale *= 128) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) throw new XzError('it ends within a number');
      value += (byte & 0x7f) * scale;
      if ((byte & 0x80) === 0) return value;
    }
    throw new XzError('a number is larger than any file');
  }

  bytes(size: number): Buffer {
    const found = this.#bytes.subarray(this.at, (this.at += size));
    if (found.length < size) throw new XzError('it ends within a block header');
    return found;
  }
}
