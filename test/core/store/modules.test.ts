/** What the process for modules answers, on the images that the sample holds. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InspectionParts, PartName } from '#contract/inspect.ts';
import type { ListRequest, ModuleList, ModuleRow, SectionRow, StringRow, SymbolRow } from '#contract/module-rows.ts';
import type { Result } from '#contract/result.ts';
import { createModuleStore } from '../../../core/store/modules.ts';
import { OpenedCapture } from '../../../core/store/open-capture.ts';
import { SAMPLE } from '../../../scripts/places.ts';

const store = createModuleStore();
const folder = mkdtempSync(join(tmpdir(), 'modtrail-modules-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const valueOf = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.error.message);
  return result.value;
};

let sha256: string;
let bytes: Buffer;
let handle: string;

beforeAll(async () => {
  const capture = new OpenedCapture(SAMPLE);
  sha256 = capture.images().find(({ complete }) => complete)?.sha256 ?? '';
  ({ bytes } = capture.imageBytes({ sha256 }));
  capture.close();
  ({ handle } = valueOf(await store.openModuleImage(SAMPLE, sha256)));
});

const part = <Name extends PartName>(name: Name): InspectionParts[Name] =>
  JSON.parse(valueOf(store.modulePart(handle, name))) as InspectionParts[Name];

const REQUEST = { descending: false, start: 0, limit: 1000 } as const;
const rows = (list: ModuleList, request: Partial<ListRequest> = {}): readonly ModuleRow[] =>
  valueOf(store.moduleRows(handle, list, { ...REQUEST, sort: 'name', ...request })).rows;

describe('an image', () => {
  test('gives its exact bytes, a piece at a time, and fewer at its end', () => {
    const whole = [];
    for (let at = 0; at < bytes.length; at += 1000) {
      whole.push(Buffer.from(valueOf(store.moduleBytes(handle, at, 1000)).bytes, 'base64'));
    }
    expect(Buffer.concat(whole).equals(bytes)).toBe(true);
    expect(valueOf(store.moduleBytes(handle, bytes.length + 5, 16)).bytes).toBe('');
  });

  test('is the same from a compressed file, its offsets those of the unpacked bytes', async () => {
    const path = join(folder, 'x.ko.gz');
    writeFileSync(path, gzipSync(bytes));
    const opened = valueOf(await store.openModule(path));
    expect(opened.facts).toMatchObject({ size: bytes.length, compression: 'gzip' });
    const first = valueOf(store.moduleBytes(opened.handle, 0, 4));
    expect(Buffer.from(first.bytes, 'base64').toString('latin1')).toBe('\x7fELF');
    expect(valueOf(store.closeModule(opened.handle))).toBe(null);
    expect(store.moduleBytes(opened.handle, 0, 4)).toMatchObject({ ok: false, error: { code: 'no-such-row' } });
  });

  test('that is none is refused by its content, and looked at all the same where it is named as one', async () => {
    const text = join(folder, 'notes.txt');
    const named = join(folder, 'notes.ko');
    for (const path of [text, named]) writeFileSync(path, 'no module, but /bin/sh and http://example.org/x');
    expect(await store.openModule(text)).toMatchObject({ ok: false, error: { code: 'not-a-module' } });
    const opened = valueOf(await store.openModule(named));
    expect(store.modulePart(opened.handle, 'sections')).toMatchObject({ ok: false });
    const page = valueOf(store.moduleRows(opened.handle, 'symbols', { ...REQUEST, sort: 'name' }));
    expect(page.total).toBe(0);
    const strings = valueOf(store.moduleRows(opened.handle, 'strings', { ...REQUEST, sort: 'offset' }));
    expect((strings.rows[0] as StringRow).marks).toContain('url');
    expect(valueOf(store.placeInModule(opened.handle, 3)).things.map(({ kind }) => kind)).toEqual(['string']);
  });

  test('is not opened from a hash that the capture does not hold', async () => {
    expect(await store.openModuleImage(SAMPLE, 'ab'.repeat(32))).toMatchObject({ ok: false });
  });
});

describe('lists', () => {
  test('hold every symbol and section of the parts', () => {
    expect(rows('symbols')).toHaveLength(Math.min(part('symbols').entries.length, 1000));
    const sections = rows('sections', { sort: 'index' }) as SectionRow[];
    expect(sections.map(({ name }) => name)).toEqual(part('sections').entries.map(({ name }) => name));
    expect(valueOf(store.moduleRows(handle, 'relocations', { ...REQUEST, sort: 'section' })).total).toBe(
      part('relocations').count,
    );
  });

  test('are sorted, turned round, narrowed down and taken by kind', () => {
    const sizes = (rows('sections', { sort: 'size', descending: true }) as SectionRow[]).map((row) => row.bytes);
    expect(sizes).toEqual(sizes.toSorted((one, other) => other - one));
    const named = rows('sections', { sort: 'index', filter: 'MODINFO' }) as SectionRow[];
    expect(named.map(({ name }) => name)).toContain('.modinfo');
    expect(named.length).toBeLessThan(part('sections').entries.length);
    const imports = rows('symbols', { only: 'import' }) as SymbolRow[];
    expect(imports.map(({ name }) => name).toSorted()).toEqual(
      part('imports')
        .entries.map(({ name }) => name)
        .toSorted(),
    );
  });

  test('say where a row stands in an order, and that it is not in another', () => {
    const order = { sort: 'size', descending: true } as const;
    const sorted = rows('sections', order);
    const [, second] = sorted;
    expect(valueOf(store.moduleRowIndex(handle, 'sections', second?.id ?? 0, order))).toBe(1);
    expect(store.moduleRowIndex(handle, 'sections', 0, { ...order, filter: '.modinfo' })).toMatchObject({ ok: false });
  });

  test('imports say what they give, where the table knows them', () => {
    const [group] = part('capabilities').groups;
    const [known] = group?.imports ?? [];
    const found = rows('symbols', { only: `gives:${group?.id ?? ''}` }) as SymbolRow[];
    expect(found.find(({ name }) => name === known?.name)?.gives).toBe(known?.gives);
  });

  test('strings are those of strings(1)', () => {
    const path = join(folder, 'image');
    writeFileSync(path, bytes);
    const told = execFileSync('strings', ['-a', '-n', '6', '-t', 'd', path], { encoding: 'latin1' })
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => Number(line.trim().split(' ', 1)[0]));
    const found = (rows('strings', { sort: 'offset' }) as StringRow[]).filter(({ encoding }) => encoding === 'ASCII');
    // What seems to be text in tables of numbers is chance, and not listed.
    expect(found.length).toBeGreaterThan(20);
    expect(told).toEqual(expect.arrayContaining(found.map(({ offset }) => offset)));
  });
});

describe('a byte', () => {
  const kinds = (offset: number): string[] =>
    valueOf(store.placeInModule(handle, offset)).things.map(({ kind }) => kind);

  test('belongs to a header, a section, a symbol, an entry of .modinfo, a string', () => {
    expect(kinds(0)).toContain('header');
    const [entry] = part('modinfo').entries;
    expect(kinds(entry?.range.offset ?? 0)).toEqual(expect.arrayContaining(['section', 'modinfo', 'string']));
    const [first] = part('functions').entries;
    const things = valueOf(store.placeInModule(handle, first?.range?.offset ?? 0)).things;
    expect(things.map(({ words }) => words)).toContain(first?.name);
  });

  test('of every area of the layout lies in that area, and the areas cover the file without a hole', () => {
    let end = 0;
    for (const { range, kind, name } of part('layout').areas) {
      expect(range.offset).toBe(end);
      end = range.offset + range.size;
      const { things } = valueOf(store.placeInModule(handle, range.offset));
      if (kind === 'section') expect(things.some(({ words }) => words.startsWith(name))).toBe(true);
    }
    expect(end).toBe(bytes.length);
  });
});

describe('the find box', () => {
  test('finds in every tab, with how often', () => {
    const license = part('modinfo').license ?? '';
    const { things, totals } = valueOf(store.findInModule(handle, license.toUpperCase()));
    expect(things.map(({ tab }) => tab)).toEqual(expect.arrayContaining(['overview', 'strings']));
    expect(totals.overview).toBeGreaterThan(0);
    const name = part('imports').entries[0]?.name ?? '';
    expect(
      valueOf(store.findInModule(handle, name)).things.some(({ tab, words }) => tab === 'symbols' && words === name),
    ).toBe(true);
  });

  test('says so where there is nothing', () => {
    expect(valueOf(store.findInModule(handle, 'no such text anywhere'))).toEqual({ things: [], totals: {} });
  });
});
