/**
 * Kernels packed with xz go through the x86 filter, which makes calls of code absolute so that they pack better. The
 * library unpacks LZMA2 without filters only: the same data is handed to it as a stream without one, and the filter is
 * undone here. (The .xz file format, 1.2.1: 3.1 block header, 5.3.1 LZMA2, 5.3.2 branch filters, 4 index.)
 */
import { crc32 } from 'node:zlib';
import xz from 'xz-decompress';

export const XZ_MAGIC = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
const STREAM_HEADER = 12;
const FILTER_X86 = 0x04;
const FILTER_LZMA2 = 0x21;

/** Bytes that are no such stream, or unpack to more than is allowed. */
export class XzError extends Error {}

/** The first block of a stream of xz, whose filters are LZMA2 alone or the x86 filter before it. @throws XzError */
export async function unpackXzBlock(stream: Buffer, most: number): Promise<Buffer> {
  const { dictionary, hasX86, dataAt } = blockHeader(stream);
  const { packed, unpacked } = lzma2Sizes(stream.subarray(dataAt));
  if (unpacked > most) throw new XzError('it unpacks to more than is read');
  const plain = plainStream(stream.subarray(dataAt, dataAt + packed), dictionary, unpacked);
  const out = await unpackPlain(plain, unpacked);
  if (hasX86) undoX86(out);
  return out;
}

/** By the library, into one buffer of the size that is known beforehand. */
async function unpackPlain(stream: Buffer, size: number): Promise<Buffer> {
  const out = Buffer.alloc(size);
  const source = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(stream));
      controller.close();
    },
  });
  let at = 0;
  try {
    const reader = new xz.XzReadableStream(source).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (at + next.value.length > size) throw new XzError('it unpacks to more than it says');
      out.set(next.value, at);
      at += next.value.length;
    }
  } catch (error) {
    if (error instanceof XzError) throw error;
    throw new XzError('it cannot be unpacked');
  }
  return out.subarray(0, at);
}

interface BlockHeader {
  readonly dictionary: number;
  readonly hasX86: boolean;
  readonly dataAt: number;
}

function blockHeader(stream: Buffer): BlockHeader {
  const size = ((stream[STREAM_HEADER] ?? 0) + 1) * 4;
  const header = stream.subarray(STREAM_HEADER, STREAM_HEADER + size);
  const [, flags = 0] = header;
  // Sizes of the block in its header are of streams that were packed by several threads; no kernel is.
  if (header.length < 8 || (flags & 0xfc) !== 0) throw new XzError('its block header is of an unknown form');
  let at = 2;
  const filters: { readonly id: number; readonly property: number }[] = [];
  for (let i = 0; i <= (flags & 3); i += 1) {
    const [id = 0, length = 0] = [header[at], header[at + 1]];
    filters.push({ id, property: header[at + 2] ?? 0 });
    at += 2 + length;
  }
  const last = filters.at(-1);
  const hasX86 = filters.length === 2 && filters[0]?.id === FILTER_X86 && header[3] === 0;
  if (last?.id !== FILTER_LZMA2 || (filters.length > 1 && !hasX86)) throw new XzError('its filters are not known here');
  return { dictionary: last.property, hasX86, dataAt: STREAM_HEADER + size };
}

/** How long the LZMA2 data is, and what it unpacks to: each of its chunks says so. */
function lzma2Sizes(data: Buffer): { packed: number; unpacked: number } {
  let [at, unpacked] = [0, 0];
  for (;;) {
    const control = data[at];
    if (control === undefined || at + 6 > data.length + 5) throw new XzError('it ends before its data does');
    if (control === 0) return { packed: at + 1, unpacked };
    if (at + 5 > data.length || (control > 2 && control < 0x80)) throw new XzError('its data is damaged');
    const size = data.readUInt16BE(at + 1) + 1;
    if (control >= 0x80) {
      unpacked += size + ((control & 0x1f) << 16);
      at += (control >= 0xc0 ? 6 : 5) + data.readUInt16BE(at + 3) + 1;
    } else {
      unpacked += size;
      at += 3 + size;
    }
  }
}

const withCrc = (bytes: Buffer): Buffer => {
  const out = Buffer.alloc(bytes.length + 4);
  bytes.copy(out);
  out.writeUInt32LE(crc32(bytes), bytes.length);
  return out;
};

const padded = (bytes: readonly number[] | Buffer): Buffer =>
  Buffer.concat([Buffer.from(bytes), Buffer.alloc(-bytes.length & 3)]);

/** A number as xz writes it: seven bits a byte, the lowest first. */
function variableLength(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

/** The LZMA2 data as a whole stream with no other filter and no check. */
function plainStream(data: Buffer, dictionary: number, unpacked: number): Buffer {
  const flags = Buffer.from([0, 0]);
  const header = withCrc(padded([2, 0, FILTER_LZMA2, 1, dictionary]));
  const index = withCrc(padded([0, 1, ...variableLength(header.length + data.length), ...variableLength(unpacked)]));
  const backward = Buffer.alloc(6);
  backward.writeUInt32LE(index.length / 4 - 1);
  const ending = withCrc(backward);
  return Buffer.concat([
    XZ_MAGIC,
    withCrc(flags),
    header,
    padded(data),
    index,
    ending.subarray(6),
    backward,
    Buffer.from('YZ', 'latin1'),
  ]);
}

/** How many of the bytes before a call look like another call's opcode: the filter leaves doubtful ones alone. */
const SURE: readonly boolean[] = [true, true, true, false, true, false, false, false];
const DOUBTFUL_BYTE: readonly number[] = [0, 1, 2, 2, 3, 3, 3, 3];

const isSignByte = (byte: number | undefined): boolean => byte === 0 || byte === 0xff;

/** Makes the targets of calls and jumps (E8, E9) relative again, in place. */
function undoX86(code: Buffer): void {
  let before = -1;
  let mask = 0;
  for (let at = 0; at + 5 <= code.length; at += 1) {
    if (((code[at] ?? 0) & 0xfe) !== 0xe8) continue;
    const gap = at - before;
    before = at;
    mask = gap > 3 ? 0 : (mask << (gap - 1)) & 7;
    const doubt = mask !== 0 && (!SURE[mask] || isSignByte(code[at + 4 - (DOUBTFUL_BYTE[mask] ?? 0)]));
    if (doubt || !isSignByte(code[at + 4])) {
      mask = (mask << 1) | 1;
      continue;
    }
    code.writeInt32LE(relative(code.readUInt32LE(at + 1), at + 5, mask), at + 1);
    at += 4;
  }
}

function relative(absolute: number, next: number, mask: number): number {
  let target = absolute;
  let distance = (target - next) >>> 0;
  const bits = (DOUBTFUL_BYTE[mask] ?? 0) * 8;
  while (mask !== 0 && isSignByte((distance >>> (24 - bits)) & 0xff)) {
    target = (distance ^ (2 ** (32 - bits) - 1)) >>> 0;
    distance = (target - next) >>> 0;
  }
  // 25 bits, the highest of which is the sign.
  return (distance << 7) >> 7;
}
