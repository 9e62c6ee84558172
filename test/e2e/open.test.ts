/** Opening captures, good and bad, in every way: the app tells what is wrong and goes on. */
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SAMPLE } from '../../scripts/places.ts';
import { answerOpen, chooseInMenu, launchApp, type LaunchedApp } from './app.ts';
import { folderFor, giveTo, testUser } from './user.ts';
import { dropFile, notices, ready, rows } from './window.ts';

const user = testUser();
const folder = folderFor(user);
let launched: LaunchedApp;

beforeAll(async () => {
  launched = await launchApp();
});

afterAll(async () => {
  await launched.close();
});

function file(name: string, make: (path: string) => void): string {
  const path = join(folder, name);
  make(path);
  giveTo(user, path);
  return path;
}

function altered(name: string, alter: (database: Database.Database) => void): string {
  return file(name, (path) => {
    copyFileSync(SAMPLE, path);
    chmodSync(path, 0o644);
    const database = new Database(path);
    alter(database);
    database.close();
  });
}

/** Bad input, what it is called, and the words that tell what is wrong. */
const BAD: readonly (readonly [what: string, make: () => string, words: RegExp])[] = [
  ['an empty file', () => file('empty.modtrail', (path) => writeFileSync(path, '')), /empty/],
  ['a folder', () => file('folder.modtrail', (path) => mkdirSync(path)), /folder|directory/],
  ['a missing file', () => join(folder, 'missing.modtrail'), /no such file|does not exist|nothing/i],
  [
    'a file that nobody may read',
    () =>
      file('closed.modtrail', (path) => {
        copyFileSync(SAMPLE, path);
        chmodSync(path, 0);
      }),
    /permission|may not be read|not readable|cannot be read/i,
  ],
  ['a text', () => file('text.modtrail', (path) => writeFileSync(path, 'hello\n'.repeat(2000))), /SQLite|database/],
  [
    'a database of something else',
    () =>
      file('other.modtrail', (path) => {
        const database = new Database(path);
        database.exec('CREATE TABLE t (x)');
        database.close();
      }),
    /not a (Modtrail )?capture|no capture/i,
  ],
  [
    'a capture cut in the middle',
    () =>
      file('cut.modtrail', (path) => {
        copyFileSync(SAMPLE, path);
        chmodSync(path, 0o644);
        truncateSync(path, Math.floor(statSync(SAMPLE).size / 2));
      }),
    /damaged|cut/,
  ],
  [
    'a capture of a newer format',
    () => altered('newer.modtrail', (db) => db.pragma('user_version = 99')),
    /newer|version/,
  ],
  [
    'a capture with a trigger of its own',
    () => altered('trigger.modtrail', (db) => db.exec('CREATE TRIGGER t AFTER INSERT ON event BEGIN SELECT 1; END')),
    /trigger/,
  ],
  [
    'a capture with a view of its own',
    () => altered('view.modtrail', (db) => db.exec('CREATE VIEW v AS SELECT 1')),
    /view/,
  ],
];

describe('what cannot be opened gets one sentence, and the app goes on', () => {
  test.each(BAD)('%s', async (_, make, words) => {
    const { app, window } = launched;
    await answerOpen(app, make());
    await window.locator('[data-open-menu]').click();
    await window.getByRole('menuitem', { name: /^Capture/ }).click();
    const notice = notices(window).last();
    await notice.waitFor();
    expect(await notice.locator('p').innerText()).toMatch(words);
    await notice.getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => notices(window).count()).toBe(0);
  });

  test('the sample opens after all of that', async () => {
    const { window } = launched;
    await window.locator('[data-open-menu]').click();
    await window.getByRole('menuitem', { name: 'The sample' }).click();
    await ready(window);
  });
});

test('opening leaves the file, its times and its folder as they were, also where nothing can be written', async () => {
  const closed = join(folder, 'read-only');
  mkdirSync(closed);
  const path = join(closed, 'evidence.modtrail');
  copyFileSync(SAMPLE, path);
  chmodSync(path, 0o444);
  chmodSync(closed, 0o555);
  const before = { bytes: readFileSync(path), mtime: statSync(path, { bigint: true }).mtimeNs };
  const { app, window } = launched;
  await answerOpen(app, path);
  await chooseInMenu(app, 'open');
  await window.getByText('evidence.modtrail').first().waitFor();
  await ready(window);
  expect(readFileSync(path).equals(before.bytes)).toBe(true);
  expect(statSync(path, { bigint: true }).mtimeNs).toBe(before.mtime);
  expect(readdirSync(closed)).toEqual(['evidence.modtrail']);
});

test('a file is opened by dropping it on the window', async () => {
  const { window } = launched;
  const path = file('dropped.modtrail', (target) => {
    copyFileSync(SAMPLE, target);
  });
  await dropFile(window, window.locator('body'), path);
  await window.getByText('dropped.modtrail').first().waitFor();
  await ready(window);
});

test('recent captures are remembered and opened by their name, in the next start too', async () => {
  const home = folderFor(user);
  const path = file('remembered.modtrail', (target) => {
    copyFileSync(SAMPLE, target);
  });
  const first = await launchApp({ files: [path], home });
  await ready(first.window);
  await first.close();
  const second = await launchApp({ home });
  await second.window
    .getByRole('region', { name: 'Recent captures' })
    .getByRole('button', { name: /remembered/ })
    .click();
  await ready(second.window);
  expect(await rows(second.window).count()).toBeGreaterThan(5);
  await second.close();
});

test('a bad file named on the command line is a notice in a window that works', async () => {
  const bad = await launchApp({ files: [join(folder, 'text.modtrail')] });
  await notices(bad.window).first().waitFor();
  expect(await notices(bad.window).first().locator('p').innerText()).toMatch(/SQLite|database/);
  await bad.window.getByRole('button', { name: /Open the sample/ }).click();
  await ready(bad.window);
  await bad.close();
});
