/** How much memory the frames of a zstd stream ask for, told from their headers (RFC 8878, section 3.1). */
import { Bytes } from './bytes.ts';

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const RLE = 1;

/** The largest window, in bytes, of all frames up to the first that is cut or none. */
export function largestWindow(stored: Uint8Array): number {
  const bytes = new Bytes(stored);
  let largest = 0;
  let at = 0;
  while (bytes.has(at, 14)) {
    const magic = bytes.u32(at);
    if (((magic ^ SKIPPABLE) & 0xfffffff0) === 0) {
      at += 8 + bytes.u32(at + 4);
      continue;
    }
    if (magic !== MAGIC) break;
    const descriptor = bytes.u8(at + 4);
    const single = (descriptor & 0x20) !== 0;
    const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
    const sizeAt = at + 5 + (single ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0);
    if (!bytes.has(sizeAt, 8)) break;
    largest = Math.max(largest, single ? contentSize(bytes, sizeAt, sizeBytes) : windowSize(bytes.u8(at + 5)));
    const end = endOfBlocks(bytes, sizeAt + sizeBytes);
    if (end === undefined) break;
    at = end + ((descriptor & 4) === 0 ? 0 : 4);
  }
  return largest;
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
    if (header & 1) return at;
  }
  return undefined;
}
