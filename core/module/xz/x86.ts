/** The filter for x86: targets of calls and jumps (E8, E9) whose highest byte is 00 or FF. */

/** How many of the bytes before a call look like another call's opcode: the filter leaves doubtful ones alone. */
const SURE: readonly boolean[] = [true, true, true, false, true, false, false, false];
const DOUBTFUL_BYTE: readonly number[] = [0, 1, 2, 2, 3, 3, 3, 3];

const isSignByte = (byte: number | undefined): boolean => byte === 0 || byte === 0xff;

/** Makes them relative again, in place. @param start - of the first byte, as the filter counts */
export function undoX86(code: Buffer, start: number): void {
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
    code.writeInt32LE(relative(code.readUInt32LE(at + 1), start + at + 5, mask), at + 1);
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
