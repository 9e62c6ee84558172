/** The inspector's stores on an image of the sample: its parts, its bytes, its lists, the search, the way back. */
import { bridge, moduleCore, SAMPLE, settled } from '../page.ts';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { OpenModule } from '#contract/module.ts';
import { fail } from '#contract/result.ts';
import { OpenedCapture } from '../../../core/store/open-capture.ts';
import { useByteSearch } from '../../../renderer/stores/module/byte-search.ts';
import { useModuleBytes } from '../../../renderer/stores/module/bytes.ts';
import { useModuleCursor } from '../../../renderer/stores/module/cursor.ts';
import { useSymbolRows } from '../../../renderer/stores/module/lists.ts';
import { useModules } from '../../../renderer/stores/module/modules.ts';
import { useModuleParts } from '../../../renderer/stores/module/parts.ts';
import { useModulePlace } from '../../../renderer/stores/module/place.ts';

let module: OpenModule;

async function openImage(): Promise<OpenModule> {
  const capture = new OpenedCapture(SAMPLE);
  const sha256 = capture.images().find(({ complete }) => complete)?.sha256 ?? '';
  capture.close();
  const opened = await moduleCore.openModuleImage(SAMPLE, sha256);
  if (!opened.ok) throw new Error(opened.error.message);
  return { id: opened.value.handle, name: 'x.ko', facts: opened.value.facts };
}

beforeEach(async () => {
  module = await openImage();
});

test('parts come one after the other, and what cannot be read is told while the rest is shown', async () => {
  const parts = useModuleParts();
  const whole = bridge.modulePart.bind(bridge);
  vi.spyOn(bridge, 'modulePart').mockImplementation((id, name) =>
    name === 'signature' ? Promise.resolve(fail('not-a-module', 'it is cut')) : whole(id, name),
  );
  await useModules().show(module);
  await vi.waitFor(() => {
    expect(parts.reading).toBeUndefined();
    expect(parts.parts.layout).toBeDefined();
  });
  expect(parts.parts.identity?.size).toBe(module.facts.size);
  expect(parts.problems).toContainEqual({ where: 'signature', text: 'it is cut' });
});

test('what is called off is not read on until it is asked for', async () => {
  const parts = useModuleParts();
  const asked = vi.spyOn(bridge, 'modulePart').mockResolvedValueOnce(fail('dismissed', 'called off'));
  await useModules().show(module);
  await settled();
  expect([parts.calledOff, asked.mock.calls.length]).toEqual([true, 1]);
  await parts.read();
  expect([parts.calledOff, parts.parts.elf?.class]).toEqual([false, 64]);
});

describe('bytes', () => {
  test('are fetched for what is wanted, and whole for what is copied', async () => {
    const bytes = useModuleBytes();
    await useModules().show(module);
    bytes.want(0, 20);
    await settled();
    expect(Buffer.from(bytes.slice(0, 4) ?? []).toString('latin1')).toBe('\x7fELF');
    const whole = await bytes.whole(0, module.facts.size);
    expect(whole?.length).toBe(module.facts.size);
    expect(bytes.slice(module.facts.size - 4, 100)?.length ?? 4).toBe(4);
  });

  test('the cursor says what they belong to, and a selection goes from where it began', async () => {
    const cursor = useModuleCursor();
    await useModules().show(module);
    cursor.move(16, false);
    cursor.move(12, true);
    expect(cursor.selection).toEqual({ offset: 12, size: 5 });
    await settled();
    expect(cursor.belongs?.things.map(({ kind }) => kind)).toContain('header');
    const copied = vi.spyOn(bridge, 'copyText');
    cursor.move(0, false);
    cursor.move(3, true);
    await cursor.copy('hex');
    expect(copied).toHaveBeenCalledWith('7f 45 4c 46');
  });

  test('are searched, with hits gone through round and round, and a pattern that is none told', async () => {
    const search = useByteSearch();
    await useModules().show(module);
    search.kind = 'bytes';
    await search.search('7f 45 4c 46');
    expect(search.hits[0]).toEqual({ offset: 0, size: 4 });
    search.step(-1);
    expect(search.at).toBe(search.hits.length - 1);
    search.step(1);
    expect(search.hit?.offset).toBe(0);
    await search.search('7f 4');
    expect([search.hits.length, search.problem]).toEqual([0, expect.stringContaining('pairs')]);
  });
});

describe('the way', () => {
  test('goes back and forward, and forgets what was ahead when another way is taken', async () => {
    const way = useModulePlace();
    await useModules().show(module);
    await settled();
    way.showTab('symbols');
    way.light({ offset: 8, size: 4, words: 'x' }, '7');
    way.showTab('hex');
    expect(way.place).toMatchObject({ tab: 'hex', lit: { offset: 8 } });
    way.back();
    expect(way.place).toMatchObject({ tab: 'symbols', row: '7' });
    way.back();
    way.back();
    expect([way.place.tab, way.canBack, way.canForward]).toEqual(['overview', false, true]);
    way.showTab('strings');
    expect(way.canForward).toBe(false);
  });

  test('begins anew with another image', async () => {
    const way = useModulePlace();
    await useModules().show(module);
    await settled();
    way.showTab('hex');
    await useModules().show(await openImage());
    await settled();
    expect([way.place.tab, way.canBack]).toEqual(['overview', false]);
  });
});

test('symbols begin with the imports, and are narrowed down', async () => {
  const symbols = useSymbolRows();
  await useModules().show(module);
  await settled();
  symbols.want(0, 0);
  await settled();
  expect(symbols.row(0)).toMatchObject({ kind: 'import' });
  const imports = symbols.total ?? 0;
  symbols.only = '';
  await vi.waitFor(() => {
    expect(symbols.total).toBeGreaterThan(imports);
  });
});
