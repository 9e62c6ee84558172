/** Modules and processes in the real app: what the rows say is what the attempts one by one say. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Attempt } from '#contract/attempt.ts';
import type { Locator } from 'playwright';
import { SAMPLE } from '../../scripts/places.ts';
import { launchApp, type LaunchedApp } from './app.ts';
import { toldAttempts } from './told.ts';
import { cell, ready, rows } from './window.ts';

let launched: LaunchedApp;
let attempts: Attempt[];

beforeAll(async () => {
  attempts = toldAttempts(SAMPLE);
  launched = await launchApp({ files: [SAMPLE] });
  await ready(launched.window);
});

afterAll(async () => {
  await launched.close();
});

const counted = (): Locator => launched.window.locator('[data-counting][data-busy=no]');
const modules = (): Locator => launched.window.getByRole('grid', { name: 'Modules' });
const processes = (): Locator => launched.window.getByRole('treegrid', { name: 'Processes' });
const search = (): Locator => launched.window.locator('[data-search]');
const rowOf = (table: Locator, name: string): Locator =>
  table.getByRole('row').filter({ has: launched.window.getByText(name, { exact: true }) });

async function show(view: 'modules' | 'processes'): Promise<void> {
  await launched.window.locator(`[data-view=${view}]`).click();
  await counted().waitFor();
}

describe('modules', () => {
  beforeEach(async () => {
    await show('modules');
    await launched.window.getByText('by name').click();
  });

  test('stand in one row each, with what came of all attempts', async () => {
    const names = new Set(attempts.map(({ module }) => module?.name));
    await expect.poll(() => counted().innerText()).toBe(`${String(names.size)} names`);
    await modules().locator('[data-heading=name] > button').click();
    const about = attempts.filter(({ module }) => module?.name === 'dummy');
    expect(about.length).toBeGreaterThan(1);
    const row = rowOf(modules(), 'dummy');
    await row.scrollIntoViewIfNeeded();
    const read = async (): Promise<number> => {
      const marks = await cell(row, 'attempts').locator('[data-verdict]').allInnerTexts();
      return marks.reduce((sum, mark) => sum + Number.parseInt(mark, 10), 0);
    };
    await expect.poll(read).toBe(about.length);
    await modules().locator('[data-heading=first] > button').click();
  });

  test('by image have a row for each hash, and one for what has none', async () => {
    await launched.window.getByText('by image').click();
    const hashes = new Set(attempts.map(({ image }) => image?.sha256));
    await expect.poll(() => counted().innerText()).toBe(`${String(hashes.size)} images`);
  });

  test('are found by a text in what they are called or came from, and Escape brings all back', async () => {
    const { window } = launched;
    await modules().focus();
    await window.keyboard.press('Control+f');
    await window.keyboard.type('/HOME/');
    const from = new Set(
      attempts.filter(({ file }) => file?.path?.includes('/home/')).map(({ module }) => module?.name),
    );
    await expect.poll(() => counted().innerText()).toBe(`${String(from.size)} names`);
    await window.keyboard.press('Escape');
    await expect.poll(() => search().inputValue()).toBe('');
    await expect.poll(() => rows(window).count()).toBeGreaterThan(from.size);
  });

  test('have a menu for values and rows, copy as their columns and whole, and are found again by their note', async () => {
    const { app, window } = launched;
    await search().fill('dummy');
    await expect.poll(() => rows(window).count()).toBe(1);
    await modules().focus();
    await window.keyboard.press('Home');
    await window.keyboard.press('ArrowRight');
    await window.keyboard.press('Shift+F10');
    const menu = window.getByRole('menu');
    for (const words of ['module.name == dummy', 'Show its attempts', 'Copy as CSV'])
      expect(await menu.innerText()).toContain(words);
    await menu.getByText('Copy as JSON').click();
    const clipboard = (): Promise<string> => app.evaluate(({ clipboard: of }) => of.readText());
    const about = attempts.filter(({ module }) => module?.name === 'dummy');
    await expect.poll(clipboard).toContain('"verdicts"');
    const [row] = JSON.parse(await clipboard()) as { attempts: number; verdicts: Record<string, number> }[];
    expect(row?.attempts).toBe(about.length);
    expect(row?.verdicts['live'] ?? 0).toBe(about.filter(({ verdict }) => verdict === 'live').length);

    await modules().focus();
    await window.keyboard.press('n');
    await window.locator('[data-note-field]').fill('known good');
    await window.keyboard.press('Control+Enter');
    await search().fill('');
    await modules().focus();
    await window.keyboard.press('End');
    await window.locator('[data-view=notes]').click();
    await window
      .getByRole('button', { name: /^Go to module dummy/ })
      .or(window.getByText('module dummy'))
      .first()
      .click();
    await expect.poll(() => modules().locator('[aria-selected=true]').innerText()).toContain('dummy');
  });

  test('open in the inspector with Enter where their bytes are kept', async () => {
    const { window } = launched;
    await window.getByText('by image').click();
    const { image } = attempts.find(({ module, image: of }) => module?.name === 'mt_slow' && of?.complete) ?? {};
    await search().fill(image?.sha256 ?? 'no such image');
    await expect.poll(() => rows(window).count()).toBe(1);
    await modules().focus();
    await window.keyboard.press('Home');
    await window.keyboard.press('Enter');
    await window.locator('[data-identity]').waitFor();
    await window.keyboard.press('Escape');
    await modules().waitFor();
    await search().fill('');
    await expect.poll(() => rows(window).count()).toBeGreaterThan(1);
  });
});

test('the attempts of a module, and those of a tree of processes, are shown as a filter of their table', async () => {
  const { window } = launched;
  await show('modules');
  await window.getByText('by name').click();
  await search().fill('dummy');
  await rowOf(modules(), 'dummy').waitFor();
  await expect.poll(() => rows(window).count()).toBe(1);
  await modules().focus();
  await window.keyboard.press('Home');
  await window.locator('[data-show-attempts]').click();
  const table = window.getByRole('grid', { name: 'Attempts' });
  const about = attempts.filter(({ module }) => module?.name === 'dummy');
  await expect.poll(() => table.getAttribute('aria-rowcount')).toBe(String(about.length + 1));
  await show('processes');
  await search().fill('login');
  await expect.poll(() => processes().locator('[role=row]', { hasText: 'login' }).count()).toBeGreaterThan(0);
  await processes().locator('[role=row]', { hasText: 'login' }).first().click();
  await processes().focus();
  await window.keyboard.press('Enter');
  const isOf = (attempt: Attempt): boolean =>
    [attempt.process, ...(attempt.process?.ancestors ?? [])].some((process) => process?.comm === 'login');
  await expect.poll(() => table.getAttribute('aria-rowcount')).toBe(String(attempts.filter(isOf).length + 1));
  await window.locator('[data-filter-clear]').click();
  await show('processes');
  await search().fill('');
  await show('modules');
  await search().fill('');
  await expect.poll(() => rows(window).count()).toBeGreaterThan(1);
});

describe('processes', () => {
  beforeEach(() => show('processes'));

  test('open and close by key, and lead back to what they came from', async () => {
    const { window } = launched;
    await processes().focus();
    await window.keyboard.press('Home');
    const active = (): Locator => processes().locator('[aria-selected=true]');
    await expect.poll(() => active().getAttribute('aria-level')).toBe('1');
    await window.keyboard.press('ArrowRight');
    await expect.poll(() => active().getAttribute('aria-level')).toBe('2');
    await window.keyboard.press('ArrowRight');
    await expect.poll(() => active().getAttribute('aria-expanded')).toBe('true');
    await window.keyboard.press('ArrowRight');
    await expect.poll(() => active().getAttribute('aria-level')).toBe('3');
    await window.keyboard.press('ArrowLeft');
    await expect.poll(() => active().getAttribute('aria-level')).toBe('2');
    await window.keyboard.press('ArrowLeft');
    await expect.poll(() => active().getAttribute('aria-expanded')).toBe('false');
  });

  test('are found with what led to them', async () => {
    const wanted = attempts.flatMap(({ process }) => (process?.comm === 'rmmod' ? [process] : []));
    const kept = new Set(wanted.flatMap(({ pid, ancestors }) => [pid, ...ancestors.map((parent) => parent.pid)]));
    const shown = (): Promise<string | null> => processes().getAttribute('aria-rowcount');
    const before = await shown();
    await search().fill('rmmod');
    await expect.poll(shown).toBe(String(kept.size + 1));
    expect(await rowOf(processes(), 'rmmod').count()).toBeGreaterThan(0);
    await search().fill('');
    await expect.poll(shown).toBe(before);
  });
});
