/** Events by their kinds: by the pages of an index, with a helper and without, the same as by SQL. */
import { copyFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EVENT_KINDS, type EventKind } from '#contract/event.ts';
import { PageFile } from '#core/capture/page-file.ts';
import { eventsByKind, type ByKindManner } from '#core/filter/events-by-kind.ts';
import { HelperThread } from '#core/helper/thread.ts';
import { removeFolders } from '../builder.ts';
import { madeCapture } from '../made.ts';

const ENTRY = new URL('../../../main/store/helper.ts', import.meta.url);
const EVENTS = 150_000;

let path: string;
beforeAll(() => {
  path = madeCapture(EVENTS, 8);
});
afterAll(removeFolders);

/** Numbers of the events that are found, in their order, each once; and how often it stopped in between. */
function found(
  database: Database.Database,
  kinds: readonly EventKind[],
  range: readonly [number, number],
  manner: ByKindManner,
): readonly [seqs: number[], steps: number] {
  const seqs = new Set<number>();
  const work = eventsByKind(database, kinds, range, manner, (some) => {
    for (const seq of some) seqs.add(seq);
  });
  let steps = 0;
  while (work.next().done !== true) steps++;
  return [[...seqs].sort((a, b) => a - b), steps];
}

const bySql = (database: Database.Database, kinds: readonly EventKind[]): number[] =>
  database
    .prepare<[string], number>('SELECT seq FROM event WHERE kind IN (SELECT value FROM json_each(?)) ORDER BY seq')
    .pluck()
    .all(JSON.stringify(kinds));

describe.each<readonly [readonly EventKind[]]>([
  [['finit_module']],
  [['finit_module', 'init_module']],
  [['image_read', 'capture_start', 'loss']],
  [[...EVENT_KINDS]],
  [[]],
])('%j', (kinds) => {
  test('by pages, and by SQL', () => {
    const database = new Database(path, { readonly: true });
    const file = new PageFile(path, database);
    const known = bySql(database, kinds);
    expect(found(database, kinds, [1, EVENTS], { file })[0]).toEqual(known);
    expect(found(database, kinds, [1, EVENTS], {})[0]).toEqual(known);
    file.close();
    database.close();
  });

  test('with a helper', () => {
    const database = new Database(path, { readonly: true });
    const file = new PageFile(path, database);
    const helper = new HelperThread(ENTRY, { file: path, descriptor: file.descriptor, pageSize: file.pageSize });
    for (let times = 0; times < 5; times++)
      expect(found(database, kinds, [1, EVENTS], { file, helper })[0]).toEqual(bySql(database, kinds));
    helper.end();
    file.close();
    database.close();
  });
});

test('an index with a word that is no kind is for SQL', () => {
  const odd = `${path}-odd`;
  copyFileSync(path, odd);
  const database = new Database(odd);
  database.pragma('ignore_check_constraints = ON');
  database.exec("UPDATE event SET kind = 'finit_modulo' WHERE seq = 777");
  const file = new PageFile(odd, database);
  const known = bySql(database, ['finit_module']);
  expect(found(database, ['finit_module'], [1, EVENTS], { file })[0]).toEqual(known);
  file.close();
  database.close();
});

test('numbers that lie far apart are asked for at once', () => {
  const database = new Database(':memory:');
  database.exec(`CREATE TABLE event (seq INTEGER PRIMARY KEY, kind TEXT); CREATE INDEX event_by_kind ON event (kind);
    INSERT INTO event VALUES (1, 'loss'), (2, 'clock'), (${String(Number.MAX_SAFE_INTEGER)}, 'loss')`);
  const [seqs, steps] = found(database, ['loss'], [1, Number.MAX_SAFE_INTEGER], {});
  expect(seqs).toEqual([1, Number.MAX_SAFE_INTEGER]);
  expect(steps).toBeLessThan(10);
});
