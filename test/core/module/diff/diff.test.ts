import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { diffBytes } from '#core/module/diff/bytes.ts';
import { diffModules } from '#core/module/diff/diff.ts';
import { openImage, type ModuleImage } from '#core/module/image.ts';
import { inspectModule } from '#core/module/inspect.ts';
import { sampleBytes, sampleImage } from '../sample-modules.ts';

const compare = async (a: Uint8Array, b: Uint8Array) =>
  diffModules({ file: 'a.ko', image: await openImage(a) }, { file: 'b.ko', image: await openImage(b) });

function functionsOf(image: ModuleImage) {
  return inspectModule(image, { parts: ['functions'] }).functions?.entries ?? [];
}

describe('modules of the sample', () => {
  let params: Buffer;
  let image: ModuleImage;
  beforeAll(async () => {
    params = sampleBytes('mt_params.ko');
    image = await openImage(params);
  });

  test('the same module does not differ', async () => {
    const diff = await compare(params, params);
    expect(diff).toMatchObject({ identical: true, modinfo: [], parameters: [], sections: [], exports: { gained: [] } });
    expect(diff.functions).toMatchObject({ added: [], removed: [], changed: [], same: functionsOf(image).length });
    expect(diff.bytes).toEqual({ different: 0, ranges: [], more: false });
  });

  test('another vermagic: that key, its section, and those bytes', async () => {
    const diff = await compare(params, sampleBytes('mt_badmagic.ko'));
    expect(diff.identical).toBe(false);
    expect(diff.modinfo.map(({ name }) => name)).toEqual(['vermagic']);
    expect(diff.sections.map(({ name }) => name)).toEqual(['.modinfo']);
    expect(diff.functions).toMatchObject({ added: [], removed: [], changed: [] });
    expect(diff.bytes.different).toBeGreaterThan(0);
  });

  test('another module: functions, parameters and imports by name', async () => {
    const diff = await compare(sampleBytes('mt_base.ko'), params);
    expect(diff.functions.added.map(({ name }) => name)).toContain('mt_params_init');
    expect(diff.functions.removed.map(({ name }) => name)).toContain('mt_base_init');
    expect(diff.exports.lost).toContain('mt_base_answer');
    expect(diff.parameters.length).toBeGreaterThan(0);
    expect(diff.parameters.every(({ a }) => a === undefined)).toBe(true);
  });

  test('one byte of a function: only that function changed, and from there on', async () => {
    const [victim] = functionsOf(image).filter(({ role }) => role === 'init');
    const range = victim?.range ?? { offset: 0, size: 0 };
    // The last byte that is no field of a relocation: the function's own code.
    const changed = Buffer.from(params);
    // call __fentry__ is five bytes; the first byte after it begins an instruction.
    changed[range.offset + 5] = 0xcc;
    const diff = await compare(params, changed);
    expect(diff.functions.changed).toMatchObject([
      { name: victim?.name, from: { a: { offset: range.offset + 5 }, b: { offset: range.offset + 5, size: 1 } } },
    ]);
    expect(diff.functions.same).toBe(functionsOf(image).length - 1);
  });

  test('a call that leads elsewhere: the bytes of the code are the same, what it means is not', async () => {
    const [victim] = functionsOf(image).filter(({ role }) => role === 'init');
    const section = image.sections[victim?.section ?? 0];
    const table = section && image.relocationsOf(section);
    if (!table) throw new Error('init has no relocations');
    const { symbols } = image;
    const undefinedOnes = Array.from({ length: table.count }, (_, index) => index).filter(
      (index) => symbols.isUndefined(table.symbol(index)) && symbols.name(table.symbol(index)) === '_printk',
    );
    const other = inspectModule(image, { parts: ['imports'] }).imports?.entries.find(({ name }) => name !== '_printk');
    const changed = Buffer.from(params);
    const at = (table.section.range?.offset ?? 0) + (undefinedOnes[0] ?? 0) * 24 + 12;
    changed.writeUInt32LE(other?.symbol ?? 0, at);
    const diff = await compare(params, changed);
    expect(diff.functions.changed.map(({ name }) => name)).toEqual([victim?.name]);
    expect(diff.sections.map(({ name }) => name)).toEqual([`.rela${section.name}`]);
  });

  test('bytes changed anywhere: an answer, never an exception', async () => {
    const base = sampleBytes('mt_base.ko');
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 64, max: base.length }),
        async (changes, cut) => {
          const altered = Buffer.from(base.subarray(0, cut));
          for (const [at, byte] of changes) if (at < cut) altered[at] = byte;
          const diff = await compare(base, altered);
          expect(diff.identical).toBe(Buffer.compare(base, altered) === 0);
        },
      ),
      { numRuns: 150 },
    );
  });
});

test('bytes: every one that differs, and what only one has', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.uint8Array({ maxLength: 60 }), (a, b) => {
      const { different, ranges } = diffBytes(a, b);
      const most = Math.max(a.length, b.length);
      const truth = Array.from({ length: most }, (_, at) => at).filter((at) => a[at] !== b[at]);
      expect(different).toBe(truth.length);
      for (const at of truth) expect(ranges.some(({ offset, size }) => at >= offset && at < offset + size)).toBe(true);
    }),
  );
});

test('the sample’s images are read as modules', async () => {
  expect(inspectModule(await sampleImage('mt_noexit.ko'), { parts: ['identity'] }).identity?.name).toBe('mt_noexit');
});
