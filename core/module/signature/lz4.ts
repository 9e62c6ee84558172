/** LZ4's legacy frame, in which kernels are packed (lz4 -l): blocks of at most 8 MiB, each with its packed size before it. */

export const LZ4_LEGACY = Buffer.from([0x02, 0x21, 0x4c, 0x18]);
const BLOCK = 8 * 1024 * 1024;
const SHORTEST_MATCH = 4;

/** Bytes that are no such frame, or unpack to more than is allowed. */
export class Lz4Error extends Error {}

/** @throws Lz4Error */
export function unpackLz4Legacy(packed: Buffer, most: number): Buffer {
  const parts: Buffer[] = [];
  let total = 0;
  let at = LZ4_LEGACY.length;
  while (at + 4 <= packed.length) {
    const size = packed.readUInt32LE(at);
    at += 4;
    // Behind the last block the build adds the unpacked size, which is no block.
    if (size === 0 || at + size > packed.length) break;
    const part = unpackBlock(packed.subarray(at, at + size));
    parts.push(part);
    total += part.length;
    if (total > most) throw new Lz4Error('it unpacks to more than is read');
    at += size;
    if (part.length < BLOCK) break;
  }
  if (parts.length === 0) throw new Lz4Error('it holds no block');
  return Buffer.concat(parts);
}

function unpackBlock(block: Buffer): Buffer {
  const out = Buffer.alloc(BLOCK);
  let [at, to] = [0, 0];
  const length = (first: number): number => {
    let sum = first;
    if (first !== 15) return sum;
    for (let byte = 255; byte === 255; sum += byte) {
      byte = block[at] ?? 0;
      at += 1;
    }
    return sum;
  };
  while (at < block.length) {
    const token = block[at] ?? 0;
    at += 1;
    const literals = length(token >> 4);
    if (at + literals > block.length || to + literals > BLOCK) throw new Lz4Error('a block runs over its end');
    block.copy(out, to, at, at + literals);
    [at, to] = [at + literals, to + literals];
    if (at >= block.length) break;
    if (at + 2 > block.length) throw new Lz4Error('a block ends within a match');
    const back = block.readUInt16LE(at);
    at += 2;
    const size = length(token & 15) + SHORTEST_MATCH;
    if (back === 0 || back > to || to + size > BLOCK) throw new Lz4Error('a match lies outside of its block');
    // A match may overlap what it makes: byte by byte.
    for (let i = 0; i < size; i += 1) out[to + i] = out[to + i - back] ?? 0;
    to += size;
  }
  return out.subarray(0, to);
}
