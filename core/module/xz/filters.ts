/**
 * Filters for machine code make the targets of calls absolute, so that they pack better; here they are made relative
 * again, in place (The .xz File Format 1.2.1, 5.3.2). What each machine's filter changes is told beside it.
 */
import type { XzFilter } from './blocks.ts';
import { XzNotReadError } from './failure.ts';
import { undoX86 } from './x86.ts';

/** @param start - of the first byte, as the filter counts */
type Undo = (code: Buffer, start: number) => void;

const KNOWN: Readonly<Record<number, readonly [name: string, undo?: Undo]>> = {
  3: ['delta'],
  4: ['x86', undoX86],
  5: ['PowerPC', undoPowerPc],
  6: ['IA-64'],
  7: ['ARM', undoArm],
  8: ['ARM-Thumb', undoThumb],
  9: ['SPARC'],
  10: ['ARM64', undoArm64],
  11: ['RISC-V'],
};

/** @throws XzNotReadError of a filter that is not undone here */
export function undoOf({ id, properties }: XzFilter): (code: Buffer) => void {
  const [name, undo] = KNOWN[id] ?? [`number ${String(id)}`];
  if (!undo) throw new XzNotReadError(`its bytes went through the filter ${name}`);
  const start = properties.length >= 4 ? properties.readUInt32LE(0) : 0;
  return (code) => {
    undo(code, start);
  };
}

/** `bl` with its flag AA off and LK on, 24 bits of words; big-endian. */
function undoPowerPc(code: Buffer, start: number): void {
  for (let at = 0; at + 4 <= code.length; at += 4) {
    const word = code.readUInt32BE(at);
    if ((word & 0xfc000003) >>> 0 !== 0x48000001) continue;
    code.writeUInt32BE((0x48000001 | ((word - start - at) & 0x03fffffc)) >>> 0, at);
  }
}

/** `bl` without a condition: 24 bits of words from eight bytes behind it. */
function undoArm(code: Buffer, start: number): void {
  for (let at = 0; at + 4 <= code.length; at += 4) {
    if (code[at + 3] !== 0xeb) continue;
    code.writeUIntLE(((code.readUIntLE(at, 3) * 4 - start - at - 8) >>> 2) & 0xffffff, at, 3);
  }
}

/** `bl` of two halves, with eleven bits of the distance each, from four bytes behind it. */
function undoThumb(code: Buffer, start: number): void {
  for (let at = 0; at + 4 <= code.length; at += 2) {
    const [high, low] = [code.readUInt16LE(at), code.readUInt16LE(at + 2)];
    if (high >> 11 !== 0x1e || low >> 11 !== 0x1f) continue;
    const target = (((high & 0x7ff) << 11) | (low & 0x7ff)) * 2;
    const distance = (target - start - at - 4) >>> 1;
    code.writeUInt16LE(0xf000 | ((distance >>> 11) & 0x7ff), at);
    code.writeUInt16LE(0xf800 | (distance & 0x7ff), at + 2);
    at += 2;
  }
}

/** `bl`, 26 bits of words; and `adrp` within 512 MB, 18 of its 21 bits of pages. */
function undoArm64(code: Buffer, start: number): void {
  for (let at = 0; at + 4 <= code.length; at += 4) {
    const word = code.readUInt32LE(at);
    const place = (start + at) >>> 0;
    if (word >>> 26 === 0x25) {
      code.writeUInt32LE((0x94000000 | ((word - (place >>> 2)) & 0x03ffffff)) >>> 0, at);
    } else if ((word & 0x9f000000) >>> 0 === 0x90000000) {
      const target = ((word >>> 29) & 3) | ((word >>> 3) & 0x1ffffc);
      if (((target + 0x20000) & 0x1c0000) !== 0) continue;
      const pages = target - (place >>> 12);
      const sign = (pages & 0x20000) === 0 ? 0 : 0x00e00000;
      const bits = ((pages & 3) << 29) | ((pages & 0x3fffc) << 3) | sign;
      code.writeUInt32LE(((word & 0x9000001f) | bits) >>> 0, at);
    }
  }
}
