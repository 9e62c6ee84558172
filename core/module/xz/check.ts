/** What a block says of its unpacked bytes (The .xz File Format 1.2.1, 2.1.1.2 and 6). */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { XzNotReadError } from './failure.ts';

const [NONE, CRC32, CRC64, SHA256] = [0, 1, 4, 10];

/** Whether the library verifies it. */
export const isUsualCheck = (check: number): boolean => [NONE, CRC32, CRC64].includes(check);

/** @throws XzNotReadError of a check that is not known here */
export function needCheck(check: number): void {
  if (!isUsualCheck(check) && check !== SHA256) throw new XzNotReadError(`its check is number ${String(check)}`);
}

export function checkFits(bytes: Buffer, check: number, value: Buffer): boolean {
  if (check === CRC32) return crc32(bytes) === value.readUInt32LE(0);
  if (check === CRC64) return crc64Fits(bytes, value);
  return check !== SHA256 || createHash('sha256').update(bytes).digest().equals(value);
}

/** ECMA-182's polynomial, bits reversed, in two halves: numbers of 64 bits would take ten times as long. */
const [HIGH, LOW] = [0xc96c5795, 0xd7870f42];
const tables = (() => {
  let made: readonly [high: Uint32Array, low: Uint32Array] | undefined;
  return () => (made ??= makeTables());
})();

function makeTables(): readonly [high: Uint32Array, low: Uint32Array] {
  const [highs, lows] = [new Uint32Array(256), new Uint32Array(256)];
  for (let byte = 0; byte < 256; byte += 1) {
    let [high, low] = [0, byte];
    for (let bit = 0; bit < 8; bit += 1) {
      const odd = (low & 1) === 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (odd) [high, low] = [high ^ HIGH, low ^ LOW];
    }
    highs[byte] = high;
    lows[byte] = low;
  }
  return [highs, lows];
}

function crc64Fits(bytes: Buffer, value: Buffer): boolean {
  const [highs, lows] = tables();
  let [high, low] = [-1, -1];
  for (let at = 0; at < bytes.length; at += 1) {
    const index = (low ^ (bytes[at] ?? 0)) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (lows[index] ?? 0);
    high = (high >>> 8) ^ (highs[index] ?? 0);
  }
  return ~low >>> 0 === value.readUInt32LE(0) && ~high >>> 0 === value.readUInt32LE(4);
}
