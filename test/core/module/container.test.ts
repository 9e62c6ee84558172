/** How images are stored: each check and filter is read or refused in words, damage is told, bombs end soon. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { openContainer } from '#core/module/container.ts';
import { sampleBytes } from './sample-modules.ts';

/** Behind the module, calls of each machine that a filter changes, in all directions. */
const BYTES = Buffer.concat([sampleBytes('mt_params.ko'), calls()]);

/** Words that begin as a call does, with targets out of a row of numbers that never repeats here. */
function calls(): Buffer {
  const bytes = Buffer.alloc(40_000);
  let number = 1;
  for (let at = 0; at < bytes.length; at += 4) {
    number = (Math.imul(number, 1664525) + 1013904223) >>> 0;
    bytes.writeUInt32LE(number, at);
    const kind = number >>> 29;
    if (kind === 0) bytes.writeUInt32LE((0x94000000 | (number & 0x3ffffff)) >>> 0, at);
    else if (kind === 1) bytes.writeUInt32LE((0x90000000 | (number & 0x6000_001f) | (number & 0x3fffe0)) >>> 0, at);
    else if (kind === 2) bytes.writeUInt32LE((0xeb000000 | (number & 0xffffff)) >>> 0, at);
    else if (kind === 3) bytes.writeUInt32LE((0xf800f000 | (number & 0x7ff07ff)) >>> 0, at);
    else if (kind === 4) bytes.writeUInt32BE((0x48000001 | (number & 0x3fffffc)) >>> 0, at);
    else if (kind === 5) bytes[at + (number & 3)] = 0xe8 | ((number >> 2) & 1);
    else if (kind === 6) bytes[at + (number & 3)] = number & 4 ? 0 : 0xff;
  }
  return bytes;
}

function run(tool: string, args: readonly string[], input: Uint8Array = BYTES): Buffer {
  return execFileSync(tool, ['-c', ...args], { input, maxBuffer: 2 ** 28, stdio: ['pipe', 'pipe', 'ignore'] });
}

/** The last byte of the stored checksum, counted from the end. */
function spoilt(bytes: Buffer, fromEnd: number): Buffer {
  const at = bytes.length - fromEnd;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

/** A frame that unpackers pass over (RFC 8878, 3.1.2). */
const skippable = Buffer.from('502a4d180400000061626364', 'hex');

test.each([
  ['xz, no check', () => run('xz', ['--check=none'])],
  ['xz, CRC32', () => run('xz', ['--check=crc32'])],
  ['xz, CRC64', () => run('xz', ['--check=crc64'])],
  ["xz, as the kernel's own build does", () => run('xz', ['--check=crc32', '--lzma2=dict=1MiB'])],
  ['xz in blocks, by threads', () => run('xz', ['-T2', '--block-size=2048'])],
  ['xz in two streams, with padding', () => Buffer.concat([...halves('xz'), Buffer.alloc(4)])],
  ['xz, SHA-256', () => run('xz', ['--check=sha256'])],
  ['xz, x86', () => run('xz', ['--x86', '--lzma2'])],
  ['xz, x86, as large kernels are counted', () => run('xz', ['--check=sha256', '--x86=start=4096', '--lzma2'])],
  ['xz, ARM64', () => run('xz', ['--arm64', '--lzma2'])],
  ['xz, ARM, CRC32', () => run('xz', ['--check=crc32', '--arm=start=16', '--lzma2'])],
  ['xz, ARM-Thumb', () => run('xz', ['--armthumb', '--lzma2'])],
  ['xz, PowerPC, no check', () => run('xz', ['--check=none', '--powerpc', '--lzma2'])],
  ['xz, two filters', () => run('xz', ['--x86', '--arm64', '--lzma2'])],
  ['xz, x86 in blocks, by threads', () => run('xz', ['--check=sha256', '-T2', '--block-size=2048'])],
  ['xz in streams of different kinds', () => Buffer.concat([mixed[0], Buffer.alloc(8), mixed[1]])],
  ['gzip', () => run('gzip', [])],
  ['gzip in two members', () => Buffer.concat(halves('gzip'))],
  ['zstd without checksum', () => run('zstd', ['-q', '--no-check'])],
  ['zstd', () => run('zstd', ['-q', '--check', '-19'])],
  ['zstd behind frames to be skipped', () => Buffer.concat([skippable, skippable, run('zstd', ['-q'])])],
  ['zstd with a frame to be skipped', () => Buffer.concat([halves('zstd')[0], skippable, halves('zstd')[1]])],
])('%s unpacks to the same bytes', async (_name, make) => {
  const { bytes, part } = await openContainer(make());
  expect(part).toMatchObject({ complete: true, problems: [] });
  expect(Buffer.compare(bytes, BYTES)).toBe(0);
});

const mixed = [
  run('xz', ['--check=crc32'], BYTES.subarray(0, 1000)),
  run('xz', ['--check=sha256', '--x86', '--lzma2'], BYTES.subarray(1000)),
] as const;

function halves(tool: string): [Buffer, Buffer] {
  const middle = BYTES.length >> 1;
  return [run(tool, [], BYTES.subarray(0, middle)), run(tool, [], BYTES.subarray(middle))];
}

test.each([
  ['IA-64', ['--ia64', '--lzma2'], 'the filter IA-64'],
  ['SPARC', ['--sparc', '--lzma2'], 'the filter SPARC'],
  ['delta', ['--delta', '--lzma2'], 'the filter delta'],
])('xz with %s is refused in words', async (_name, args, words) => {
  const { bytes, part } = await openContainer(run('xz', args));
  expect(part.complete).toBe(false);
  expect(part.problems[0]?.text).toContain(words);
  expect(part.problems[0]?.text).toContain('xz -d unpacks it');
  expect(bytes.length).toBe(0);
});

test.each([
  ["gzip's CRC", () => spoilt(run('gzip', []), 6)],
  ["xz's CRC32", () => spoilt(run('xz', ['--check=crc32']), 12 + 8 + 2)],
  ["xz's SHA-256", () => spoilt(run('xz', ['--check=sha256']), 12 + 8 + 2)],
  ["xz's CRC64 behind a filter", () => spoilt(run('xz', ['--x86', '--lzma2']), 12 + 8 + 2)],
  ["xz's index behind a filter", () => spoilt(run('xz', ['--x86', '--lzma2']), 12 + 2)],
  ['xz with a filter, cut', () => run('xz', ['--x86', '--lzma2']).subarray(0, -300)],
  ["zstd's XXH64", () => spoilt(run('zstd', ['-q', '--check']), 2)],
  ['the first of two zstd frames', () => Buffer.concat([spoilt(halves('zstd')[0], 2), halves('zstd')[1]])],
  ['zstd, cut within a frame', () => run('zstd', ['-q', '--check']).subarray(0, -3)],
  ['zstd, with other bytes behind it', () => Buffer.concat([run('zstd', ['-q']), Buffer.alloc(16, 1)])],
])('what does not fit is called damaged: %s', async (_name, make) => {
  const { part } = await openContainer(make());
  expect(part.complete).toBe(false);
  expect(part.problems[0]?.text).toContain('damaged');
});

test.each([
  ['gzip', ['-9']],
  ['xz', ['-1']],
  ['zstd', ['-q', '-19']],
])('a bomb of 10 MB by %s, of many members', { timeout: 120_000 }, async (tool, args) => {
  const one = run(tool, args, Buffer.alloc(64_000_000));
  const bomb = Buffer.concat(Array.from({ length: Math.floor(10_000_000 / one.length) }, () => one));
  const before = process.memoryUsage.rss();
  const start = process.cpuUsage();
  const { bytes, part } = await openContainer(bomb);
  const { user, system } = process.cpuUsage(start);
  expect(part.problems[0]?.text).toContain('which no module has, and was not unpacked');
  expect(bytes.length).toBe(0);
  expect((user + system) / 1e6).toBeLessThan(15);
  expect((process.memoryUsage.rss() - before) / 1e6).toBeLessThan(400);
});
