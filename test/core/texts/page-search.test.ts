/** Texts found by the bytes of pages: the same rows that SQL finds, whatever the texts are and whatever the file says. */
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Attempts } from '#core/attempt/attempts.ts';
import { EventReader } from '#core/capture/events.ts';
import { openCapture, type Capture } from '#core/capture/open.ts';
import { PageFile, pageFileOf } from '#core/capture/page-file.ts';
import { Filters } from '#core/filter/filters.ts';
import type { FoundTexts, Pages, PartOf } from '#core/filter/sets.ts';
import { PageSearch } from '#core/texts/page-search.ts';
import { removeFolders } from '../builder.ts';
import { ended } from '../ended.ts';
import { randomFrom } from '../filter/trees.ts';
import { madeCapture } from '../made.ts';

const LONG = 'x'.repeat(20_000);

/** What recorders write seldom or never: bytes that are no text, NULs, texts over several pages, texts where bytes belong. */
const ODD_TEXTS = [
  Buffer.from('dummy\xffinsmod', 'latin1'),
  Buffer.from([0xff, 0x64, 0x65]),
  'Über\0Insmod',
  'INSMOD',
  `${LONG}needle`,
  Buffer.from(`${LONG}needle`),
  'in',
  'smod',
];

let path: string;
let capture: Capture;
let filters: Filters;
let pages: PageSearch;

beforeAll(() => {
  path = madeCapture(20_000, 11);
  const database = new Database(path);
  database.pragma('journal_mode = DELETE');
  for (const [at, text] of ODD_TEXTS.entries()) {
    const [odd, argv] = [`id % 97 = ${String(at)}`, Buffer.isBuffer(text) ? text : Buffer.from(`/bin/${text}\0-f\0`)];
    database.prepare(`UPDATE process SET cgroup = ? WHERE ${odd}`).run(text);
    database.prepare(`UPDATE process SET comm = ? WHERE id % 89 = ?`).run(text, at);
    database.prepare(`UPDATE process SET argv = ? WHERE id % 83 = ?`).run(argv, at);
    database.prepare(`UPDATE argument_text SET bytes = ? WHERE id % 101 = ?`).run(text, at);
  }
  // What was deleted is still in the pages.
  database.prepare('DELETE FROM argument_text WHERE id % 13 = 5').run();
  database.prepare('DELETE FROM request_fact WHERE seq % 5 = 2').run();
  database.close();
  capture = openCapture(path);
  const attempts = new Attempts(capture, new EventReader(capture));
  attempts.survey.step(Infinity);
  filters = new Filters(capture, attempts);
  const file = pageFileOf(capture);
  if (!file) throw new Error('the capture is not taken for a finished one');
  pages = new PageSearch(file, capture.database);
});

afterAll(() => {
  capture.close();
  removeFolders();
});

/** What was answered by bytes. */
const told = new Set<string>();

const watched: Pages = {
  find(part: PartOf) {
    const finding = pages.find(part);
    return (
      finding &&
      (function* (): Generator<void, FoundTexts | undefined> {
        const found = yield* finding;
        if (found) told.add(part.source);
        return found;
      })()
    );
  },
};

function kept(filter: string, by: Pages | undefined): bigint[] {
  filters.pages = by;
  const condition = filters.stepwise(filter, 'events');
  const { where, params } = ended(condition.find());
  const seqs = capture.database
    .prepare<unknown[], bigint>(`SELECT event.seq FROM event WHERE ${where} ORDER BY event.seq`)
    .pluck()
    .all(...params);
  condition.end();
  return seqs;
}

const FIELDS = ['process.comm', 'process.cgroup', 'process.argv', 'param_values', 'module.name', 'module.version'];

const PARTS = [
  ...['insmod', 'SMOD', 'nvidia', 'usb', 'needle', 'xneedle', 'dummy', 'xff', 'ff', 'de', 'dmod', 'e', '.', '-f'],
  ...['docker', '\\xff', 'a b', 'Ü', '(', 'nosuchthing'],
];

const quoted = (part: string): string => `"${part.replaceAll('\\', '\\\\')}"`;

/** A bare word's statement goes through all events: only of one. */
const WORDS = ['xff'];

test('each field, and a bare word: the rows that SQL finds', () => {
  for (const part of PARTS) {
    const words = WORDS.includes(part) ? [quoted(part)] : [];
    for (const filter of [...FIELDS.map((field) => `${field} contains ${quoted(part)}`), ...words]) {
      expect(kept(filter, watched), filter).toEqual(kept(filter, undefined));
    }
  }
  expect([...told].toSorted()).toEqual([
    ...['argument_text.bytes', 'asked', 'module_fact.name', 'module_fact.version'],
    ...['process.argv', 'process.cgroup', 'process.comm', 'request_fact.name'],
  ]);
  expect(kept('param_values contains needle', watched).length).toBeGreaterThan(10);
}, 120_000);

test('parts of texts that are there, of any length', () => {
  const texts = capture.database
    .prepare<[], string>(
      `SELECT CAST(bytes AS TEXT) FROM argument_text WHERE bytes IS NOT NULL AND id % 37 = 1
       UNION SELECT CAST(argv AS TEXT) FROM process WHERE argv IS NOT NULL AND id % 17 = 1
       UNION SELECT CAST(name AS TEXT) FROM module_fact WHERE seq % 29 = 1 ORDER BY 1 LIMIT 30`,
    )
    .pluck()
    .all();
  expect(texts.length).toBe(30);
  for (const [at, text] of texts.entries()) {
    const [word = ''] = /[!#-[\]-~]+/.exec(text.slice(at % Math.max(1, text.length >> 1))) ?? [];
    if (word === '') continue;
    const filter = `${FIELDS[at % FIELDS.length] ?? ''} contains ${quoted(word.slice(0, 1 + (at % 7)))}`;
    expect(kept(filter, watched), filter).toEqual(kept(filter, undefined));
  }
}, 120_000);

test('two ways through a table at once find what each finds alone', () => {
  const file = pageFileOf(capture);
  const fresh = (): PageSearch => new PageSearch(file ?? expect.fail(), capture.database, undefined, 4);
  const parts = ['insmod', 'needle'].map((part): PartOf => ({ source: 'process.cgroup', part, rest: part }));
  const alone = parts.map((part) => ended(fresh().find(part) ?? expect.fail()));
  const search = fresh();
  const [first, second] = parts.map((part) => search.find(part) ?? expect.fail());
  for (let steps = 0; steps < 5; steps++) expect(first?.next().done).toBe(false);
  const later = second && ended(second);
  expect([first && ended(first), later]).toEqual(alone);
  expect(alone[0]?.unclear.length).toBeGreaterThan(10);
  file?.close();
});

test('whatever a file says: it ends, and tells nothing of tables that are not as SQLite writes them', () => {
  const random = randomFrom(5);
  const bytes = readFileSync(path);
  const changed = `${path}-changed`;
  writeFileSync(changed, bytes);
  const pageSize = Number(capture.database.pragma('page_size', { simple: true }));
  const file = new PageFile(changed, capture.database);
  const leaves = capture.database
    .prepare<[], bigint>(`SELECT pageno FROM dbstat WHERE name IN ('process', 'argument_text', 'module_fact')`)
    .pluck()
    .all()
    .map(Number);
  const writable = openSync(changed, 'r+');
  let refused = 0;
  for (let round = 0; round < 150; round++) {
    const touched = Array.from({ length: 1 + (round % 3) }, () => leaves[Math.floor(random() * leaves.length)] ?? 1);
    for (const page of touched) {
      const copy = Buffer.from(bytes.subarray((page - 1) * pageSize, page * pageSize));
      for (let times = 1 + Math.floor(random() * 8); times > 0; times--) {
        const at = Math.floor(random() * (random() < 0.7 ? 300 : pageSize));
        copy[at] = random() < 0.3 ? 255 : Math.floor(random() * 256);
      }
      writeSync(writable, copy, 0, pageSize, (page - 1) * pageSize);
    }
    const search = new PageSearch(file, capture.database);
    for (const source of ['process.argv', 'argument_text.bytes', 'module_fact.name'] as const) {
      const finding = search.find({ source, part: 'insmod', rest: 'insmod' });
      const found = finding && ended(finding);
      if (found) expect(found.unclear.length).toBeLessThanOrEqual(found.rows * 2);
      else refused++;
    }
    for (const page of touched) {
      writeSync(writable, bytes, (page - 1) * pageSize, pageSize, (page - 1) * pageSize);
    }
  }
  expect(refused).toBeGreaterThan(20);
  // As it was, it is told again.
  const again = new PageSearch(file, capture.database).find({ source: 'process.argv', part: 'insmod', rest: 'insmod' });
  expect(again && ended(again)?.members.size).toBeGreaterThan(0);
  closeSync(writable);
  file.close();
});
