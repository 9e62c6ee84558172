/** What holds for the components as texts: they draw and ask stores, and nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse } from 'vue/compiler-sfc';
import { ROOT } from '../../scripts/places.ts';
import { filesUnder } from '../../scripts/stamp.ts';

const SOURCES = filesUnder('renderer').filter((file) => /\.(ts|vue)$/.test(file));
const COMPONENTS = SOURCES.filter((file) => file.endsWith('.vue'));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

test('only the bridge knows what the preload script left in the window', () => {
  // Words may name programs and folders: modtrail-collector, "modtrail attach -", /var/lib/modtrail.
  const knowing = SOURCES.filter((file) => /(?<!\/lib\/|\*\.)\bmodtrail\b(?!-collector| attach -)/.test(read(file)));
  expect(knowing.sort()).toEqual(['renderer/bridge.ts', 'renderer/env.d.ts']);
});

test('nothing in the page is SQL, opens a connection or keeps data of its own', () => {
  const FOREIGN = /\bSELECT\b|XMLHttpRequest|WebSocket|localStorage|indexedDB|\beval\(|new Function/;
  expect(SOURCES.filter((file) => FOREIGN.test(read(file)))).toEqual([]);
});

describe.each(COMPONENTS)('%s', (file) => {
  const { descriptor, errors } = parse(read(file), { filename: file, sourceMap: false });

  test('says what it is for', () => {
    expect(errors).toEqual([]);
    expect(descriptor.scriptSetup?.content.trimStart()).toMatch(/^\/\*\*/);
  });

  test('has no bridge, no raw HTML and no handler in an attribute', () => {
    const script = descriptor.scriptSetup?.content ?? '';
    expect(script).not.toMatch(/bridge/);
    const template = descriptor.template?.content ?? '';
    expect(template).not.toMatch(/v-html|\son[a-z]+=|javascript:/);
  });
});
