/** What is brought into the system's cache: asked of the kernel itself. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { openCapture, type Capture } from '#core/capture/open.ts';
import { pageFileOf, PageFile } from '#core/capture/page-file.ts';
import { ReadAhead } from '#core/capture/read-ahead.ts';
import { outerPages } from '#core/capture/tree-pages.ts';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { removeFolders } from '../builder.ts';
import { madeCapture } from '../made.ts';

let path: string;
let capture: Capture;
let ahead: ReadAhead;

beforeAll(() => {
  path = madeCapture(200_000, 6);
  capture = openCapture(path);
  execFileSync('sync', [path]);
});

afterEach(() => {
  ahead.end();
});

afterAll(() => {
  capture.close();
  removeFolders();
});

/** Has the kernel forget the file. */
const forget = (): void => {
  execFileSync('dd', [`if=${path}`, 'iflag=nocache', 'count=0'], { stdio: 'ignore' });
};

const cachedBytes = (): number =>
  Number(execFileSync('fincore', ['--bytes', '--noheadings', '--output', 'RES', path], { encoding: 'utf8' }));

function sizeOf(name: string): number {
  const pageSize = Number(capture.database.pragma('page_size', { simple: true }));
  const bytes = readFileSync(path);
  const root = Number(
    capture.database.prepare<[string], bigint>('SELECT rootpage FROM sqlite_schema WHERE name = ?').pluck().get(name),
  );
  const read = (page: number): Buffer => bytes.subarray((page - 1) * pageSize, page * pageSize);
  return [...outerPages({ root, pages: bytes.length / pageSize, pageSize }, read)].flat().length * pageSize;
}

const descriptors = (): number =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`) === path;
    } catch {
      return false;
    }
  }).length;

test('the pages of a table, and next to nothing else', async () => {
  const wanted = sizeOf('event');
  expect(wanted).toBeGreaterThan(10_000_000);
  forget();
  ahead = new ReadAhead(new PageFile(path, capture.database));
  expect(cachedBytes()).toBeLessThan(wanted / 4);
  ahead.bring([{ tree: 'event' }]);
  await vi.waitFor(() => {
    expect(cachedBytes()).toBeGreaterThan(wanted * 0.98);
  });
  await sleep(200);
  // The system itself may read on where it takes reads for a way through the file.
  expect(cachedBytes()).toBeLessThan(2 * wanted);
});

/** Reads that the system was asked for. */
const underWay = (): number => process.getActiveResourcesInfo().filter((name) => name === 'FSReqCallback').length;

test('what is in the cache, is small or is not there at all is not read', async () => {
  readFileSync(path);
  ahead = new ReadAhead(new PageFile(path, capture.database));
  ahead.bring([{ tree: 'event' }, { tree: 'capture' }, { tree: 'no_such' }, { tree: '' }]);
  expect(underWay()).toBe(0);
  ahead.end();
  forget();
  ahead = new ReadAhead(new PageFile(path, capture.database));
  ahead.bring([{ tree: 'capture' }, { tree: 'no_such' }, { tree: '' }]);
  expect(underWay()).toBe(0);
  ahead.bring([{ tree: 'event' }]);
  expect(underWay()).toBeGreaterThan(100);
  await vi.waitFor(() => {
    expect(underWay()).toBe(0);
  });
  ahead.bring([{ tree: 'event' }]); // once is enough
  expect(underWay()).toBe(0);
});

test('it keeps no file open, and costs no other descriptor its locks', async () => {
  const before = descriptors();
  forget();
  ahead = new ReadAhead(new PageFile(path, capture.database));
  expect(descriptors()).toBe(before + 1);
  ahead.bring([{ tree: 'event' }]);
  ahead.end();
  ahead.bring([{ tree: 'process' }]);
  await sleep(100);
  // It waits for the capture, as long as that is open.
  expect(descriptors()).toBe(before + 1);
  const other = madeCapture(1000, 7);
  const opened = new OpenedCapture(other, 'stepwise');
  opened.close();
  await vi.waitFor(() => {
    const links = readdirSync('/proc/self/fd').map((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`);
      } catch {
        return '';
      }
    });
    expect(links).not.toContain(other);
  });
});

test('only of captures that nobody writes to', () => {
  forget();
  const finished = pageFileOf(capture);
  expect(finished).toBeDefined();
  finished?.close();
  expect(pageFileOf({ ...capture, completeness: 'recording' })).toBeUndefined();
  expect(pageFileOf({ ...capture, completeness: 'unfinished' })).toBeUndefined();
  expect(pageFileOf({ ...capture, log: true })).toBeUndefined();
  expect(pageFileOf({ ...capture, file: `${path}-gone` })).toBeUndefined();
});
