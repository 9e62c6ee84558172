/** What is told of small modules of every class and byte order. */
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { PART_NAMES } from '#contract/inspect.ts';
import { describeAlias } from '#core/module/alias/alias.ts';
import { openImage } from '#core/module/image.ts';
import { inspectModule } from '#core/module/inspect.ts';
import { readVermagic } from '#core/module/vermagic.ts';
import { buildElf, smallModule, X86_64, type Kind } from './elf-builder.ts';

const KINDS: readonly (readonly [string, Kind])[] = [
  ['x86-64', X86_64],
  ['arm64', { wide: true, little: true, machine: 183 }],
  ['s390, 64-bit big-endian', { wide: true, little: false, machine: 22 }],
  ['32-bit little-endian', { wide: false, little: true, machine: 40 }],
  ['32-bit big-endian', { wide: false, little: false, machine: 20 }],
];

describe.each(KINDS)('a small module of %s', (_, kind) => {
  const bytes = smallModule(kind);

  test('is read whole', async () => {
    const known = inspectModule(await openImage(bytes));
    expect(known.problems).toEqual([]);
    for (const name of PART_NAMES) expect(known[name]?.problems ?? [], name).toEqual([]);
    expect(known.elf).toMatchObject({
      class: kind.wide ? 64 : 32,
      endian: kind.little ? 'little' : 'big',
      type: 'REL',
    });
    expect(known.identity).toMatchObject({ name: 'small', namesDiffer: false });
    expect(known.parameters?.entries).toMatchObject([
      { name: 'depth', type: 'int', description: 'how deep', permissions: '0644' },
    ]);
    expect(known.imports?.entries.map(({ name }) => name)).toEqual(['printk']);
    expect(known.functions?.entries.map(({ name, role, size }) => [name, role, size])).toEqual([
      ['small_init', 'init', 8],
      ['small_work', undefined, 8],
    ]);
    expect(known.relocations?.count).toBe(2);
  });
});

test('a name of its own in the module structure is a finding', async () => {
  const bytes = smallModule();
  bytes.write('other', bytes.indexOf('small\0', bytes.indexOf('\0\0\0small\0')));
  const at = bytes.indexOf('\0\0\0small\0');
  if (at !== -1) bytes.write('other', at + 3);
  const { identity } = inspectModule(await openImage(bytes));
  expect(identity?.names).toEqual({ structure: 'other', modinfo: 'small' });
  expect(identity).toMatchObject({ name: 'other', namesDiffer: true });
});

test('packed images are unpacked, and both forms have their digests', async () => {
  const bytes = smallModule();
  const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');
  const forms = {
    gzip: gzipSync(bytes),
    xz: execFileSync('xz', ['-c', '--check=crc32'], { input: bytes }),
    zstd: execFileSync('zstd', ['-qc'], { input: bytes }),
  };
  for (const [compression, stored] of Object.entries(forms)) {
    const { container, identity } = inspectModule(await openImage(stored), { parts: ['identity'] });
    expect(container).toMatchObject({ compression, size: bytes.length, complete: true });
    expect(identity?.hashes.stored.sha256).toBe(sha256(stored));
    expect(identity?.hashes.decompressed?.sha256).toBe(sha256(bytes));
  }
});

test('the digest of the unsigned form leaves signature and trailer out', async () => {
  const bytes = smallModule();
  const trailer = Buffer.alloc(12);
  trailer[2] = 2;
  trailer.writeUInt32BE(5, 8);
  const signed = Buffer.concat([bytes, Buffer.from('abcde'), trailer, Buffer.from('~Module signature appended~\n')]);
  const { identity } = inspectModule(await openImage(signed), { parts: ['identity'] });
  expect(identity?.hashes.unsigned?.md5).toBe(createHash('md5').update(bytes).digest('hex'));
});

test('only the parts that are asked for are made, with those that they build on', async () => {
  const known = inspectModule(await openImage(smallModule()), { parts: ['parameters'] });
  expect(Object.keys(known).filter((key) => (PART_NAMES as readonly string[]).includes(key))).toEqual([
    'modinfo',
    'parameters',
  ]);
});

test('bytes that are no ELF have digests, and say why nothing else', async () => {
  const known = inspectModule(await openImage(Buffer.from('#!/bin/sh\n')));
  expect(known.elf).toBeUndefined();
  expect(known.identity?.hashes.stored.md5).toMatch(/^[0-9a-f]{32}$/);
  expect(known.problems[0]).toMatchObject({ where: 'elf', text: 'it does not begin as an ELF file does' });
});

test('checksums of the newer form belong to their names', async () => {
  const crcs = Buffer.alloc(8);
  crcs.writeUInt32LE(0x11223344, 0);
  crcs.writeUInt32LE(0xa, 4);
  const bytes = buildElf([
    { name: '__version_ext_crcs', bytes: crcs },
    { name: '__version_ext_names', bytes: Buffer.from('first\0second\0') },
  ]);
  const { versions } = inspectModule(await openImage(bytes), { parts: ['versions'] });
  expect(versions?.entries.map(({ name, crc }) => [name, crc])).toEqual([
    ['first', '11223344'],
    ['second', '0000000a'],
  ]);
});

test.each([
  ['pci:v00008086d0000100Esv*sd*bc*sc*i*', 'PCI vendor 8086, device 100e'],
  ['pci:v*d*sv*sd*bc02sc00i*', 'PCI class 02 (network), subclass 00'],
  ['usb:v04B4pCA01d*dc*dsc*dp*ic*isc*ip*in*', 'USB vendor 04b4, product ca01'],
  [
    'usb:v*p*d*dc*dsc*dp*ic03isc01ip02in*',
    'USB interface class 03 (HID), interface subclass 01, interface protocol 02',
  ],
  ['hid:b0003g*v000004B4p00000001', 'HID bus 0003 (USB), vendor 04b4, product 0001'],
  ['virtio:d00000001v*', 'virtio device 0001 (network)'],
  ['of:N*T*Cfsl,imx6q-ocotpC*', 'device-tree node compatible with fsl,imx6q-ocotp'],
  ['acpi*:INT33A1:*', 'ACPI device INT33A1'],
  ['dmi*:svnDell*:pnXPS*:*', 'machine with system vendor Dell…, product XPS…'],
  ['cpu:type:x86,ven0000fam0006mod009E:feature:*', 'x86 processor: Intel, family 0006, model 009E'],
  ['cpu:type:x86,ven*fam*mod*:feature:*0099*', 'x86 processor: feature 0099'],
  ['platform:pcspkr', 'platform device pcspkr'],
  ['fs-ext4', 'file system ext4'],
  ['devname:btrfs-control', 'device node /dev/btrfs-control'],
  ['ext3', 'another name: ext3'],
])('%s matches %s', (pattern, text) => {
  expect(describeAlias(pattern).text).toBe(text);
});

test('the version magic is taken apart', () => {
  expect(readVermagic('6.1.0-56-rt-arm64 SMP preempt_rt mod_unload modversions aarch64')).toMatchObject({
    release: '6.1.0-56-rt-arm64',
    smp: true,
    preempt: 'preempt_rt',
    unload: true,
    modversions: true,
    others: ['aarch64'],
  });
});
