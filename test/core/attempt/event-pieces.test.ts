/** Events in pieces: the same cells with a thread that reads ahead as without it, whatever the events hold and whatever becomes of the thread. */
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { CellsOfColumns, columnsOf, EventCells, PIECE, type Cells } from '#core/attempt/event-cells.ts';
import { EventPieces } from '#core/attempt/event-pieces.ts';
import { openCapture, type Capture } from '#core/capture/open.ts';
import { PageFile } from '#core/capture/page-file.ts';
import { TAKEN, type Errand, type Helper } from '#core/helper/errand.ts';
import type { JobKind, JobOf } from '#core/helper/jobs.ts';
import { HelperThread } from '#core/helper/thread.ts';
import { removeFolders } from '../builder.ts';
import { madeCapture } from '../made.ts';

const ENTRY = new URL('../../../main/store/helper.ts', import.meta.url);
const EVENTS = 300_000;
const FEWER = 70_000;

let opened: {
  readonly capture: Capture;
  readonly file: PageFile;
  readonly known: readonly Cells[];
  readonly last: number;
};
const ends: (() => void)[] = [];

/** @param change what is written into the capture first */
function open(change = '', events = FEWER): typeof opened {
  const path = madeCapture(events, 8);
  const database = new Database(path);
  database.exec(`PRAGMA journal_mode = DELETE; ${change}`);
  database.close();
  const capture = openCapture(path, 'schema');
  const file = new PageFile(path, capture.database);
  const pieces = new EventPieces(capture.database);
  const known = collected((seq) => pieces.after(seq));
  const last = Number(capture.database.prepare<[], bigint>('SELECT max(seq) FROM event').pluck().get());
  return { capture, file, known, last };
}

function close({ file, capture }: typeof opened): void {
  file.close();
  capture.close();
}

function collected(after: (seq: number) => ReturnType<EventPieces['after']>, from = Number.MIN_SAFE_INTEGER): Cells[] {
  const found: Cells[] = [];
  for (let last = from, more = true; more;) {
    const piece = after(last);
    for (let at = 0; at < piece.rows.size; at++) found.push([...piece.rows.at(at)]);
    last = Number(found.at(-1)?.[0] ?? last);
    more = piece.more;
  }
  return found;
}

/** What a thread has read of all, and what it was asked. */
class Watched implements Helper {
  readonly thread: Helper;
  answers = 0;
  begun = 0;

  constructor(thread: Helper) {
    this.thread = thread;
  }

  begin<Kind extends JobKind>(job: JobOf<Kind>, pieces: number): Errand<Kind> | undefined {
    this.begun++;
    const errand = this.thread.begin(job, pieces);
    return (
      errand && {
        next: () => errand.next(),
        answers: () => {
          const answers = errand.answers();
          this.answers += answers.length;
          return answers;
        },
        isAwaited: () => errand.isAwaited(),
        left: () => errand.left(),
        end: () => {
          errand.end();
        },
      }
    );
  }
}

function threadFor({ capture, file }: typeof opened, entry = ENTRY): Watched {
  const thread = new HelperThread(entry, { file: capture.file, descriptor: file.descriptor, pageSize: file.pageSize });
  ends.push(() => {
    thread.end();
  });
  return new Watched(thread);
}

function pieces({ capture, last }: typeof opened, helper: Helper): EventPieces {
  const found = new EventPieces(capture.database);
  found.share(helper, last);
  return found;
}

/** Told of the first one that is another: of so many, all takes a while. */
function same(found: readonly Cells[], known: readonly Cells[]): void {
  const at = known.findIndex((cells, index) => cells.some((cell, column) => cell !== found[index]?.[column]));
  expect(found[at]).toEqual(known[at]);
  expect(found).toHaveLength(known.length);
}

const busy = new Int32Array(new SharedArrayBuffer(4));

/** For as long as who reads is busy with events, a thread reads others. */
const slowly =
  (read: EventPieces, milliseconds = 1) =>
  (seq: number) => {
    Atomics.wait(busy, 0, 0, milliseconds);
    return read.after(seq);
  };

beforeAll(() => {
  opened = open('', EVENTS);
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
});
afterAll(() => {
  close(opened);
  removeFolders();
});

test('cells are the same from columns', () => {
  const rows = new EventCells(opened.capture.database).after(1000);
  const columns = columnsOf(rows) ?? expect.fail();
  const again = new CellsOfColumns(columns);
  expect(again.size).toBe(PIECE);
  for (let at = 0; at < PIECE; at++) expect(again.at(at)).toEqual(rows.at(at));
});

test('a thread reads most of what comes, in order', () => {
  expect(opened.known).toHaveLength(EVENTS);
  const helper = threadFor(opened);
  same(collected(slowly(pieces(opened, helper), 5)), opened.known);
  expect(helper.answers).toBeGreaterThan(20);
  expect(helper.begun).toBeLessThan(4);
});

test('who is quicker reads itself, and from anywhere', () => {
  const helper = threadFor(opened);
  const read = pieces(opened, helper);
  for (const from of [-1, 0, 500, 20_000, 1023, EVENTS - 100, EVENTS]) {
    same(
      collected((seq) => read.after(seq), from),
      opened.known.slice(Math.max(from, 0)),
    );
  }
});

test.each([
  ['gaps', 'DELETE FROM event WHERE seq % 7 = 3 OR seq BETWEEN 20000 AND 22000 OR seq BETWEEN 50001 AND 60000;'],
  ['one far away', `UPDATE event SET seq = 9007199254740991 WHERE seq = ${String(FEWER)};`],
  ['numbers that only a bigint holds', 'UPDATE event SET ns = 9007199254740993 WHERE seq IN (30000, 60000);'],
  ['numbers below 0', 'UPDATE event SET duration_ns = -5, process_id = -1 WHERE seq % 5000 = 0;'],
  ['events before 0', 'UPDATE event SET seq = seq - 50000;'],
])('%s: the same cells', (_, change) => {
  const odd = open(`PRAGMA foreign_keys = OFF; ${change}`);
  const helper = threadFor(odd);
  same(collected(slowly(pieces(odd, helper))), odd.known);
  close(odd);
});

test.each([
  ['is not there', new URL('nowhere.js', ENTRY)],
  ['ends', new URL('data:text/javascript,process.exit(0)')],
  ['does nothing', new URL('data:text/javascript,setInterval(()=>{},1000)')],
  [
    'takes one and does not answer',
    new URL(
      `data:text/javascript,${encodeURIComponent(`import { workerData } from 'node:worker_threads';
        workerData.port.on('message', (order) => { if (order) Atomics.add(order.counts, ${String(TAKEN)}, 1); else process.exit(); });`)}`,
    ),
  ],
])('a thread that %s: the same cells', async (_, entry) => {
  const helper = threadFor(opened, entry);
  const read = pieces(opened, helper);
  const found: Cells[] = [];
  for (let last = -1, more = true; more;) {
    const piece = read.after(last);
    for (let at = 0; at < piece.rows.size; at++) found.push([...piece.rows.at(at)]);
    last = Number(found.at(-1)?.[0]);
    more = piece.more;
    if (found.length % 20_480 === 0) await new Promise((resolve) => setTimeout(resolve, 100));
  }
  expect(helper.answers).toBe(0);
  same(found, opened.known);
});

test('a thread that was left alone for a while reads on, and does something else at once meanwhile', async () => {
  const helper = threadFor(opened);
  const read = pieces(opened, helper);
  const found = (from: number, to: number, wait: number): number => {
    let last = from;
    while (last < to) {
      Atomics.wait(busy, 0, 0, wait);
      last = Number(read.after(last).rows.at(PIECE - 1)[0]);
    }
    return last;
  };
  const last = found(0, 14_000, 25);
  const before = helper.answers;
  expect(before).toBeGreaterThan(0);
  // It has read ahead as far as it may, and waits.
  await new Promise((resolve) => setTimeout(resolve, 200));
  const sql = 'SELECT seq FROM event WHERE seq BETWEEN ? AND ?';
  const job = { kind: 'rows', sql, params: [], first: 1n, last: 1000n, length: 100n } as const;
  const started = performance.now();
  const errand = helper.begin<'rows'>(job, 10) ?? expect.fail();
  while (errand.isAwaited());
  expect(errand.answers()).toHaveLength(10);
  expect(performance.now() - started).toBeLessThan(400);
  await new Promise((resolve) => setTimeout(resolve, 800));
  found(last, EVENTS - 2000, 5);
  expect(helper.begun).toBeGreaterThan(2);
  // More than it had read ahead.
  expect(helper.answers).toBeGreaterThan(before + 10 + 64);
});
