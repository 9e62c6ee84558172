/** Where the frames of a zstd stream begin and end, and what they ask for, told from their headers (RFC 8878, 3.1). */
import { Bytes } from './bytes.ts';

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const RLE = 1;

export interface ZstdFrame {
  readonly from: number;
  /** Undefined of the last one, where it is cut. */
  readonly to: number | undefined;
  /** Bytes of memory that unpacking needs; 0 of a frame that holds nothing. */
  readonly window: number;
  /** Where the checksum of what it unpacks to lies. */
  readonly checksumAt?: number;
}

/** All frames up to the first that is cut or none. */
export function zstdFrames(stored: Uint8Array): ZstdFrame[] {
  const bytes = new Bytes(stored);
  const found: ZstdFrame[] = [];
  let at = 0;
  while (bytes.has(at, 8)) {
    const frame = frameAt(bytes, at);
    if (!frame) break;
    found.push(frame);
    if (frame.to === undefined) break;
    at = frame.to;
  }
  return found;
}

function frameAt(bytes: Bytes, from: number): ZstdFrame | undefined {
  const magic = bytes.u32(from);
  if (((magic ^ SKIPPABLE) & 0xfffffff0) === 0) {
    const to = from + 8 + bytes.u32(from + 4);
    return { from, to: to <= bytes.size ? to : undefined, window: 0 };
  }
  if (magic !== MAGIC) return undefined;
  const descriptor = bytes.u8(from + 4);
  const single = (descriptor & 0x20) !== 0;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const sizeAt = from + 5 + (single ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0);
  if (!bytes.has(sizeAt, sizeBytes)) return { from, to: undefined, window: 0 };
  const window = single ? contentSize(bytes, sizeAt, sizeBytes) : windowSize(bytes.u8(from + 5));
  const end = endOfBlocks(bytes, sizeAt + sizeBytes);
  if ((descriptor & 4) === 0 || end === undefined) return { from, to: end, window };
  return bytes.has(end, 4) ? { from, to: end + 4, window, checksumAt: end } : { from, to: undefined, window };
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

function endOfBlocks(bytes: Bytes, from: number): number | undefined {
  for (let at = from; bytes.has(at, 3);) {
    const header = bytes.u16(at) | (bytes.u8(at + 2) << 16);
    at += 3 + (((header >> 1) & 3) === RLE ? 1 : header >> 3);
    if (header & 1) return at <= bytes.size ? at : undefined;
  }
  return undefined;
}
