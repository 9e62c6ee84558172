/**
 * A kernel that need not unpack itself, which an emulated processor takes seconds for. QEMU starts it by its PVH entry;
 * it lies where it was linked to, not at a random address.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { kept } from './cache.ts';
import type { Kernel } from './kernel.ts';
import { LabError } from './run.ts';

/** Fields of the kernel's setup header (Documentation/arch/x86/boot.rst). */
const SETUP_SECTORS = 0x1f1;
const PAYLOAD_OFFSET = 0x248;
const PAYLOAD_LENGTH = 0x24c;
const SECTOR = 512;

/** The payload ends with its own unpacked size, which is no part of the compressed stream. */
const SIZE_BYTES = 4;

const ZSTD = 0xfd2fb528;
const ELF = Buffer.from('\x7fELF', 'latin1');

/** @throws LabError where it is packed in a way that no Debian kernel uses */
function unpack(image: Buffer): Buffer {
  const start = (image.readUInt8(SETUP_SECTORS) + 1) * SECTOR + image.readUInt32LE(PAYLOAD_OFFSET);
  const payload = image.subarray(start, start + image.readUInt32LE(PAYLOAD_LENGTH) - SIZE_BYTES);
  const kernel =
    payload.readUInt32LE(0) === ZSTD
      ? zstdDecompressSync(payload)
      : execFileSync('xz', ['-dc'], { input: payload, maxBuffer: 1 << 28 });
  if (!kernel.subarray(0, ELF.length).equals(ELF)) throw new LabError('the kernel image holds no ELF file');
  return kernel;
}

/**
 * The same kernel, unpacked.
 * @param cache folder that outlives runs
 */
export function unpacked(kernel: Kernel, cache: string): Kernel {
  const folder = kept(join(cache, `${kernel.release}-unpacked`), (empty) => {
    writeFileSync(join(empty, 'vmlinux'), unpack(readFileSync(kernel.image)));
  });
  return { ...kernel, image: join(folder, 'vmlinux') };
}
