/** Calls by the first image that was read in them: by the pages of an index the same as by SQL. */
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Attempts } from '#core/attempt/attempts.ts';
import { EventReader } from '#core/capture/events.ts';
import { openCapture, type Capture } from '#core/capture/open.ts';
import { PageFile } from '#core/capture/page-file.ts';
import { callsOfReadings } from '#core/filter/calls-of-readings.ts';
import { Filters } from '#core/filter/filters.ts';
import { Members } from '#core/filter/members.ts';
import { CaptureBuilder, removeFolders } from '../builder.ts';
import { ended } from '../ended.ts';
import { randomFrom } from './trees.ts';

const CALLS = 4000;

/** Calls with up to three readings each, in any order, a third of them of what the kernel unpacked; written in small pages. */
function built(seed: number): string {
  const random = randomFrom(seed);
  const one = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)] as Value;
  const capture = new CaptureBuilder();
  const calls = Array.from({ length: CALLS }, (_, at) =>
    capture.call({
      kind: one(['finit_module', 'init_module', 'delete_module']),
      ns: at * 1000,
      returned: one([0, -1]),
    }),
  );
  for (let times = 0; times < CALLS; times++) {
    const call = one(calls);
    const unpacked = random() < 0.3 ? { reason: 'decompressed', state: 'skipped' } : {};
    const sha256 = random() < 0.5 ? { sha256: Buffer.alloc(32, times & 255) } : {};
    capture.image(call, Math.floor(random() * 1000), Math.floor(random() * CALLS * 1000), { ...unpacked, ...sha256 });
  }
  const path = capture.finish();
  const database = new Database(path);
  database.exec('PRAGMA journal_mode = DELETE; PRAGMA page_size = 1024; VACUUM');
  database.close();
  return path;
}

let capture: Capture;
let file: PageFile;
let filters: Filters;

beforeAll(() => {
  capture = openCapture(built(3));
  file = new PageFile(capture.file, capture.database);
  filters = new Filters(capture, new Attempts(capture, new EventReader(capture)));
});
afterAll(() => {
  file.close();
  capture.close();
  removeFolders();
});

/** Numbers of the events that a filter keeps. */
function kept(text: string, by: PageFile | undefined): number[] {
  filters.file = by;
  const filter = filters.stepwise(text, 'events');
  const { where, params } = ended(filter.find());
  const found = capture.database
    .prepare<unknown[], number>(`SELECT seq FROM event WHERE ${where} ORDER BY seq`)
    .pluck()
    .safeIntegers(false)
    .all(...params);
  filter.end();
  return found;
}

describe('conditions on images', () => {
  test.each([
    ...['has image.sha256', 'not has image.size', 'image.size > 500', 'image.size < 3', 'image.state == skipped'],
    ...[
      'image.size > 100 and not image.size > 900',
      'image.sha256 contains "0f"',
      'has image.size and kind == image_read',
    ],
  ])('%s', (text) => {
    const known = kept(text, undefined);
    expect(known.length).toBeGreaterThan(0);
    expect(kept(text, file)).toEqual(known);
  });
});

/** By SQL: of which calls the first reading is one of those. */
const EVENTS_OF = `SELECT of_call.seq FROM event AS of_call WHERE of_call.call_id IN (
  SELECT call_id FROM (SELECT event.call_id, event.seq, row_number() OVER (PARTITION BY event.call_id ORDER BY event.ns, event.seq) AS place
    FROM event JOIN image_fact ON image_fact.seq = event.seq AND image_fact.reason IS NOT 'decompressed')
  WHERE place = 1 AND seq IN (SELECT value FROM json_each(?)))`;

test('few calls are left to SQL, and the others are those that SQL finds', () => {
  const readings = capture.database
    .prepare<[], number>(`SELECT seq FROM image_fact WHERE reason IS NOT 'decompressed'`)
    .pluck()
    .safeIntegers(false)
    .all();
  const chosen = readings.filter((seq) => seq % 3 === 0);
  const members = new Members();
  for (const seq of chosen) members.addNumber(seq);
  const known = capture.database.prepare<[string], bigint>(EVENTS_OF).pluck().all(JSON.stringify(chosen));
  const ofCalls = capture.database
    .prepare<[string, string], bigint>(`${EVENTS_OF} AND of_call.call_id IN (SELECT value FROM json_each(?))`)
    .pluck();
  let asked = 0;
  const found = ended(
    callsOfReadings({ file }, members, (calls) => {
      asked += calls.length;
      return ofCalls.all(JSON.stringify(chosen), JSON.stringify(calls));
    }),
  );
  expect([...(found?.values() ?? [])].sort()).toEqual(known.sort());
  expect(asked).toBeGreaterThan(100);
  expect(asked).toBeLessThan(CALLS / 3);
});
