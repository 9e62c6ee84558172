/** What an xz stream is made with (The .xz File Format, 2.1.1 and 3.1), for saying why it is not read. */
import { Bytes } from './bytes.ts';

const STREAM_HEADER = 12;
const READ_CHECKS: ReadonlySet<number> = new Set([0, 1, 4]);
const LZMA2 = 0x21;

const CHECKS: Readonly<Record<number, string>> = { 0: 'none', 1: 'CRC32', 4: 'CRC64', 10: 'SHA-256' };
const FILTERS: Readonly<Record<number, string>> = {
  3: 'delta',
  4: 'x86',
  5: 'PowerPC',
  6: 'IA-64',
  7: 'ARM',
  8: 'ARM-Thumb',
  9: 'SPARC',
  10: 'ARM64',
  11: 'RISC-V',
};

/** Why the library, which reads LZMA2 alone with CRC32, CRC64 or no check, refuses a stream; undefined where it does not. */
export function xzNotRead(stored: Uint8Array): string | undefined {
  const bytes = new Bytes(stored);
  if (!bytes.has(0, STREAM_HEADER + 4)) return undefined;
  const check = bytes.u8(7) & 0x0f;
  if (!READ_CHECKS.has(check)) return `its check is ${CHECKS[check] ?? `number ${String(check)}`}`;
  const filters = (bytes.u8(STREAM_HEADER + 1) & 3) + 1;
  const end = STREAM_HEADER + (bytes.u8(STREAM_HEADER) + 1) * 4;
  let at = STREAM_HEADER + 2;
  const flags = bytes.u8(STREAM_HEADER + 1);
  for (const bit of [0x40, 0x80]) {
    if ((flags & bit) === 0) continue;
    while (bytes.has(at, 1) && (bytes.u8(at) & 0x80) !== 0) at += 1;
    at += 1;
  }
  for (let left = filters; left > 0 && at + 2 <= end && bytes.has(at, 2); left -= 1) {
    const id = bytes.u8(at);
    if (id !== LZMA2) return `its bytes went through the filter ${FILTERS[id] ?? String(id)}`;
    at += 2 + bytes.u8(at + 1);
  }
  return undefined;
}
