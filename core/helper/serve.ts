/** What runs in a helper's thread: it does the pieces of jobs that nobody has taken yet. */
import type Database from 'better-sqlite3';
import { connectAgain } from '../capture/open.ts';
import { readPage } from '../capture/page-file.ts';
import { addTextFunctions } from '../filter/functions.ts';
import { ANSWERED, HEARD, TAKEN } from './errand.ts';
import type { Found, Job } from './jobs.ts';
import { entriesWork, pagesWork, rowsWork } from './works.ts';
import type { HelperData, Order, Report } from './thread.ts';

/** Answers that nobody has heard yet, at most, and how long they stay so before nobody is taken to be interested, in milliseconds. */
const MOST_UNHEARD = 64;
const INTEREST_MS = 500;

export function serve({ file, descriptor, pageSize, port }: HelperData): void {
  let database: Database.Database | undefined;

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
    }
  }

  function run({ number, job, pieces, counts }: Order): void {
    const work = workOf(job);
    for (let done = 1; ; done++) {
      const piece = Atomics.add(counts, TAKEN, 1);
      if (piece >= pieces) return;
      const report: Report = { number, piece, found: work(piece) };
      port.postMessage(report);
      Atomics.add(counts, ANSWERED, 1);
      Atomics.notify(counts, ANSWERED);
      const heard = Atomics.load(counts, HEARD);
      if (done - heard >= MOST_UNHEARD && Atomics.wait(counts, HEARD, heard, INTEREST_MS) === 'timed-out') return;
    }
  }

  port.on('message', (order: Order | null) => {
    if (!order) {
      database?.close();
      port.close();
      return;
    }
    try {
      run(order);
    } catch {
      // Who asked does it, and tells what is wrong.
      const report: Report = { number: order.number, piece: -1, found: undefined, failed: true };
      port.postMessage(report);
    }
  });
}
