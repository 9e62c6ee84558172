/** An image out of a capture: bit for bit, or not at all. */
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { openCapture } from '#core/capture/open.ts';
import { keptImage, saveImage } from '#core/image/save-image.ts';
import { createStore } from '#core/store/store.ts';
import { CaptureBuilder, removeFolders, temporaryFolder } from '../builder.ts';

const CHUNK = 256 * 1024;

afterAll(removeFolders);

let folder: string;

beforeEach(() => {
  folder = temporaryFolder();
});

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A capture with these bytes; `spoil` changes it afterwards, as no recorder does. */
function captureOf(bytes: Buffer, spoil?: string): string {
  const capture = new CaptureBuilder();
  capture.keptImage(capture.call({ returned: 0 }), randomBytes(10));
  capture.keptImage(capture.call({ returned: 0 }), bytes);
  const path = capture.finish();
  if (spoil !== undefined) {
    const database = new Database(path);
    database.exec(spoil);
    database.close();
  }
  return path;
}

function save(capture: string, sha256: string, path: string, replace = false): ReturnType<typeof saveImage> {
  const opened = openCapture(capture);
  try {
    return saveImage(opened.database, keptImage(opened.database, sha256), path, { replace });
  } finally {
    opened.close();
  }
}

/** The code and the sentence of what is thrown. */
function failureOf(work: () => unknown): { code: string; message: string } {
  try {
    work();
  } catch (error) {
    return (error as { failure: { code: string; message: string } }).failure;
  }
  throw new Error('nothing was thrown');
}

test.each([1, 1023, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 17])('%i bytes come back as they were', (length) => {
  const bytes = randomBytes(length);
  const path = join(folder, 'out.ko');
  expect(save(captureOf(bytes), digest(bytes), path)).toEqual({ name: 'out.ko', bytes: length, sha256: digest(bytes) });
  expect(readFileSync(path).equals(bytes)).toBe(true);
  expect(statSync(path).mode & 0o7777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['out.ko']);
});

describe('what is there already', () => {
  const bytes = randomBytes(CHUNK + 5);
  const path = (): string => join(folder, 'out.ko');

  test('stays as it is', () => {
    writeFileSync(path(), 'before');
    expect(failureOf(() => save(captureOf(bytes), digest(bytes), path())).code).toBe('already-exists');
    expect(readFileSync(path(), 'utf8')).toBe('before');
    expect(readdirSync(folder)).toEqual(['out.ko']);
  });

  test('is replaced whole where its owner has agreed', () => {
    writeFileSync(path(), 'x'.repeat(2 * CHUNK));
    save(captureOf(bytes), digest(bytes), path(), true);
    expect(readFileSync(path()).equals(bytes)).toBe(true);
  });

  test('a link is replaced, and what it leads to is not touched', () => {
    writeFileSync(join(folder, 'other'), 'before');
    symlinkSync('other', path());
    save(captureOf(bytes), digest(bytes), path(), true);
    expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('before');
    expect(lstatSync(path()).isFile()).toBe(true);
  });

  test('a folder is no place for it', () => {
    mkdirSync(path());
    expect(failureOf(() => save(captureOf(bytes), digest(bytes), path(), true)).message).toMatch(/no plain file/);
  });

  test('a folder that is not there is said', () => {
    const { code, message } = failureOf(() => save(captureOf(bytes), digest(bytes), join(folder, 'none', 'x.ko')));
    expect([code, message]).toEqual(['not-writable', expect.stringContaining('no such file or folder')]);
  });
});

describe('bytes that are not those that were recorded', () => {
  const bytes = randomBytes(2 * CHUNK);

  test.each([
    ['another byte', 'UPDATE image_chunk SET bytes = zeroblob(262144) WHERE id = 2'],
    ['a piece is missing', 'DELETE FROM image_chunk WHERE id = 3'],
    ['a piece of another image', 'UPDATE image_chunk SET image_id = 1 WHERE id = 3'],
    ['pieces out of order', 'UPDATE image_chunk SET offset = 262144 - offset WHERE image_id = 2'],
    ['an offset beyond the end', 'UPDATE image_chunk SET offset = 1 << 60 WHERE id = 3'],
    ['a piece without bytes', 'UPDATE image_chunk SET bytes = zeroblob(0) WHERE id = 3'],
    ['a piece that is a text', "UPDATE image_chunk SET bytes = CAST('x' AS BLOB) WHERE id = 3"],
    ['a piece of a gigantic size', 'UPDATE image_chunk SET bytes = zeroblob(300000000) WHERE id = 3'],
    ['more pieces than there can be', 'UPDATE image SET chunks = 1 << 62 WHERE id = 2'],
    ['fewer pieces', 'UPDATE image SET chunks = -1 WHERE id = 2'],
    ['another size', 'UPDATE image SET size = 7 WHERE id = 2'],
  ])('%s: nothing is saved', (_, spoil) => {
    const path = join(folder, 'out.ko');
    expect(failureOf(() => save(captureOf(bytes, spoil), digest(bytes), path)).code).toBe('damaged');
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test('an image that is not kept, and one that is not there, are said', () => {
  const capture = new CaptureBuilder();
  const sha256 = randomBytes(32);
  capture.image(capture.call({ returned: 0 }), 10, capture.tick(), { state: 'skipped', reason: 'no-images', sha256 });
  const store = createStore();
  const opened = store.open(capture.finish());
  if (!opened.ok) throw new Error(opened.error.message);
  const { handle } = opened.value;
  const out = join(folder, 'out.ko');
  expect(store.saveImage(handle, sha256.toString('hex'), out)).toMatchObject({
    error: { code: 'no-such-row', message: expect.stringContaining('were not kept') as string },
  });
  expect(store.saveImage(handle, 'ab'.repeat(32), out)).toMatchObject({
    error: { code: 'no-such-row', message: expect.stringContaining('no image') as string },
  });
  store.closeAll();
});
