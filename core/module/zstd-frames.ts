/** Where the frames of a zstd stream begin and end, and what they ask for, told from their headers (RFC 8878, 3.1). */
import { Bytes } from './bytes.ts';

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const RAW = 0;
const RLE = 1;

export interface ZstdFrame {
  readonly from: number;
  /** Undefined of the last one, where it is cut. */
  readonly to: number | undefined;
  /** Bytes of memory that unpacking needs; 0 of a frame that holds nothing. */
  readonly window: number;
  /** Bytes that it unpacks to at least, as its header and the headers of its blocks say; blocks that repeat a byte count. */
  readonly least: number;
  /** Where the checksum of what it unpacks to lies. */
  readonly checksumAt?: number;
}

/** The frames, one after the other, up to the first that is cut or none. */
export function* zstdFrames(stored: Uint8Array): Generator<ZstdFrame, undefined> {
  const bytes = new Bytes(stored);
  let at = 0;
  while (bytes.has(at, 8)) {
    const frame = frameAt(bytes, at);
    if (!frame) return;
    yield frame;
    if (frame.to === undefined) return;
    at = frame.to;
  }
}

/** Whether there is a frame that holds something, behind any number of those that are to be skipped. */
export function beginsAsZstd(stored: Uint8Array): boolean {
  const bytes = new Bytes(stored);
  let at = 0;
  while (bytes.has(at, 8) && isSkippable(bytes.u32(at))) at += 8 + bytes.u32(at + 4);
  return bytes.has(at, 4) && bytes.u32(at) === MAGIC;
}

const isSkippable = (magic: number): boolean => ((magic ^ SKIPPABLE) & 0xfffffff0) === 0;

function frameAt(bytes: Bytes, from: number): ZstdFrame | undefined {
  const magic = bytes.u32(from);
  if (isSkippable(magic)) {
    const to = from + 8 + bytes.u32(from + 4);
    return { from, to: to <= bytes.size ? to : undefined, window: 0, least: 0 };
  }
  if (magic !== MAGIC) return undefined;
  const descriptor = bytes.u8(from + 4);
  const single = (descriptor & 0x20) !== 0;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const sizeAt = from + 5 + (single ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  if (!bytes.has(sizeAt, sizeBytes)) return { from, to: undefined, window: 0, least: 0 };
  const content = sizeBytes === 0 ? 0 : contentSize(bytes, sizeAt, sizeBytes);
  const window = single ? content : windowSize(bytes.u8(from + 5));
  const { end, plain } = walkBlocks(bytes, sizeAt + sizeBytes);
  const least = Math.max(content, plain);
  if ((descriptor & 4) === 0 || end === undefined) return { from, to: end, window, least };
  if (!bytes.has(end, 4)) return { from, to: undefined, window, least };
  return { from, to: end + 4, window, least, checksumAt: end };
}

function windowSize(byte: number): number {
  const base = 2 ** (10 + (byte >> 3));
  return base + (base / 8) * (byte & 7);
}

function contentSize(bytes: Bytes, at: number, size: number): number {
  if (size === 1) return bytes.u8(at);
  if (size === 2) return bytes.u16(at) + 256;
  return size === 4 ? bytes.u32(at) : bytes.u64(at);
}

/** Where the last block ends, undefined where it is cut, and what the blocks hold that are stored plainly or as one byte. */
function walkBlocks(bytes: Bytes, from: number): { readonly end: number | undefined; readonly plain: number } {
  let plain = 0;
  for (let at = from; bytes.has(at, 3);) {
    const header = bytes.u16(at) | (bytes.u8(at + 2) << 16);
    const [type, size] = [(header >> 1) & 3, header >> 3];
    if (type === RAW || type === RLE) plain += size;
    at += 3 + (type === RLE ? 1 : size);
    if (header & 1) return { end: at <= bytes.size ? at : undefined, plain };
  }
  return { end: undefined, plain };
}
