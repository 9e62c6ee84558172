/** Certificates in kernels' images, packed in each way that kernels are. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { certificatesOf } from '#core/module/signature/certificates.ts';
import { signer, type Made } from './signed.ts';

let made: Made;
let kernel: Buffer;
beforeAll(() => {
  made = signer(['-newkey', 'rsa:2048']);
  const der = execFileSync('openssl', ['x509', '-in', made.certificate, '-outform', 'DER']);
  const elf = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
  kernel = Buffer.concat([elf, Buffer.alloc(60_000, 'code '), der, Buffer.alloc(60_000)]);
});
afterAll(() => {
  made.remove();
});

function pack(tool: string, args: readonly string[]): Buffer {
  return execFileSync(tool, [...args, '-c'], { input: kernel, stdio: ['pipe', 'pipe', 'ignore'] });
}

/** The build adds the unpacked size to all but gzip. */
function withSize(packed: Buffer, isGzip: boolean): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32LE(kernel.length);
  return isGzip ? packed : Buffer.concat([packed, size]);
}

function bzImage(payload: Buffer): Buffer {
  const head = Buffer.alloc(1024);
  head[0x1f1] = 1;
  head.write('HdrS', 0x202, 'latin1');
  head.writeUInt32LE(payload.length, 0x24c);
  return Buffer.concat([head, payload]);
}

function zboot(payload: Buffer): Buffer {
  const head = Buffer.alloc(64);
  head.write('MZ\0\0zimg', 'latin1');
  head.writeUInt32LE(64, 8);
  head.writeUInt32LE(payload.length, 12);
  return Buffer.concat([head, payload]);
}

describe.each([
  ['bzImage', bzImage],
  ['EFI zboot', zboot],
])('%s', (_form, wrap) => {
  test.each([
    ['gzip', ['-9']],
    ['xz', ['--check=crc32', '--x86', '--lzma2=dict=1MiB']],
    ['lz4', ['-l', '-9']],
    ['zstd', ['-q', '-19']],
  ])('%s', async (tool, args) => {
    const found = await certificatesOf(wrap(withSize(pack(tool, args), tool === 'gzip')), 'vmlinuz');
    expect(found.map(({ facts }) => facts.subject)).toEqual(['O=Test, CN=Test signer']);
    expect(found[0]?.facts.from).toBe('vmlinuz at 0xea64');
  });

  test.each([
    ['bzip2', '425a6839314159265359'],
    ['lzma', '5d00008000ffffffffffffffff'],
    ['lzo', '894c5a4f000d0a1a0a'],
  ])('%s is refused, with what to do', async (name, magic) => {
    const image = wrap(Buffer.concat([Buffer.from(magic, 'hex'), Buffer.alloc(1000)]));
    await expect(certificatesOf(image, 'vmlinuz')).rejects.toThrow(
      `vmlinuz: this kernel is packed with ${name}, which is not unpacked here; unpack it with the kernel's scripts/extract-vmlinux`,
    );
  });

  test('a payload that is damaged or lies outside', async () => {
    const packed = pack('gzip', []);
    packed.fill(0x55, 100, 200);
    await expect(certificatesOf(wrap(packed), 'vmlinuz')).rejects.toThrow('packed with gzip, is damaged');
    await expect(certificatesOf(wrap(pack('gzip', [])).subarray(0, 1100), 'vmlinuz')).rejects.toThrow('outside');
  });
});

test("an arm64 Image: the certificates of its own signature for the firmware are not the kernel's", async () => {
  const der = execFileSync('openssl', ['x509', '-in', made.certificate, '-outform', 'DER']);
  const head = Buffer.alloc(0x100);
  head.write('MZ', 'latin1');
  head.write('ARM\x64', 0x38, 'latin1');
  head.writeUInt32LE(0x40, 0x3c);
  head.write('PE\0\0', 0x40, 'latin1');
  const at = head.length + kernel.length;
  head.writeUInt32LE(at, 0x40 + 24 + 112 + 32);
  head.writeUInt32LE(der.length, 0x40 + 24 + 112 + 36);
  const image = Buffer.concat([head, kernel, der]);
  const found = await certificatesOf(image, 'Image');
  expect(found.map(({ facts }) => facts.from)).toEqual(['Image at 0xeb64']);
});
