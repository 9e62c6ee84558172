/** The images that the window has open, with the real process that reads them. */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OpenModule } from '#contract/module.ts';
import type { Result } from '#contract/result.ts';
import { OpenedCapture } from '../../core/store/open-capture.ts';
import { isModuleName } from '../../main/app/image-name.ts';
import { Modules } from '../../main/app/modules.ts';
import { NODE, ROOT, SAMPLE } from '../../scripts/places.ts';

let folder: string;
let modules: Modules;

const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modtrail-modules-'));
  modules = new Modules({ execPath: NODE, entry: join(ROOT, 'main/store/store.ts') });
});

afterEach(async () => {
  await modules.end();
  rmSync(folder, { recursive: true, force: true });
});

/** The hash of an image that the sample keeps whole. */
function keptImage(): string {
  const capture = new OpenedCapture(SAMPLE);
  try {
    return capture.images().find(({ complete }) => complete)?.sha256 ?? '';
  } finally {
    capture.close();
  }
}

const openImage = async (): Promise<OpenModule> =>
  valueOf(await modules.openImage({ path: SAMPLE, sha256: keptImage(), capture: 'c1' }, 'x.ko'));

describe('an image of a capture', () => {
  test('is opened, asked about and closed', async () => {
    const module = await openImage();
    expect(module).toMatchObject({ name: 'x.ko', from: { capture: 'c1' } });
    expect(valueOf(await modules.ask('moduleBytes', module.id, 0, 4)).bytes).toBe(
      Buffer.from('\x7fELF', 'latin1').toString('base64'),
    );
    expect(modules.list()).toEqual([module]);
    await modules.close(module.id);
    expect(await modules.ask('moduleBytes', module.id, 0, 4)).toMatchObject({ error: { code: 'no-such-row' } });
  });

  test('is opened again after what was being read was called off', async () => {
    const module = await openImage();
    const asked = modules.ask('modulePart', module.id, 'identity');
    await modules.cancel();
    expect(await asked).toMatchObject({ ok: false, error: { code: 'dismissed' } });
    expect((await modules.ask('modulePart', module.id, 'identity')).ok).toBe(true);
  });
});

describe('a file', () => {
  test('keeps its folder to itself as words, and is named as it lies there', async () => {
    const path = join(folder, 'x.ko');
    writeFileSync(path, 'not an image');
    symlinkSync(path, join(folder, 'link.ko'));
    const module = valueOf(await modules.openFile(join(folder, 'link.ko')));
    expect(module).toMatchObject({ name: 'x.ko', folder, facts: { size: 12, storedSize: 12 } });
  });

  test.each([
    ['missing.ko', 'not-found'],
    ['.', 'is-directory'],
  ])('%s is told', async (name, code) => {
    expect(await modules.openFile(join(folder, name))).toMatchObject({ ok: false, error: { code } });
  });
});

test.each([
  ['/lib/x.ko', true],
  ['x.KO.XZ', true],
  ['x.ko.zst', true],
  ['x.modtrail', false],
  ['x.xz', false],
  ['ko', false],
])('%s is named as a module: %s', (name, is) => {
  expect(isModuleName(name)).toBe(is);
});

describe('two images', () => {
  test('are held against each other, also after the process ended', async () => {
    const path = join(folder, 'x.ko');
    writeFileSync(path, 'not an image');
    const [here, there] = [await openImage(), valueOf(await modules.openFile(path))];
    await modules.cancel();
    for (let restart = true; ; restart = false) {
      const step = valueOf(await modules.ask('compareStep', here.id, there.id, restart));
      if (!('comparison' in step)) continue;
      expect(step.comparison).toMatchObject({ identical: false, there: { size: 12 } });
      break;
    }
    const request = { sort: 'group', descending: false, start: 0, limit: 10 } as const;
    expect(valueOf(await modules.ask('differences', here.id, there.id, request)).total).toBeGreaterThan(0);
    await modules.close(there.id);
    const gone = await modules.ask('compareStep', here.id, there.id, true);
    expect(gone).toMatchObject({ ok: false, error: { code: 'no-such-row' } });
  });
});

test('a process that was started before it is asked is used, and the last image that is closed takes it along', async () => {
  modules.warm();
  const module = await openImage();
  await modules.close(module.id);
  expect(await modules.ask('modulePart', module.id, 'elf')).toMatchObject({ error: { code: 'no-such-row' } });
  expect((await openImage()).name).toBe('x.ko');
});

test('a process that nobody needs after all ends, and one that opens something does not', async () => {
  modules.warm();
  await modules.rest();
  const opening = openImage();
  await modules.rest();
  expect(await modules.ask('modulePart', (await opening).id, 'elf')).toMatchObject({ ok: true });
});
