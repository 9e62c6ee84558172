/**
 * An analyst's walk with the keys alone, from opening a capture to finding all again after closing: the load that came
 * from a deleted file, who did it, its image, a bookmark with a note, its process tree, a saved view, its rows.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { makeCapture } from '../../scripts/make-capture/make.ts';
import { SAMPLE } from '../../scripts/places.ts';
import { answerOpen, answerSave, launchApp, type LaunchedApp } from './app.ts';
import { toldAttempts } from './told.ts';
import { folderFor, giveTo, testUser } from './user.ts';
import { grid, inspector, ready, rows } from './window.ts';

/** Of the made-up capture; MODTRAIL_WALK_EVENTS=1000000 walks over a large one. */
const EVENTS = Number(process.env['MODTRAIL_WALK_EVENTS'] ?? 20_000);

/** Of one walk, in milliseconds; making, reading and hashing a capture of a million events takes most of it. */
const PATIENCE = EVENTS > 100_000 ? 1_800_000 : 120_000;

/** Of one sight of the window, in milliseconds. */
const SIGHT = EVENTS > 100_000 ? 120_000 : 30_000;

const seen = <Value>(value: () => Promise<Value> | Value) => expect.poll(value, { timeout: SIGHT });

/** Presses of Tab, or of an arrow, after which a place counts as not reachable. */
const MOST_PRESSES = 120;

const DELETED = 'file.deleted and operation == load';

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

const focused = (window: Page, selector: string): Promise<boolean> =>
  window.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);

/** Presses Tab until the focus is on such an element. */
async function reach(window: Page, selector: string, words = ''): Promise<void> {
  for (let presses = 0; presses < MOST_PRESSES; presses++) {
    const there = await window.evaluate(
      ([wanted, text]) => {
        const element = document.activeElement;
        return (element?.matches(wanted) && element.textContent.includes(text)) === true;
      },
      [selector, words] as const,
    );
    if (there) return;
    await window.keyboard.press('Tab');
  }
  throw new Error(`${selector} ${words} is not reached with Tab`);
}

/** Presses an arrow until the entry of the open menu with these words has the focus, and chooses it. */
async function chooseEntry(window: Page, words: RegExp): Promise<void> {
  await window.getByRole('menu').waitFor();
  for (let presses = 0; presses < MOST_PRESSES; presses++) {
    const text = await window.evaluate(() => document.activeElement?.textContent ?? '');
    if (words.test(text)) {
      await window.keyboard.press('Enter');
      return;
    }
    await window.keyboard.press('ArrowDown');
  }
  throw new Error(`the menu has no entry ${String(words)}`);
}

async function filter(window: Page, text: string): Promise<void> {
  await window.keyboard.press('/');
  await seen(() => focused(window, '[data-filter]')).toBe(true);
  await window.keyboard.press('Control+a');
  await window.keyboard.type(text);
  await window.keyboard.press('Enter');
  await seen(() => applied(window)).toBe('applied');
}

const applied = (window: Page): Promise<string | null> =>
  window.locator('[data-filter-state]').getAttribute('data-filter-state');

const total = async (window: Page): Promise<number> =>
  Number(await grid(window, 'Attempts').getAttribute('aria-rowcount')) - 1;

const filterText = (window: Page): Promise<string> => window.locator('[data-filter]').inputValue();

async function open({ app, window }: LaunchedApp, path: string): Promise<void> {
  await answerOpen(app, path);
  await window.keyboard.press('Control+o');
  await ready(window);
}

interface Left {
  /** The filter by the process tree. */
  readonly tree: string;
  readonly rows: number;
}

/** The walk up to closing. @returns what must still be there */
async function walk(launched: LaunchedApp, capture: string): Promise<Left> {
  const { app, home, window } = launched;
  await open(launched, capture);

  await filter(window, DELETED);
  const found = toldAttempts(capture, DELETED);
  const [attempt] = found;
  const parent = attempt?.process?.ancestors[0];
  await seen(() => total(window)).toBe(found.length);
  await window.keyboard.press('Escape');
  await seen(() => focused(window, '[role=grid]')).toBe(true);
  await window.keyboard.press('Home');
  await inspector(window).locator('[data-process]').waitFor();
  expect(await inspector(window).locator('[data-process]').innerText()).toContain(parent?.comm);

  await window.keyboard.press('Enter');
  if (attempt?.image?.complete === true) {
    await reach(window, '[data-inspect-image]');
    await window.keyboard.press('Enter');
    await window.locator('[data-module-view]').waitFor();
    await window.keyboard.press('Alt+ArrowLeft');
    await grid(window, 'Attempts').waitFor();
  }

  await window.keyboard.press('b');
  await grid(window, 'Attempts').locator('[data-note-mark]').waitFor();
  await window.keyboard.press('n');
  await seen(() => focused(window, '[data-note-field]')).toBe(true);
  await window.keyboard.type('came from a deleted file');
  await window.keyboard.press('Control+Enter');
  await inspector(window).locator('[data-note-text]').waitFor();

  await reach(window, '[data-process] [data-field="process.ancestor.pid"]', String(parent?.pid));
  await window.keyboard.press('=');
  await seen(() => filterText(window)).toBe(`process.ancestor.pid == ${String(parent?.pid)}`);
  await seen(() => applied(window)).toBe('applied');
  const tree = await filterText(window);
  const inTree = toldAttempts(capture, tree);
  await seen(() => total(window)).toBe(inTree.length);

  await window.keyboard.press('Control+s');
  await seen(() => focused(window, '[data-view-name]')).toBe(true);
  await window.keyboard.type('its process tree');
  await window.keyboard.press('Enter');
  await window.locator('[data-view-name]').waitFor({ state: 'detached' });

  await filter(window, tree);
  await window.keyboard.press('Escape');
  await seen(() => focused(window, '[role=grid]')).toBe(true);
  const out = join(home, 'tree.ndjson');
  await answerSave(app, out);
  await window.keyboard.press('Control+Shift+e');
  await chooseEntry(window, /NDJSON/);
  await seen(() => existsSync(out)).toBe(true);
  const exported = readFileSync(out, 'utf8').trim().split('\n');
  expect(exported.map((line) => JSON.parse(line) as unknown)).toEqual(inTree);
  expect(readdirSync(home).filter((name) => name.endsWith('.part'))).toEqual([]);
  return { tree, rows: inTree.length };
}

/** What is there after opening anew. */
async function look(launched: LaunchedApp, capture: string, left: Left): Promise<void> {
  const { window } = launched;
  await open(launched, capture);
  await window.keyboard.press('Alt+8');
  const noted = window.locator('[data-noted]');
  await noted.waitFor();
  expect(await noted.innerText()).toContain('came from a deleted file');
  await window.keyboard.press('Control+k');
  await window.keyboard.type('view its process tree');
  await window.keyboard.press('Enter');
  await grid(window, 'Attempts').waitFor();
  await seen(() => filterText(window)).toBe(left.tree);
  await seen(() => total(window)).toBe(left.rows);
  await rows(window).first().waitFor();
  await filter(window, DELETED);
  await grid(window, 'Attempts').locator('[data-note-mark]').first().waitFor();
}

test.each([
  ['the sample', (path: string) => copyFileSync(SAMPLE, path)],
  [
    `a made-up capture of ${String(EVENTS)} events`,
    (path: string) => makeCapture(path, { events: EVENTS, seed: 1, version: '0' }),
  ],
] as const)(
  'the walk over %s, and all is there after closing; the capture is unchanged',
  async (_name, make) => {
    const user = testUser();
    const home = folderFor(user);
    const capture = join(home, 'walk.modtrail');
    make(capture);
    giveTo(user, capture);
    const before = sha256(capture);
    try {
      const first = await launchApp({ home, user });
      const left = await walk(first, capture);
      await first.close();
      const second = await launchApp({ home, user });
      await look(second, capture, left);
      await second.close();
      expect(sha256(capture)).toBe(before);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
  PATIENCE,
);
