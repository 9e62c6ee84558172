/** Moving about in the real app: tabs, all captures together, the palette, back and forward, the session after a crash, zoom. */
import { chmodSync, copyFileSync, readFileSync, rmSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SAMPLE } from '../../scripts/places.ts';
import { CaptureBuilder, removeFolders } from '../core/builder.ts';
import { launchApp, type LaunchedApp } from './app.ts';
import { folderFor, giveTo, testUser } from './user.ts';
import { grid, inspector, ready, rows } from './window.ts';

const user = testUser();
const folder = folderFor(user);
const home = folderFor(user);
/** A copy of the sample, and a capture of another host with one attempt. */
const COPY = join(folder, 'copy.modtrail');
const OTHER = join(folder, 'other.modtrail');

let launched: LaunchedApp;

const tab = (window: Page, name: string): Locator => window.getByRole('tab', { name });
const selected = (window: Page): Locator => window.locator('[role=tab][aria-selected=true]');
/** What the app has written of what is open. */
const sessionFile = (): string => readFileSync(join(home, '.config/Modtrail/session.json'), 'utf8');
const shownTab = (window: Page): Promise<string> => selected(window).innerText();

beforeAll(async () => {
  copyFileSync(SAMPLE, COPY);
  chmodSync(COPY, 0o644);
  const built = new CaptureBuilder(undefined, OTHER);
  built.clock(1000, 1_795_532_730_000_000_000n);
  const call = built.call({ returned: 0, process: built.process(), file: built.file('/lib/modules/x.ko', 17) });
  built.load(call, 0x1000, 'x');
  built.finish();
  giveTo(user, COPY, OTHER);
  launched = await launchApp({ home, files: [COPY, OTHER] });
  await ready(launched.window);
  await tab(launched.window, 'other.modtrail').waitFor();
});

afterAll(async () => {
  await launched.close();
  for (const path of [folder, home]) rmSync(path, { recursive: true, force: true });
  removeFolders();
});

/** A machine that is busy with other things takes its time. */
const soon = <T>(what: () => T | Promise<T>) => expect.poll(what, { timeout: 15_000 });

async function expectAccessible(window: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await window.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page: window }).setLegacyMode().analyze();
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  }
}

/** Controls that lie outside of the window, or of a part that hides what does not fit, where nobody can scroll to them. */
const cutOff = (window: Page): Promise<string[]> =>
  window.evaluate(() => {
    const within = (element: Element): boolean => {
      const own = element.getBoundingClientRect();
      for (let outer = element.parentElement; outer; outer = outer.parentElement) {
        const { overflowX, overflowY } = getComputedStyle(outer);
        if (['auto', 'scroll'].some((word) => word === overflowX || word === overflowY)) return true;
        const box =
          outer === document.body ? new DOMRect(0, 0, innerWidth, innerHeight) : outer.getBoundingClientRect();
        const clips = overflowX !== 'visible' || overflowY !== 'visible';
        const inside =
          own.left > box.left - 1.5 &&
          own.right < box.right + 1.5 &&
          own.top > box.top - 1.5 &&
          own.bottom < box.bottom + 1.5;
        if (clips && !inside) return false;
      }
      return true;
    };
    return [...document.querySelectorAll('button, input, select, [role=tab], [role=grid]')]
      .filter((element) => element.getBoundingClientRect().width > 0 && !within(element))
      .map((element) => element.outerHTML.slice(0, 120));
  });

test('two captures are open in tabs; each keeps its view and its selection', async () => {
  const { app, window } = launched;
  await window.keyboard.press('Control+1');
  expect(await shownTab(window)).toContain('copy.modtrail');
  await window.keyboard.press('Alt+4');
  await grid(window, 'Events').waitFor();
  await rows(window).nth(3).click();
  const seq = await inspector(window).locator('[data-seq]').first().getAttribute('data-seq');

  await window.keyboard.press('Control+Tab');
  expect(await shownTab(window)).toContain('other.modtrail');
  await grid(window, 'Attempts').waitFor();
  await soon(() => rows(window).count()).toBe(1);
  expect(await inspector(window).locator('[data-seq]').count()).toBe(0);
  const titles = (): Promise<string[]> =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((one) => one.getTitle()));
  await soon(titles).toEqual(['other.modtrail – Modtrail']);

  await window.keyboard.press('Control+Shift+Tab');
  await grid(window, 'Events').waitFor();
  await inspector(window)
    .locator(`[data-seq="${String(seq)}"]`)
    .first()
    .waitFor();
});

test('a tab is as far scrolled as it was left, and text in a row can be selected and copied', async () => {
  const { app, window } = launched;
  await window.keyboard.press('Control+1');
  const table = grid(window, 'Events');
  await table.evaluate((element) => {
    element.scrollTop = 1200;
  });
  await window.waitForTimeout(100);
  await window.keyboard.press('Control+2');
  await grid(window, 'Attempts').waitFor();
  await window.keyboard.press('Control+1');
  await table.waitFor();
  await soon(() => table.evaluate((element) => element.scrollTop)).toBe(1200);

  const cellBox = await rows(window).nth(12).locator('[data-column=kind]').boundingBox();
  if (!cellBox) throw new Error('the cell has no size');
  await window.mouse.move(cellBox.x + 2, cellBox.y + 12);
  await window.mouse.down();
  await window.mouse.move(cellBox.x + cellBox.width - 4, cellBox.y + 12, { steps: 5 });
  await window.mouse.up();
  const text = await window.evaluate(() => document.getSelection()?.toString().trim() ?? '');
  expect(text).toMatch(/^[a-z_]{4,}/);
  await window.keyboard.press('Control+c');
  await soon(async () => (await app.evaluate(({ clipboard }) => clipboard.readText())).trim()).toBe(text);
});

test('tabs are moved through with the arrows, closed with Delete and the middle button', async () => {
  const { window } = launched;
  await selected(window).focus();
  await window.keyboard.press('ArrowRight');
  expect(await shownTab(window)).toContain('other.modtrail');
  expect(await window.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('tab');
  await window.keyboard.press('Control+k');
  await window.keyboard.type('open sample');
  await window.keyboard.press('Enter');
  await tab(window, 'sample.modtrail').waitFor();
  await selected(window).focus();
  await window.keyboard.press('Delete');
  await tab(window, 'sample.modtrail').waitFor({ state: 'detached' });
  await window.keyboard.press('Control+k');
  await window.keyboard.type('open sample');
  await window.keyboard.press('Enter');
  await tab(window, 'sample.modtrail').click({ button: 'middle' });
  await tab(window, 'sample.modtrail').waitFor({ state: 'detached' });
  expect(await window.getByRole('tab').count()).toBe(2);
});

test('all captures stand on one axis, each with its host and its clock; a mark leads to its attempt', async () => {
  const { window } = launched;
  await window.keyboard.press('Alt+0');
  const together = window.locator('[data-together]');
  await together.waitFor();
  await soon(() => together.locator('[data-marks]:not([data-marks="0"])').count()).toBe(2);
  for (const words of await together.locator('[data-uncertainty]').allInnerTexts()) expect(words).toMatch(/^clock ±/);
  await expectAccessible(window);
  await together.getByRole('application').focus();
  await window.keyboard.press('ArrowDown');
  await window.keyboard.press('ArrowDown');
  await soon(() => together.locator('[data-marked]').innerText()).toContain('Enter opens it');
  await window.keyboard.press('Enter');
  await together.waitFor({ state: 'detached' });
  expect(await shownTab(window)).toContain('other.modtrail');
  await inspector(window).locator('[data-call-id]').first().waitFor();
});

test('the palette is worked with the keyboard alone', async () => {
  const { window } = launched;
  await window.keyboard.press('Control+Shift+P');
  const field = window.getByRole('combobox', { name: 'Command' });
  await field.waitFor();
  await expectAccessible(window);
  await window.keyboard.type('refer');
  const option = window.getByRole('option', { selected: true });
  expect(await option.innerText()).toContain('Reference');
  expect(await field.getAttribute('aria-activedescendant')).toBe(await option.getAttribute('id'));
  await window.keyboard.press('Enter');
  await window.locator('[data-reference]').waitFor();
  await window.keyboard.press('Control+k');
  await window.keyboard.type('zzzz');
  await window.getByText('No command has these letters').waitFor();
  await window.keyboard.press('Escape');
  await field.waitFor({ state: 'detached' });
});

test('back and forward lead through tabs, views and selections', async () => {
  const { window } = launched;
  expect(await window.locator('[data-reference]').count()).toBe(1);
  await window.keyboard.press('Alt+ArrowLeft');
  await grid(window, 'Attempts').waitFor();
  expect(await shownTab(window)).toContain('other.modtrail');
  await window.getByRole('button', { name: 'Go back' }).click();
  await window.locator('[data-together]').waitFor();
  await window.keyboard.press('Alt+ArrowRight');
  await inspector(window).locator('[data-call-id]').first().waitFor();
  await window.keyboard.press('Alt+ArrowRight');
  await window.locator('[data-reference]').waitFor();
  expect(await window.getByRole('button', { name: 'Go forward' }).isDisabled()).toBe(true);
});

test('at 200 % nothing is cut off, in every view', async () => {
  const { app, window } = launched;
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 800);
  });
  for (let step = 0; step < 5; step++) await window.keyboard.press('Control++');
  await soon(() => window.evaluate(() => innerWidth)).toBe(640);
  for (const view of ['1', '2', '3', '4', '5', '6', '7', '0']) {
    await window.keyboard.press(`Alt+${view}`);
    await window.waitForTimeout(150);
    expect(await cutOff(window), `Alt ${view}`).toEqual([]);
  }
  await window.keyboard.press('Control+0');
  await soon(() => window.evaluate(() => innerWidth)).toBe(1280);
  await window.keyboard.press('Control+-');
  await soon(() => window.evaluate(() => innerWidth)).toBeGreaterThan(1280);
});

test('after the app was killed all is open again; what is gone gets a line', async () => {
  const { app, window } = launched;
  await window.keyboard.press('Control+1');
  await window.keyboard.press('Alt+4');
  const before = sessionFile();
  await rows(window).nth(5).click();
  const seq = await inspector(window).locator('[data-seq]').first().getAttribute('data-seq');
  await soon(() => sessionFile() !== before && new RegExp(`\\D${String(seq)}\\D`).test(sessionFile())).toBe(true);
  const gone = app.waitForEvent('close');
  process.kill(await app.evaluate(() => process.pid), 'SIGKILL');
  await gone;
  unlinkSync(OTHER);

  launched = await launchApp({ home });
  const next = launched.window;
  await grid(next, 'Events').waitFor();
  expect(await shownTab(next)).toContain('copy.modtrail');
  await inspector(next)
    .locator(`[data-seq="${String(seq)}"]`)
    .first()
    .waitFor();
  const told = next.locator('[data-restored]');
  expect(await told.innerText()).toMatch(/ended unexpectedly[^]*1 tab is open again, 1 could not be opened/);
  expect(await told.locator('li').allInnerTexts()).toEqual([expect.stringContaining('other.modtrail')]);
  expect(await next.evaluate(() => innerWidth)).toBeGreaterThan(1280);
  await expectAccessible(next);
});

test('after an ordinary end the last session is offered in the first window', async () => {
  await launched.window.waitForTimeout(400);
  await launched.close();
  launched = await launchApp({ home });
  const { window } = launched;
  await window.locator('[data-reopen]').waitFor();
  await expectAccessible(window);
  await window.locator('[data-reopen]').click();
  await grid(window, 'Events').waitFor();
  expect(await shownTab(window)).toContain('copy.modtrail');
});
