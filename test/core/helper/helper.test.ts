/** A thread that helps: the same is found with it, in part by it, and without it where it cannot. */
import Database from 'better-sqlite3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Page } from '#contract/page.ts';
import { openCapture, type Capture } from '#core/capture/open.ts';
import { PageFile } from '#core/capture/page-file.ts';
import { indexPages } from '#core/capture/index-entries.ts';
import { Members } from '#core/filter/members.ts';
import { inShares, TAKEN, type Answer, type Errand } from '#core/helper/errand.ts';
import { piecesOf, type JobKind, type JobOf, type RowsJob } from '#core/helper/jobs.ts';
import { HelperThread, type Order } from '#core/helper/thread.ts';
import { entriesWork, rowsWork } from '#core/helper/works.ts';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { removeFolders } from '../builder.ts';
import { ended } from '../ended.ts';
import { randomFrom } from '../filter/trees.ts';
import { madeCapture } from '../made.ts';

const ENTRY = new URL('../../../main/store/helper.ts', import.meta.url);
const EVENTS = 120_000;
/** For as long as who asks is busy with a piece, a helper does others. */
const BUSY_MS = 3;

let path: string;
let capture: Capture;
let file: PageFile;
let thread: HelperThread;

const threadOf = (entry: URL, waits?: { patience?: number; rest?: number }): HelperThread =>
  new HelperThread(entry, { file: capture.file, descriptor: file.descriptor, pageSize: file.pageSize }, waits);

/** Something else that runs in a thread. */
const script = (text: string): URL => new URL(`data:text/javascript,${encodeURIComponent(text)}`);

beforeAll(() => {
  path = madeCapture(EVENTS, 3);
  capture = openCapture(path, 'schema');
  file = new PageFile(capture.file, capture.database);
});
beforeEach(() => {
  thread = threadOf(ENTRY);
});
afterEach(() => {
  thread.end();
});
afterAll(() => {
  file.close();
  capture.close();
  removeFolders();
});

const job = (more: Partial<RowsJob> = {}): RowsJob => ({
  ...{ kind: 'rows', sql: 'SELECT seq FROM event WHERE duration_ns > ? AND seq BETWEEN ? AND ?', params: [1000n] },
  ...{ first: 1n, last: BigInt(EVENTS), length: 1000n },
  ...more,
});

const known = (): number[] =>
  capture.database
    .prepare<[], number>('SELECT seq FROM event WHERE duration_ns > 1000 ORDER BY seq')
    .pluck()
    .safeIntegers(false)
    .all();

/** What is found of each piece, by whom. */
function shared(
  helper: HelperThread,
  asked: RowsJob,
  wait = BUSY_MS,
): { found: number[][]; own: number; theirs: number } {
  const work = rowsWork(capture.database, asked);
  const found: number[][] = [];
  let [own, theirs] = [0, 0];
  const none = new Int32Array(new SharedArrayBuffer(4));
  ended(
    inShares(
      ...([helper, asked] as const),
      (piece) => {
        Atomics.wait(none, 0, 0, wait);
        expect(found[piece]).toBeUndefined();
        found[piece] = [...work(piece)];
        own++;
      },
      (rows, piece) => {
        expect(found[piece]).toBeUndefined();
        found[piece] = [...rows];
        theirs++;
      },
    ),
  );
  return { found, own, theirs };
}

/** All pieces are left to the thread. */
function answersOf<Kind extends JobKind>(errand: Errand<Kind>): Answer<Kind>[] {
  const answers: Answer<Kind>[] = [];
  while (errand.isAwaited()) answers.push(...errand.answers());
  return [...answers, ...errand.answers()];
}

/** Waits until a thread is there: on a busy machine that takes longer than a job. */
function started(helper: HelperThread): void {
  expect(answersOf(helper.begin<'rows'>(job(), 120) ?? expect.fail())).toHaveLength(120);
}

test.each([false, true])('each piece is done once, by one or the other; the last numbers first: %s', (descending) => {
  const asked = job({ descending });
  started(thread);
  const { found, own, theirs } = shared(thread, asked);
  expect(own + theirs).toBe(120);
  expect(own).toBeGreaterThan(0);
  expect(theirs).toBeGreaterThan(0);
  expect((descending ? found.toReversed() : found).flat()).toEqual(known());
  // It is there now: the next job is shared from its beginning.
  expect(shared(thread, asked).theirs).toBeGreaterThan(50);
});

test('texts are what they are for who asks', () => {
  const sql = `SELECT process.id FROM process WHERE argv_text(argv) LIKE ? AND text_matches('s.*d', shown_text(comm)) AND id BETWEEN ? AND ?`;
  const asked = job({ sql, params: ['%insmod%'], first: 1n, last: 20_000n, length: 100n });
  // The capture's own connection has no such functions: the thread does it all.
  const errand = thread.begin(asked, piecesOf(asked)) ?? expect.fail();
  const answers = answersOf(errand);
  expect(answers).toHaveLength(200);
  expect(answers.flatMap(({ found }) => [...found]).length).toBeGreaterThan(10);
});

test('what is no whole number is left out, and where one is no safe number all is done without it', () => {
  const number = (text: string): RowsJob =>
    job({ sql: `SELECT ${text} FROM event WHERE seq BETWEEN ? AND ?`, params: [], isMixed: true });
  started(thread);
  const mixed = shared(thread, number(`CASE seq % 3 WHEN 0 THEN seq WHEN 1 THEN 'a' END`));
  expect(mixed.theirs).toBeGreaterThan(0);
  expect(mixed.found.flat()).toHaveLength(EVENTS / 3);
  const asked = number(`CASE seq WHEN ${String(EVENTS - 10)} THEN 9007199254740993 ELSE seq END`);
  expect(() => shared(thread, asked)).toThrow('9007199254740993 is no safe number');
});

test('entries of an index: the same from a thread', () => {
  const pages = indexPages(file, 'event_by_process', 2) ?? expect.fail();
  const members = new Members();
  const random = randomFrom(3);
  for (let id = 0; id < 3000; id++) if (random() < 0.4) members.addNumber(id);
  members.add(2n ** 40n);
  const asked = { kind: 'entries', members: members.parts, calls: true, pages: pages.outer, length: 2 } as const;
  const own = entriesWork(file, asked);
  const pieces = Math.ceil(pages.outer.length / 2);
  const errand = thread.begin(asked, pieces) ?? expect.fail();
  const answers = answersOf(errand);
  expect(answers).toHaveLength(pieces);
  for (const { piece, found } of answers) expect(found).toEqual(own(piece));
  expect(answers.reduce((sum, { found }) => sum + (found?.length ?? 0), 0)).toBeGreaterThan(1000);
});

const BROKEN: readonly (readonly [string, () => URL])[] = [
  ['cannot be made', () => new URL('https://localhost/helper.js')],
  ['is not there', () => new URL('nowhere.js', ENTRY)],
  ['throws', () => script('throw new Error("no")')],
  ['ends', () => script('process.exit(0)')],
  ['does nothing', () => script('setInterval(() => {}, 1000)')],
  // It takes every piece and answers none.
  [
    'takes and does not answer',
    () =>
      script(`import { workerData } from 'node:worker_threads';
        workerData.port.on('message', (order) => { if (order) Atomics.add(order.counts, ${String(TAKEN)}, order.pieces); else process.exit(); });`),
  ],
];

test.each(BROKEN)('a thread that %s: all is found without it', async (_, entry) => {
  const broken = threadOf(entry(), { patience: 200 });
  broken.begin(job(), 150);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { found, theirs } = shared(broken, job());
  expect(theirs).toBe(0);
  expect(found.flat()).toEqual(known());
  broken.end();
});

test('a statement that it cannot make is left to who asks', () => {
  capture.database.function('only_here', (value: unknown) => value);
  const { found, theirs } = shared(
    ...([
      thread,
      job({ sql: 'SELECT seq FROM event WHERE only_here(duration_ns) > ? AND seq BETWEEN ? AND ?' }),
    ] as const),
  );
  expect(theirs).toBe(0);
  expect(found.flat()).toEqual(known());
});

/** How many pieces of an errand are taken, by anybody. */
function watched(begin: () => void): Int32Array {
  let counts: Int32Array | undefined;
  const post = MessagePort.prototype.postMessage;
  const spy = vi.spyOn(MessagePort.prototype, 'postMessage').mockImplementation(function (this: MessagePort, ...args) {
    counts = (args[0] as Order | null)?.counts;
    Reflect.apply(post, this, args);
  });
  begin();
  spy.mockRestore();
  return counts ?? expect.fail();
}

test('what nobody is interested in any more is not done to its end, and does not keep others waiting', async () => {
  started(thread);
  expect(shared(thread, job()).theirs).toBeGreaterThan(0);
  const counts = watched(() => thread.begin(job({ length: 10n }), 15_000));
  await vi.waitFor(() => {
    expect(Atomics.load(counts, TAKEN)).toBeGreaterThanOrEqual(64);
  });
  // Nobody hears the answers; then it takes no more.
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(Atomics.load(counts, TAKEN)).toBeLessThan(80);
  expect(shared(thread, job()).theirs).toBeGreaterThan(0);
});

test('it goes no further ahead of who asks because others ask as well', async () => {
  const first = thread.begin(job({ length: 10n }), EVENTS / 10) ?? expect.fail();
  for (let round = 0; round < 5; round++) {
    await new Promise((resolve) => setTimeout(resolve, 60));
    const other = thread.begin(job(), 120) ?? expect.fail();
    expect(answersOf(other)).toHaveLength(120);
  }
  expect(first.answers()).toHaveLength(64);
});

test('it ends where there is nothing to do, and is there again where there is', async () => {
  const resting = threadOf(ENTRY, { rest: 300 });
  const first = resting.begin(job(), 120) ?? expect.fail();
  expect(answersOf(first)).toHaveLength(120);
  // Another one is started, which nobody waits for.
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(shared(resting, job(), 0).theirs).toBeLessThan(110);
  started(resting);
  expect(shared(resting, job()).theirs).toBeGreaterThan(50);
  resting.end();
  expect(resting.begin(job(), 120)).toBeUndefined();
});

const FILTERS = [
  ...['duration > 100us', 'not duration > 10us', 'has image.sha256', 'insmod', 'nvidia', 'module.name == nvidia'],
  ...['duration > 10us and verdict == rejected', 'process.uid == 1000 or module.size > 100000'],
];

describe('the same rows with a helper', () => {
  let whole: OpenedCapture;
  let read: OpenedCapture;
  beforeAll(() => {
    whole = new OpenedCapture(path);
    read = new OpenedCapture(path, 'stepwise', ENTRY);
    while (read.work(1000));
  });
  afterAll(() => {
    whole.close();
    read.close();
  });

  const TABLES = [
    ['events', 'seq'],
    ['attempts', 'time'],
  ] as const;

  test.each(FILTERS)('%s, as many of a capture that is being read', async (filter) => {
    for (const [table, sort] of TABLES) {
      const helped = new OpenedCapture(path, 'stepwise', ENTRY);
      helped.info();
      const order = { sort, descending: false, filter, start: 0, limit: 100 } as never;
      const found = (): Page<unknown> => helped[table](order);
      for (let page = found(); page.progress && page.counted !== true; page = found()) {
        helped.work(5);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(found().total).toBe(whole[table](order).total);
      helped.close();
    }
  });

  test.each(FILTERS)('%s, of one that was read', async (filter) => {
    for (const [table, sort] of TABLES) {
      for (const descending of [false, true]) {
        const page = (of: OpenedCapture, start: number): Page<unknown> =>
          of[table]({ sort, descending, filter, start, limit: 100 } as never);
        for (; page(read, 0).progress; read.work(5)) await new Promise((resolve) => setImmediate(resolve));
        for (const start of [0, EVENTS / 20, -100]) expect(page(read, start)).toEqual(page(whole, start));
      }
    }
  });
});

test('a capture is closed while a helper is at work: nothing is left open, and nothing fails', async () => {
  const fails: unknown[] = [];
  const note = (error: unknown): void => void fails.push(error);
  process.on('uncaughtException', note);
  for (let round = 0; round < 10; round++) {
    const helped = new OpenedCapture(path, 'stepwise', ENTRY);
    helped.info();
    helped.events({ sort: 'seq', descending: false, filter: 'duration > 1ms', start: 0, limit: 10 });
    for (let step = 0; step < round; step++) helped.work(10);
    helped.close();
    await new Promise((resolve) => setTimeout(resolve, round * 5));
  }
  await new Promise((resolve) => setTimeout(resolve, 500));
  process.off('uncaughtException', note);
  expect(fails).toEqual([]);
  const database = new Database(path);
  expect(database.pragma('journal_mode', { simple: true })).not.toBe('wal');
  // Nobody holds a lock on it.
  database.exec('BEGIN EXCLUSIVE; ROLLBACK');
  database.close();
});

// What the thread is asked is what it can be asked: each kind of job is done by a test above.
test.each<JobKind>(['rows', 'pages', 'entries'])(
  'a job of %s that makes no sense is refused, and another one done',
  (kind) => {
    const errand = thread.begin({ kind } as unknown as JobOf<JobKind>, 10) ?? expect.fail();
    while (errand.isAwaited());
    expect(errand.answers()).toEqual([]);
    started(thread);
    expect(shared(thread, job()).theirs).toBeGreaterThan(0);
  },
);
