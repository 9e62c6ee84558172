/** Debian's modules, as the inspector reads them and as modinfo, readelf, nm and xz do. MODTRAIL_CORPUS=all: every one. */
import { basename, dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { usesOfOwnEntry } from '#core/module/capability/own-entry.ts';
import { openImage } from '#core/module/image.ts';
import { readModuleFile } from '#core/module/read-file.ts';
import { compare } from '../../scripts/corpus/compare.ts';
import { modulesUnder, slice } from '../../scripts/corpus/modules.ts';
import { cacheFolder } from '../../scripts/places.ts';
import { prepareKernel } from './boot/kernel.ts';
import { LINES } from './lines.ts';

const SLICE = 32;
const BATCH = 32;
const HOUR = 60 * 60 * 1000;

describe.each(LINES.map(({ line }) => line))('%s', (line) => {
  test('everybody says the same of its modules', { timeout: 2 * HOUR }, async () => {
    const { image } = prepareKernel(line, join(cacheFolder(), 'kernels'), () => undefined);
    const all = modulesUnder(join(dirname(image), 'tree/lib/modules'));
    const chosen = process.env['MODTRAIL_CORPUS'] === 'all' ? all : slice(all, SLICE);
    expect(chosen.length).toBeGreaterThanOrEqual(SLICE);
    for (let at = 0; at < chosen.length; at += BATCH) expect(await compare(chosen.slice(at, at + BATCH))).toEqual([]);
  });

  test('modules that hide reach into their own entry of the list, and no other does', { timeout: HOUR }, async () => {
    const { image, testModules } = prepareKernel(line, join(cacheFolder(), 'kernels'), () => undefined);
    const all = modulesUnder(join(dirname(image), 'tree/lib/modules'));
    const chosen = process.env['MODTRAIL_CORPUS'] === 'all' ? all : slice(all, SLICE);
    const reaching: string[] = [];
    for (const path of [...modulesUnder(testModules), ...chosen]) {
      if (usesOfOwnEntry(await openImage(readModuleFile(path))).length > 0) reaching.push(basename(path));
    }
    expect(reaching.toSorted()).toEqual(['mt_hide_list.ko', 'mt_hide_sysfs.ko']);
  });
});
