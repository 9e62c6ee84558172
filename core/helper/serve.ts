/** What runs in a helper's thread: it does the pieces of jobs that nobody has taken yet. */
import { receiveMessageOnPort } from 'node:worker_threads';
import type Database from 'better-sqlite3';
import { connectAgain } from '../capture/open.ts';
import { readPage } from '../capture/page-file.ts';
import { addTextFunctions } from '../filter/functions.ts';
import { ANSWERED, HEARD, TAKEN } from './errand.ts';
import type { Found, Job } from './jobs.ts';
import { callsWork, entriesWork, kindsWork, pagesWork, rowsWork } from './works.ts';
import type { HelperData, Order, Report } from './thread.ts';

/** Answers that nobody has heard yet, at most, and how long they stay so before nobody is taken to be interested, in milliseconds. */
const MOST_UNHEARD = 64;
const INTEREST_MS = 500;

/** How often it is looked meanwhile whether something else is asked, in milliseconds. */
const LOOK_MS = 10;

/** Nothing where it is to end. */
type Told = Order | null;

/** What need not be copied on its way. */
function buffersOf(found: Report['found']): ArrayBuffer[] {
  return found instanceof Float64Array ? [found.buffer] : [];
}

export function serve({ file, descriptor, pageSize, port }: HelperData): void {
  let database: Database.Database | undefined;
  let isOver = false;

  /** Its own connection: a statement belongs to one thread. */
  function connection(): Database.Database {
    if (!database) addTextFunctions((database = connectAgain(file)));
    return database;
  }

  const pages = { pageSize, read: (page: number, into: Buffer) => readPage(descriptor, pageSize, page, into) };

  function workOf(job: Job): (piece: number) => Found[Job['kind']] {
    switch (job.kind) {
      case 'rows':
        return rowsWork(connection(), job);
      case 'pages':
        return pagesWork(pages, job);
      case 'entries':
        return entriesWork(pages, job);
      case 'calls':
        return callsWork(pages, job);
      case 'kinds':
        return kindsWork(pages, job);
    }
  }

  /** What was asked for last is done first: the others are in no hurry, or nobody is interested in them any more. */
  function doNewer(): void {
    for (let newer = receiveMessageOnPort(port); newer; newer = receiveMessageOnPort(port)) take(newer.message as Told);
  }

  /** Whether somebody still hears the answers. */
  function isHeard(counts: Int32Array, answered: number): boolean {
    for (let waited = 0; waited < INTEREST_MS; waited += LOOK_MS) {
      const heard = Atomics.load(counts, HEARD);
      if (answered - heard < MOST_UNHEARD || Atomics.wait(counts, HEARD, heard, LOOK_MS) === 'ok') return true;
      doNewer();
    }
    return false;
  }

  function run({ number, job, pieces, counts }: Order): void {
    const work = workOf(job);
    for (let answered = 0; !isOver && isHeard(counts, answered); answered++) {
      const piece = Atomics.add(counts, TAKEN, 1);
      if (piece >= pieces) return;
      const report: Report = { number, piece, found: work(piece) };
      port.postMessage(report, buffersOf(report.found));
      Atomics.add(counts, ANSWERED, 1);
      Atomics.notify(counts, ANSWERED);
      doNewer();
    }
  }

  function take(told: Told): void {
    if (!told) {
      isOver = true;
      database?.close();
      port.close();
      return;
    }
    try {
      if (!isOver) run(told);
    } catch {
      // Who asked does it, and tells what is wrong.
      const report: Report = { number: told.number, piece: -1, found: undefined, failed: true };
      port.postMessage(report);
    }
  }

  port.on('message', take);
}
