/** Finds text and bytes in an image, a stretch at a time. */
import type { ByteHits, ByteSearch } from '#contract/module.ts';
import { CaptureError } from '../capture/failure.ts';

/** Bytes that one step looks through, and hits that it tells, at most. */
const STEP = 32 << 20;
const MOST_HITS = 1000;

/** Bytes of a pattern at most. */
const LONGEST = 1024;

/** A pattern: for each place, which bytes fit there. `fits[byte]` is 1 where it does. */
type Needle = readonly Uint8Array[];

function fitting(...bytes: readonly number[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of bytes) table[byte] = 1;
  return table;
}

const ANY = new Uint8Array(256).fill(1);

function withCase(byte: number, ignoreCase: boolean): Uint8Array {
  const upper = byte >= 0x41 && byte <= 0x5a;
  const lower = byte >= 0x61 && byte <= 0x7a;
  return ignoreCase && (upper || lower) ? fitting(byte, byte ^ 0x20) : fitting(byte);
}

function textNeedles(text: string, ignoreCase: boolean): Needle[] {
  const utf16 = Buffer.from(text, 'utf16le');
  const fold = (bytes: Buffer): Needle => Array.from(bytes, (byte) => withCase(byte, ignoreCase));
  return [fold(Buffer.from(text, 'utf8')), fold(utf16), fold(Buffer.from(utf16).swap16())];
}

function bytesNeedle(pattern: string): Needle {
  const digits = pattern.replaceAll(/0x|[\s,]/gi, '');
  if (digits === '' || !/^(?:[0-9a-f]{2}|\?\?)+$/i.test(digits)) {
    throw new CaptureError(
      'bad-request',
      `bytes are pairs of hexadecimal digits, with ?? for any: '${pattern.slice(0, 40)}' is not`,
    );
  }
  const pairs = digits.match(/../g) ?? [];
  return pairs.map((pair) => (pair === '??' ? ANY : fitting(Number.parseInt(pair, 16))));
}

function needlesOf({ kind, pattern, ignoreCase }: ByteSearch): Needle[] {
  const needles = kind === 'bytes' ? [bytesNeedle(pattern)] : textNeedles(pattern, ignoreCase);
  if (needles.some((needle) => needle.length > LONGEST)) {
    throw new CaptureError('bad-request', `a pattern has at most ${String(LONGEST)} bytes`);
  }
  return needles.filter((needle) => needle.length > 0);
}

function fitsAt(bytes: Uint8Array, offset: number, needle: Needle): boolean {
  if (offset + needle.length > bytes.length) return false;
  for (let at = 0; at < needle.length; at++) {
    if (needle[at]?.[bytes[offset + at] ?? 0] !== 1) return false;
  }
  return true;
}

/** Needles by the bytes that they may begin with, so that most places are passed by at one look. */
function starts(needles: readonly Needle[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const [first = ANY] of needles) first.forEach((fits, byte) => fits === 1 && (table[byte] = 1));
  return table;
}

/** @throws CaptureError 'bad-request' where the pattern is none */
export function searchBytes(bytes: Uint8Array, search: ByteSearch): ByteHits {
  const needles = needlesOf(search);
  const may = starts(needles);
  const hits: { offset: number; size: number }[] = [];
  const end = Math.min(bytes.length, search.from + STEP);
  for (let offset = search.from; offset < end; offset++) {
    if (may[bytes[offset] ?? 0] !== 1) continue;
    const needle = needles.find((candidate) => fitsAt(bytes, offset, candidate));
    if (!needle) continue;
    hits.push({ offset, size: needle.length });
    if (hits.length === MOST_HITS) return { hits, next: offset + 1 };
  }
  return end < bytes.length ? { hits, next: end } : { hits };
}
