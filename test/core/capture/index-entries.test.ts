/** Entries of indexes by the bytes of their pages: held against what SQLite itself says of the same file. */
import { closeSync, copyFileSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EVENT_KINDS } from '#contract/event.ts';
import { Entries, indexPages, type Worded } from '#core/capture/index-entries.ts';
import { PageFile } from '#core/capture/page-file.ts';
import { removeFolders, temporaryFolder } from '../builder.ts';
import { randomFrom } from '../filter/trees.ts';
import { madeCapture } from '../made.ts';

let path: string;

beforeAll(() => {
  path = madeCapture(40_000, 5);
});
afterAll(removeFolders);

/** Rows of an index's columns and of the number of the row, in its order; undefined where not all can be told. */
function entriesOf(file: PageFile, name: string, columns: number, worded?: Worded): (number | null)[][] | undefined {
  const pages = indexPages(file, name, columns, worded);
  if (!pages) return undefined;
  const found = rowsOf(pages.between);
  const page = Buffer.alloc(file.pageSize);
  const entries = new Entries(columns, worded?.words);
  for (const number of pages.outer) {
    if (!file.read(number, page) || !entries.read(page)) return undefined;
    found.push(...rowsOf(entries));
  }
  return found.sort(compared);
}

const rowsOf = ({ size, columns }: Entries): (number | null)[][] =>
  Array.from({ length: size }, (_, at) =>
    columns.map((column) => (Number.isNaN(column[at]) ? null : (column[at] ?? null))),
  );

/** As SQLite has it: what is NULL comes first. */
function compared(one: readonly (number | null)[], other: readonly (number | null)[]): number {
  const at = one.findIndex((value, column) => value !== other[column]);
  return (one[at] ?? -Infinity) - (other[at] ?? -Infinity);
}

const IS_CALL = `(kind = 'finit_module' OR kind = 'init_module' OR kind = 'delete_module')`;

const INDEXES: Readonly<Record<string, readonly string[]>> = {
  event_by_ns: ['ns'],
  event_by_call: ['call_id'],
  event_by_process: ['process_id', IS_CALL],
  event_by_file: ['file_id', IS_CALL],
  event_by_return: ['return_value', IS_CALL],
  event_by_like: ['like_seq', 'seq', 'file_id', IS_CALL],
  argument_text_by_seq: ['seq'],
};

function inside(work: (file: PageFile, database: Database.Database) => void, of = path): void {
  const database = new Database(of, { readonly: true });
  const file = new PageFile(of, database);
  work(file, database);
  file.close();
  database.close();
}

test.each(Object.keys(INDEXES))('%s: the entries that SQLite finds', (name) => {
  inside((file, database) => {
    const columns = INDEXES[name] ?? [];
    const table = name.replace(/_by_.*/, '');
    const known = database
      .prepare<[], (number | null)[]>(
        `SELECT ${columns.join()}, rowid FROM ${table} WHERE ${columns[0] ?? ''} IS NOT NULL ORDER BY ${columns.join()}, rowid`,
      )
      .raw()
      .all();
    expect(known.length).toBeGreaterThan(name === 'event_by_like' ? 100 : 10_000);
    expect(entriesOf(file, name, columns.length)).toEqual(known);
  });
});

test('what is not of whole numbers, has another number of columns, or is not there', () => {
  inside((file) => {
    expect(entriesOf(file, 'event_by_kind', 1)).toBeUndefined();
    expect(entriesOf(file, 'event_by_process', 1)).toBeUndefined();
    expect(entriesOf(file, 'event_by_call', 2)).toBeUndefined();
    expect(entriesOf(file, 'event', 1)).toBeUndefined();
    expect(entriesOf(file, 'nowhere', 1)).toBeUndefined();
  });
});

test('whole numbers of every length, and none', () => {
  const own = join(temporaryFolder(), 'numbers.db');
  const database = new Database(own);
  database.exec('CREATE TABLE number (id INTEGER PRIMARY KEY, value INTEGER); CREATE INDEX by_value ON number (value)');
  const add = database.prepare('INSERT INTO number (value) VALUES (?)');
  const values = [7, 8, 15, 16, 23, 24, 31, 32, 46, 47].flatMap((bits) => [2 ** bits - 1, 2 ** bits, -(2 ** bits)]);
  const small = values.filter((value) => value < 2 ** 47 && value >= -(2 ** 47));
  for (const value of [...small, 0, 1, -1, 2, null]) add.run(value);
  const known = (): (number | null)[][] =>
    database.prepare<[], (number | null)[]>('SELECT value, id FROM number ORDER BY value, id').raw().all();
  inside((file) => {
    expect(entriesOf(file, 'by_value', 1)).toEqual(known());
  }, own);
  add.run(2 ** 47);
  inside((file) => {
    expect(entriesOf(file, 'by_value', 1)).toBeUndefined();
  }, own);
  database.close();
});

test('an index without entries has none', () => {
  const own = join(temporaryFolder(), 'none.db');
  const database = new Database(own);
  database.exec('CREATE TABLE number (id INTEGER PRIMARY KEY, value INTEGER); CREATE INDEX by_value ON number (value)');
  inside((file) => {
    expect(entriesOf(file, 'by_value', 1)).toEqual([]);
  }, own);
  database.close();
});

describe('an index of words', () => {
  const kindsOf = (database: Database.Database, kinds: readonly string[]): (number | null)[][] =>
    database
      .prepare<[string], [string, number]>(
        'SELECT kind, seq FROM event WHERE kind IN (SELECT value FROM json_each(?)) ORDER BY kind, seq',
      )
      .raw()
      .all(JSON.stringify(kinds))
      .map(([kind, seq]) => [(EVENT_KINDS as readonly string[]).indexOf(kind), seq]);

  test('each is told by its place', () => {
    inside((file, database) => {
      const known = kindsOf(database, EVENT_KINDS).sort(compared);
      expect(new Set(known.map(([kind]) => kind)).size).toBeGreaterThan(6);
      expect(entriesOf(file, 'event_by_kind', 1, { words: EVENT_KINDS, keys: EVENT_KINDS })).toEqual(known);
    });
  });

  test('only the pages with some of them are named', () => {
    inside((file, database) => {
      const keys = ['module_load', 'init_module', 'clock'];
      const all = indexPages(file, 'event_by_kind', 1, { words: EVENT_KINDS, keys: EVENT_KINDS })?.outer ?? [];
      const some = indexPages(file, 'event_by_kind', 1, { words: EVENT_KINDS, keys })?.outer ?? [];
      expect(some.length).toBeLessThan(all.length / 2);
      const wanted = keys.map((key) => (EVENT_KINDS as readonly string[]).indexOf(key));
      const found = entriesOf(file, 'event_by_kind', 1, { words: EVENT_KINDS, keys }) ?? [];
      expect(found.filter(([kind]) => wanted.includes(kind ?? -1))).toEqual(kindsOf(database, keys).sort(compared));
    });
  });

  test('one that is not among them is for SQL', () => {
    inside((file) => {
      const words = EVENT_KINDS.filter((kind) => kind !== 'module_free');
      expect(entriesOf(file, 'event_by_kind', 1, { words, keys: ['module_free'] })).toBeUndefined();
      expect(entriesOf(file, 'event_by_ns', 1, { words, keys: words })).toBeUndefined();
      expect(entriesOf(file, 'event_by_kind', 1)).toBeUndefined();
    });
  });
});

test('whatever a file says: it ends, and has no more entries than fit into it', () => {
  const changed = `${path}-changed`;
  copyFileSync(path, changed);
  const bytes = readFileSync(path);
  const random = randomFrom(7);
  inside((file, database) => {
    const pages = database
      .prepare<[], number>(
        `SELECT pageno FROM dbstat WHERE name IN ('event_by_process', 'event_by_call', 'event_by_kind')`,
      )
      .pluck()
      .all();
    const inner = database
      .prepare<[], number>(
        `SELECT pageno FROM dbstat WHERE name IN ('event_by_process', 'event_by_call', 'event_by_kind') AND pagetype = 'internal'`,
      )
      .pluck()
      .all();
    expect(inner.length).toBeGreaterThan(1);
    const writable = openSync(changed, 'r+');
    const { pageSize } = file;
    let refused = 0;
    for (let round = 0; round < 300; round++) {
      const some = round % 2 === 0 ? inner : pages;
      const page = some[Math.floor(random() * some.length)] ?? 2;
      const copy = Buffer.from(bytes.subarray((page - 1) * pageSize, page * pageSize));
      for (let times = 1 + Math.floor(random() * 8); times > 0; times--) {
        const at = Math.floor(random() * (random() < 0.7 ? 300 : pageSize));
        copy[at] = random() < 0.3 ? 255 : Math.floor(random() * 256);
      }
      // A page that leads to itself, or to the one above.
      if (round % 10 === 0) copy.writeUInt32BE(some[0] ?? 2, 8);
      writeSync(writable, copy, 0, pageSize, (page - 1) * pageSize);
      for (const [name, columns] of [
        ['event_by_process', 2],
        ['event_by_call', 1],
        ['event_by_kind', 1],
      ] as const) {
        const worded = name === 'event_by_kind' ? { words: EVENT_KINDS, keys: EVENT_KINDS } : undefined;
        const found = entriesOf(file, name, columns, worded);
        if (!found) refused++;
        else expect(found.length).toBeLessThan(bytes.length / 4);
      }
      writeSync(writable, bytes, (page - 1) * pageSize, pageSize, (page - 1) * pageSize);
    }
    closeSync(writable);
    expect(refused).toBeGreaterThan(50);
  }, changed);
});
