/** What a packed file says that it unpacks to, before anything is unpacked. It may lie; then unpacking meets the limit. */
import { Bytes } from './bytes.ts';

/** The last four bytes of gzip: the size of its last member, modulo 2^32 (RFC 1952, 2.3.1). */
export function gzipAnnounces(stored: Uint8Array): number {
  const bytes = new Bytes(stored);
  return bytes.has(0, 18) ? bytes.u32(bytes.size - 4) : 0;
}

const FOOTER = 12;
const FOOTER_MAGIC = 0x5a59;

/** The sum of an xz stream's index (The .xz File Format, 2.1.2 and 4). */
export function xzAnnounces(stored: Uint8Array): number {
  const bytes = new Bytes(stored);
  const footer = bytes.size - FOOTER;
  if (footer < 0 || bytes.u16(footer + 10) !== FOOTER_MAGIC) return 0;
  let at = footer - (bytes.u32(footer + 4) + 1) * 4;
  const number = (): number => {
    let value = 0;
    for (let shift = 0; shift < 63 && at < footer; shift += 7) {
      const byte = bytes.u8(at++);
      value += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) === 0) break;
    }
    return value;
  };
  if (at < 0 || bytes.u8(at++) !== 0) return 0;
  let sum = 0;
  // Each record has two numbers: the size of a block as it lies there, and that of what it unpacks to.
  for (let records = number(); records > 0 && at < footer; records--) {
    number();
    sum += number();
  }
  return sum;
}
