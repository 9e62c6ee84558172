/** Images that were made to harm: each is answered, soon, with what could not be read and what could. */
import { execFileSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Inspection, Problem } from '#contract/inspect.ts';
import { openContainer } from '#core/module/container.ts';
import { openImage } from '#core/module/image.ts';
import { inspectModule } from '#core/module/inspect.ts';
import { tryImage } from '../../../scripts/corpus/try-image.ts';
import { buildElf, relocations, smallModule, symbolTable, X86_64 } from './elf-builder.ts';

const SECOND = 1000;

/** Milliseconds that the processor worked for this process: other work of a busy machine does not count. */
function used(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** The answer, which has to come within a second. */
async function ask(bytes: Uint8Array): Promise<Inspection> {
  const start = used();
  const answer = inspectModule(await openImage(bytes), { allRelocations: true });
  expect(used() - start).toBeLessThan(SECOND);
  return answer;
}

const texts = (problems: readonly Problem[] | undefined): string =>
  (problems ?? []).map(({ where, text }) => `${where}: ${text}`).join('\n');

/** Changes a small module: `put` writes at an offset. */
function spoilt(change: (bytes: Buffer, sectionHeaders: number) => void): Buffer {
  const bytes = smallModule();
  change(bytes, Number(bytes.readBigUInt64LE(40)));
  return bytes;
}

test('section counts beyond the image', async () => {
  const { elf, sections } = await ask(spoilt((bytes) => bytes.writeUInt16LE(0xfff0, 60)));
  expect(texts(elf?.problems)).toContain('65520 are announced');
  expect(sections?.entries.length).toBe(11);
});

test('a section count of 2^60 in the first header', async () => {
  const bytes = spoilt((image, table) => {
    image.writeUInt16LE(0, 60);
    image.writeBigUInt64LE(2n ** 60n, table + 32);
  });
  const { elf, modinfo } = await ask(bytes);
  expect(texts(elf?.problems)).toContain('are announced');
  expect(modinfo?.name).toBe('small');
});

test('a string table that says it is larger than the image', async () => {
  const bytes = spoilt((image, table) => image.writeBigUInt64LE(2n ** 63n, table + 9 * 64 + 32));
  const { symbols, sections, modinfo } = await ask(bytes);
  expect(texts(sections?.problems)).toContain('.strtab: its 9223372036854775808 bytes');
  expect(texts(symbols?.problems)).toContain('is no string table');
  expect(modinfo?.name).toBe('small');
});

test('names without an end, all the same megabytes', async () => {
  const count = 60_000;
  const symbols = symbolTable(
    X86_64,
    Array.from({ length: count }, () => ({ name: '' })),
  );
  const names = Buffer.alloc(4 * 1024 * 1024, 0x61);
  for (let index = 1; index <= count; index++) symbols.table.writeUInt32LE(index, index * 24);
  const bytes = buildElf([
    { name: '.symtab', type: 2, link: 2, bytes: symbols.table },
    { name: '.strtab', type: 3, bytes: names },
  ]);
  const { symbols: read } = await ask(bytes);
  expect(read?.entries.length).toBe(count);
});

test('relocations whose targets and symbols do not exist', async () => {
  const bytes = buildElf([
    { name: '.data', bytes: Buffer.alloc(8) },
    {
      name: '.rela.data',
      type: 4,
      info: 1,
      link: 9,
      bytes: relocations(X86_64, [{ offset: 2 ** 40, type: 0xffff, symbol: 0xfffffff }]),
    },
    { name: '.rela.none', type: 4, info: 77, bytes: relocations(X86_64, [{ offset: 0, type: 1, symbol: 0 }]) },
  ]);
  const { relocations: read } = await ask(bytes);
  expect(texts(read?.problems)).toContain('1 of its relocations lie outside');
  expect(texts(read?.problems)).toContain('1 of its relocations name symbols that do not exist');
  expect(texts(read?.problems)).toContain('the section 77 that it is to change does not exist');
  expect(read?.entries?.length).toBe(2);
});

test('sections that overlap: each is shown as it claims', async () => {
  const bytes = spoilt((image, table) => {
    for (let index = 1; index < 6; index++) image.writeBigUInt64LE(0n, table + index * 64 + 24);
    for (let index = 1; index < 6; index++) image.writeBigUInt64LE(BigInt(image.length), table + index * 64 + 32);
  });
  const { sections } = await ask(bytes);
  expect(sections?.entries[1]?.range).toEqual({ offset: 0, size: bytes.length });
});

test('cycles: tables that hold their own names, types that point to themselves', async () => {
  const self = spoilt((image, table) => {
    image.writeUInt32LE(8, table + 8 * 64 + 40);
    image.writeUInt32LE(6, table + 6 * 64 + 44);
  });
  expect(texts((await ask(self)).symbols?.problems)).toContain('is no string table');
  const btf = Buffer.alloc(24 + 12 + 24 + 8);
  btf.writeUInt16LE(0xeb9f, 0);
  btf[2] = 1;
  btf.writeUInt32LE(24, 4);
  btf.writeUInt32LE(36, 12);
  btf.writeUInt32LE(36, 16);
  btf.writeUInt32LE(1, 20);
  btf.writeUInt32LE(2 << 24, 24 + 4);
  btf.writeUInt32LE(1, 24 + 8);
  btf.writeUInt32LE((4 << 24) | 1, 36 + 4);
  btf.writeUInt32LE(8, 36 + 8);
  btf.writeUInt32LE(1, 48 + 4);
  const { types } = await ask(buildElf([{ name: '.BTF', bytes: btf }]));
  expect(types?.entries[0]?.members[0]?.type).toContain('…');
});

test('a note that ends outside of its section', async () => {
  const note = Buffer.alloc(16);
  note.writeUInt32LE(4, 0);
  note.writeUInt32LE(0xfffffff0, 4);
  const { notes } = await ask(buildElf([{ name: '.note.odd', type: 7, bytes: note }]));
  expect(texts(notes?.problems)).toContain('.note.odd: a note of 4294967280 bytes');
});

/** 10 MB of zstd blocks that each repeat one byte 131072 times: some 340 GB. */
function zstdBomb(): Buffer {
  const blocks = 2_600_000;
  const bomb = Buffer.alloc(6 + 4 * blocks);
  bomb.set([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]);
  const header = (131072 << 3) | (1 << 1);
  for (let at = 6; at < bomb.length; at += 4) bomb.writeUIntLE(header, at, 3);
  return bomb;
}

/** Says that nothing comes out, or does not say what comes out. */
function lying(bytes: Buffer, last: number): Buffer {
  bytes.fill(0, bytes.length - last);
  return bytes;
}

test.each([
  ['gzip', () => gzipSync(Buffer.alloc(300 * 1024 * 1024))],
  ['xz', () => execFileSync('sh', ['-c', 'head -c 300000000 /dev/zero | xz -0c'], { maxBuffer: 2 ** 30 })],
  ['gzip', () => lying(gzipSync(Buffer.alloc(300 * 1024 * 1024)), 4)],
  ['xz', () => lying(execFileSync('sh', ['-c', 'head -c 300000000 /dev/zero | xz -0c'], { maxBuffer: 2 ** 30 }), 1)],
  ['zstd', zstdBomb],
  ['zstd', () => Buffer.from('28b52ffdc0ffffffffffffff7f0000000000000000', 'hex')],
])('a %s bomb is refused before it fills memory', { timeout: 120 * SECOND }, async (compression, make) => {
  const bomb = make();
  const start = used();
  const { part, bytes } = await openContainer(bomb);
  expect(used() - start).toBeLessThan(4 * SECOND);
  expect(part).toMatchObject({ compression, complete: false, size: 0 });
  expect(texts(part.problems)).toMatch(/unpacks to more than \d+ MB/);
  expect(bytes.length).toBe(0);
});

test.each(['gzip', 'xz', 'zstd'])('a %s stream that was cut or changed never throws', async (tool) => {
  const whole = execFileSync(tool, ['-c'], { input: smallModule() });
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length), fc.nat(whole.length - 1), fc.nat(255), async (cut, at, value) => {
      const bytes = Buffer.from(whole.subarray(0, cut));
      if (at < bytes.length) bytes[at] = value;
      inspectModule(await openImage(bytes), { parts: ['identity'] });
    }),
    { numRuns: 200 },
  );
});

test('any bytes at all are answered', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), fc.boolean(), async (bytes, elf) => {
      if (elf) bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1].slice(0, bytes.length));
      expect((await tryImage(bytes, { rows: true })).complaint).toBeUndefined();
    }),
    { numRuns: 2000 },
  );
});
