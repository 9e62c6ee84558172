/** Which pages hold a table's rows or an index's entries: held against what SQLite itself says of the same file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { outerPages, wayTo, type Part, type Tree } from '#core/capture/tree-pages.ts';
import { removeFolders, temporaryFolder } from '../builder.ts';
import { randomFrom } from '../filter/trees.ts';
import { madeCapture } from '../made.ts';

let path: string;
let bytes: Buffer;
let database: Database.Database;
let pageSize: number;

beforeAll(() => {
  path = madeCapture(40_000, 5);
  bytes = readFileSync(path);
  database = new Database(path, { readonly: true });
  pageSize = Number(database.pragma('page_size', { simple: true }));
});

afterAll(() => {
  database.close();
  removeFolders();
});

const reading = (from: Buffer) => (page: number) =>
  page * pageSize <= from.length ? from.subarray((page - 1) * pageSize, page * pageSize) : undefined;

const rootOf = (name: string): number =>
  database.prepare<[string], number>('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name) ?? 0;

const treeOf = (name: string): Tree => ({ root: rootOf(name), pages: bytes.length / pageSize, pageSize });

const pagesOf = (name: string, part?: Part): number[] => [...outerPages(treeOf(name), reading(bytes), part)].flat();

/** Outermost pages as SQLite names them, in the order of their keys. */
const known = (name: string): number[] =>
  database
    .prepare<[string], number>(
      `SELECT pageno FROM dbstat WHERE name = ? AND pagetype = 'leaf' AND path <> '/' ORDER BY path`,
    )
    .pluck()
    .all(name);

const names = (): string[] =>
  database.prepare<[], string>('SELECT name FROM sqlite_schema WHERE rootpage > 0').pluck().all();

test('of every table and index: the pages that SQLite names, in the order of the keys', () => {
  const large = names().filter((name) => known(name).length > 0);
  expect(large).toContain('event');
  expect(large).toContain('event_by_kind');
  for (const name of names()) {
    expect(pagesOf(name), name).toEqual(known(name));
    expect(pagesOf(name, { descending: true }), name).toEqual(known(name).toReversed());
  }
});

test('a way to a share of a tree ends at an outermost page', () => {
  const pages = known('event');
  for (const share of [0, 0.3, 0.5, 0.999_999])
    expect(pages).toContain(wayTo(share, treeOf('event'), reading(bytes)).at(-1));
  expect(wayTo(0, treeOf('event'), reading(bytes)).at(-1)).toBe(pages[0]);
  expect(wayTo(0.999_999, treeOf('event'), reading(bytes)).at(-1)).toBe(pages.at(-1));
});

/** What a count comes to in a copy in which only some of an index's pages are whole. */
function counted(index: string, kept: ReadonlySet<number>, where: string): number | 'damaged' {
  const copy = Buffer.from(bytes);
  for (const page of known(index)) if (!kept.has(page)) copy.fill(0, (page - 1) * pageSize, page * pageSize);
  const file = join(temporaryFolder(), 'copy.sqlite');
  writeFileSync(file, copy);
  const damaged = new Database(file, { readonly: true });
  try {
    const sql = `SELECT count(*) FROM event INDEXED BY ${index} WHERE ${where}`;
    return damaged.prepare<[], number>(sql).pluck().get() ?? 0;
  } catch {
    return 'damaged';
  } finally {
    damaged.close();
  }
}

test.each([
  ['event_by_kind', 'module_load', "kind = 'module_load'"],
  ['event_by_kind', 'finit_module', "kind = 'finit_module'"],
  ['event_by_kind', 'delete_module', "kind = 'delete_module'"],
  ['event_by_return', 0n, 'return_value = 0'],
  ['event_by_return', -1n, 'return_value = -1'],
  ['event_by_return', -17n, 'return_value = -17'],
  ['event_by_process', 5000n, 'process_id = 5000'],
])('the pages of %s for %s are enough to find all of them, and none is too many', (index, key, where) => {
  const whole = database.prepare<[], number>(`SELECT count(*) FROM event WHERE ${where}`).pluck().get() ?? 0;
  expect(whole).toBeGreaterThan(0);
  const pages = pagesOf(index, { key });
  expect(pages.length).toBeLessThan(known(index).length);
  expect(counted(index, new Set(pages), where)).toBe(whole);
  // The first and the last may hold none: a key can begin exactly where a page does.
  for (const page of pages.slice(1, -1)) {
    expect(counted(index, new Set(pages.filter((other) => other !== page)), where)).not.toBe(whole);
    if (pages.length > 12) break;
  }
});

test('whatever a file says: it ends, and names pages that the file has', () => {
  const random = randomFrom(77);
  const trees = ['event', 'event_by_kind', 'event_by_return', 'argument_text'].map(treeOf);
  const keys = [undefined, 'finit_module', '', -1n, 2n ** 62n];
  for (let round = 0; round < 3000; round++) {
    const tree = trees[Math.floor(random() * trees.length)] as Tree;
    const changed = new Map<number, Buffer>();
    const read = (page: number): Buffer | undefined => {
      const known = changed.get(page);
      if (known || random() < 0.01) return known;
      const copy = Buffer.from(reading(bytes)(page) ?? Buffer.alloc(pageSize));
      const most = random() < 0.3 ? 200 : 6;
      for (let times = Math.floor(random() * most); times > 0; times--) {
        // Most of what matters stands at the beginning.
        const at = Math.floor(random() * (random() < 0.7 ? 24 : pageSize));
        copy[at] = random() < 0.3 ? 255 : Math.floor(random() * 256);
      }
      if (random() < 0.1) copy.writeUInt32BE(tree.root, 8); // leads back to itself
      changed.set(page, copy);
      return copy;
    };
    const key = keys[Math.floor(random() * keys.length)];
    const pages = [...outerPages(tree, read, { key, descending: random() < 0.5 })].flat();
    expect(pages.every((page) => Number.isInteger(page) && page >= 1 && page <= tree.pages)).toBe(true);
    expect(pages.length).toBeLessThan(tree.pages + pageSize);
    expect(wayTo(random(), tree, read).length).toBeLessThanOrEqual(20);
  }
});
