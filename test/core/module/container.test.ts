/** How images are stored: every check and filter is read or refused in words, damage is told, bombs end soon. */
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { openContainer } from '#core/module/container.ts';
import { sampleBytes } from './sample-modules.ts';

const BYTES = sampleBytes('mt_params.ko');

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
  ['gzip', () => run('gzip', [])],
  ['gzip in two members', () => Buffer.concat(halves('gzip'))],
  ['zstd without checksum', () => run('zstd', ['-q', '--no-check'])],
  ['zstd', () => run('zstd', ['-q', '--check', '-19'])],
  ['zstd with a frame to be skipped', () => Buffer.concat([halves('zstd')[0], skippable, halves('zstd')[1]])],
])('%s unpacks to the same bytes', async (_name, make) => {
  const { bytes, part } = await openContainer(make());
  expect(part).toMatchObject({ complete: true, problems: [] });
  expect(Buffer.compare(bytes, BYTES)).toBe(0);
});

function halves(tool: string): [Buffer, Buffer] {
  const middle = BYTES.length >> 1;
  return [run(tool, [], BYTES.subarray(0, middle)), run(tool, [], BYTES.subarray(middle))];
}

test.each([
  ['x86', ['--x86', '--lzma2'], 'the filter x86'],
  ['ARM', ['--arm', '--lzma2'], 'the filter ARM'],
  ['delta', ['--delta', '--lzma2'], 'the filter delta'],
  ['SHA-256', ['--check=sha256'], 'its check is SHA-256'],
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
