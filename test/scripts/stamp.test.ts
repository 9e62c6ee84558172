import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { DIST, ROOT } from '../../scripts/places.ts';
import { hashOf, once } from '../../scripts/stamp.ts';

let folder: string;
let name: string;

beforeEach(() => {
  folder = mkdtempSync(join(ROOT, '.stamp-test-'));
  name = relative(ROOT, folder);
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  rmSync(join(DIST, '.stamps', name), { force: true });
});

test('a hash follows content and name of every file', () => {
  writeFileSync(join(folder, 'a'), 'one');
  const first = hashOf([name]);
  expect(hashOf([name])).toBe(first);
  writeFileSync(join(folder, 'a'), 'two');
  const second = hashOf([name]);
  writeFileSync(join(folder, 'b'), '');
  expect(new Set([first, second, hashOf([name])]).size).toBe(3);
});

test('a step is done again when its inputs change or its output is gone', async () => {
  const output = join(folder, 'output');
  let times = 0;
  const step = (): Promise<void> => {
    times += 1;
    writeFileSync(output, '');
    return Promise.resolve();
  };
  expect(await once(name, 'hash 1', output, step)).toBe(true);
  expect(await once(name, 'hash 1', output, step)).toBe(false);
  expect(await once(name, 'hash 2', output, step)).toBe(true);
  rmSync(output);
  expect(await once(name, 'hash 2', output, step)).toBe(true);
  expect(times).toBe(3);
});

test('a step that failed is done again', async () => {
  const output = join(folder, 'output');
  writeFileSync(output, '');
  await expect(once(name, 'hash', output, () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(existsSync(join(DIST, '.stamps', name))).toBe(false);
  expect(await once(name, 'hash', output, () => Promise.resolve())).toBe(true);
});
