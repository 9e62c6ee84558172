/**
 * What is inside a kernel's image: bzImage (Documentation/arch/x86/boot.rst, protocol 2.08), EFI zboot
 * (drivers/firmware/efi/libstub/zboot-header.S), an arm64 Image, or any of these packed.
 */
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { LZ4_LEGACY, unpackLz4Legacy } from './lz4.ts';
import { XZ_MAGIC } from '../xz/blocks.ts';
import { unpackFirstBlock } from '../xz/unpack.ts';

/** Kernels with everything built in unpack to some 150 MB. */
const LARGEST_KERNEL = 512 * 1024 * 1024;

const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** Ways of packing that are recognised and not unpacked, for the message. */
const OTHERS: readonly (readonly [string, Buffer])[] = [
  ['bzip2', Buffer.from('BZh', 'latin1')],
  ['lzma', Buffer.from([0x5d, 0x00, 0x00])],
  ['lzo', Buffer.from([0x89, 0x4c, 0x5a, 0x4f])],
];

/** A kernel's image that is not read; `message` says why. */
export class KernelImageError extends Error {}

const begins = (bytes: Buffer, magic: Buffer, at = 0): boolean => bytes.subarray(at, at + magic.length).equals(magic);

/** Whether these bytes begin as a kernel's image, packed or not, does. */
export function isKernelImage(bytes: Buffer): boolean {
  return (
    payload(bytes) !== undefined || packing(bytes) !== undefined || otherPacking(bytes) !== undefined || isPlain(bytes)
  );
}

/** The unpacked kernel. @throws KernelImageError where it is packed in a way that is not known, or damaged */
export async function unpackKernel(bytes: Buffer): Promise<Buffer> {
  const inner = payload(bytes);
  const packed = inner ?? bytes;
  const how = packing(packed);
  const unpacked = how ? await unpack(packed, how) : undefined;
  if (unpacked) {
    // Image.gz of zboot and the like: one more layer at most.
    const second = unpacked.subarray(0, 8);
    return packing(second) && !isPlain(unpacked) ? unpackKernelLayer(unpacked) : unpacked;
  }
  const other = otherPacking(packed);
  if (other) {
    const advice = "unpack it with the kernel's scripts/extract-vmlinux and name the vmlinux that comes out";
    throw new KernelImageError(`this kernel is packed with ${other}, which is not unpacked here; ${advice}`);
  }
  return withoutPeSignature(packed);
}

async function unpackKernelLayer(bytes: Buffer): Promise<Buffer> {
  const how = packing(bytes);
  return how ? unpack(bytes, how) : bytes;
}

/** ELF, or arm64's Image. */
const isPlain = (bytes: Buffer): boolean =>
  begins(bytes, Buffer.from([0x7f, 0x45, 0x4c, 0x46])) || begins(bytes, Buffer.from('ARM\x64', 'latin1'), 0x38);

const otherPacking = (bytes: Buffer): string | undefined => OTHERS.find(([, magic]) => begins(bytes, magic))?.[0];

type Packing = 'gzip' | 'zstd' | 'xz' | 'lz4';

function packing(bytes: Buffer): Packing | undefined {
  if (begins(bytes, GZIP)) return 'gzip';
  if (begins(bytes, ZSTD)) return 'zstd';
  if (begins(bytes, XZ_MAGIC)) return 'xz';
  return begins(bytes, LZ4_LEGACY) ? 'lz4' : undefined;
}

async function unpack(bytes: Buffer, how: Packing): Promise<Buffer> {
  const limit = { maxOutputLength: LARGEST_KERNEL };
  try {
    if (how === 'gzip') return gunzipSync(bytes, limit);
    if (how === 'zstd') return zstdDecompressSync(bytes, limit);
    if (how === 'xz') return await unpackFirstBlock(bytes, LARGEST_KERNEL);
    return unpackLz4Legacy(bytes, LARGEST_KERNEL);
  } catch {
    throw new KernelImageError(`its content, packed with ${how}, is damaged or larger than is read`);
  }
}

/** The packed kernel inside of a bootable image; undefined where these bytes are no such image. */
function payload(bytes: Buffer): Buffer | undefined {
  if (bytes.length > 0x250 && begins(bytes, Buffer.from('HdrS', 'latin1'), 0x202)) {
    const setup = ((bytes[0x1f1] ?? 0) || 4) * 512 + 512;
    const size = bytes.readUInt32LE(0x24c);
    // The build adds the unpacked size to the end of what it packs, which gzip has already.
    return withoutSize(range(bytes, setup + bytes.readUInt32LE(0x248), size));
  }
  if (bytes.length > 0x20 && begins(bytes, Buffer.from('zimg', 'latin1'), 4)) {
    return withoutSize(range(bytes, bytes.readUInt32LE(8), bytes.readUInt32LE(12)));
  }
  return undefined;
}

/**
 * An arm64 Image that is signed for secure boot has that signature at its end: its certificates are the firmware's
 * concern, and the kernel does not trust them by itself. (PE format: e_lfanew, data directory 4 of PE32+.)
 */
function withoutPeSignature(bytes: Buffer): Buffer {
  if (bytes.length < 0x40 || bytes[0] !== 0x4d || bytes[1] !== 0x5a) return bytes;
  const header = bytes.readUInt32LE(0x3c);
  const entry = header + 24 + 112 + 4 * 8;
  if (entry + 8 > bytes.length || !begins(bytes, Buffer.from('PE\0\0', 'latin1'), header)) return bytes;
  const at = bytes.readUInt32LE(entry);
  const size = bytes.readUInt32LE(entry + 4);
  return at > entry && size > 0 && at + size === bytes.length ? bytes.subarray(0, at) : bytes;
}

const withoutSize = (packed: Buffer): Buffer => (packing(packed) === 'gzip' ? packed : packed.subarray(0, -4));

function range(bytes: Buffer, offset: number, size: number): Buffer {
  if (offset + size > bytes.length || size < 16) throw new KernelImageError('its packed part lies outside of the file');
  return bytes.subarray(offset, offset + size);
}
