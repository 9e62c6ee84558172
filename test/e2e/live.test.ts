/** A live session in the real app: record, see a call, stop, and have a capture like any other. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from 'playwright';
import type { Bridge } from '#contract/api.ts';
import type { ViewKept } from '#contract/kept-view.ts';
import { afterAll, describe, expect, test } from 'vitest';
import { Calling } from '../native/calling.ts';
import { answerSave, chooseInMenu, launchApp } from './app.ts';
import { toldEvents, toldInfo } from './told.ts';
import { cell, rows } from './window.ts';

declare global {
  interface Window {
    readonly modtrail: Bridge<File>;
  }
}

const isRoot = process.getuid?.() === 0;
const folder = mkdtempSync(join(tmpdir(), 'modtrail-live-'));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Builds the caller once and makes its odd calls. */
function makeCalls(): void {
  const caller = join(folder, 'caller');
  if (!existsSync(caller)) {
    const built = spawnSync('gcc', [
      '-D_GNU_SOURCE',
      '-O2',
      '-pthread',
      '-o',
      caller,
      join(import.meta.dirname, '../native/caller.c'),
    ]);
    if (built.status !== 0) throw new Error(built.stderr.toString());
  }
  expect(spawnSync(caller, ['threads', '1', '1']).status).toBe(0);
}

interface Desktop {
  readonly told: Electron.Notification[];
}

/** There is no desktop here: what would be shown on it is kept. */
async function keepNotifications(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ Notification }) => {
    const told: Electron.Notification[] = [];
    Object.assign(globalThis, { told });
    Notification.isSupported = () => true;
    Notification.prototype.show = function show(this: Electron.Notification) {
      told.push(this);
    };
  });
}

async function wantAlarms(page: Page, view: ViewKept): Promise<void> {
  await page.evaluate((kept) => window.modtrail.changeSettings({ alarms: true, views: [kept] }), view);
}

const toldOnDesktop = (app: ElectronApplication): Promise<string[]> =>
  app.evaluate(() => (globalThis as unknown as Desktop).told.map(({ body }) => body));

describe.skipIf(!isRoot)('as root', () => {
  test('a call is on the screen within a second, and told on the desktop; the file is a finished capture', async () => {
    makeCalls();
    const out = join(folder, 'live.modtrail');
    const { app, window, close } = await launchApp({ user: { uid: 0, gid: 0 } });
    try {
      await keepNotifications(app);
      await wantAlarms(window, { name: 'no such call', view: 'attempts', filter: 'errno == ENOSYS' });
      await answerSave(app, out);
      await window.locator('[data-record]').click();
      await window.locator('[data-stop]:not([disabled])').waitFor({ timeout: 20_000 });
      await window.getByText('No process has tried to load or remove a module yet').waitFor();

      const start = performance.now();
      makeCalls();
      await rows(window).first().waitFor({ timeout: 5000 });
      const took = performance.now() - start;
      expect(took).toBeLessThan(1000);
      expect(await cell(rows(window).first(), 'returned').innerText()).toMatch(/^E/);

      await expect.poll(() => toldOnDesktop(app), { timeout: 10_000 }).toHaveLength(1);
      expect((await toldOnDesktop(app))[0]).toMatch(/^matches “no such call”: load of /);
      await window.keyboard.press('Alt+6');
      await rows(window).first().waitFor({ state: 'detached' });
      await app.evaluate(() => (globalThis as unknown as Desktop).told[0]?.emit('click'));
      await window.locator('[role=row][aria-selected=true]').waitFor();

      await window.locator('[data-stop]').click();
      await window.locator('[data-record]').waitFor();
      const info = toldInfo(out);
      expect(info.completeness).toBe('finished');
      expect(info.stopReason).toBe('request');
      expect(toldEvents(out).filter(({ kind }) => kind === 'finit_module')).toHaveLength(1);
      expect(existsSync(`${out}-wal`)).toBe(false);
      expect(await rows(window).count()).toBe(1);
    } finally {
      await close();
    }
  });

  test('what is discarded is gone from both windows without a word, and from the disk', async () => {
    const out = join(folder, 'discarded.modtrail');
    makeCalls();
    const { app, window: first, close } = await launchApp({ user: { uid: 0, gid: 0 } });
    const calls = new Calling(join(folder, 'caller'), 20);
    try {
      await app.evaluate(({ dialog }) => {
        dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false });
      });
      await answerSave(app, out);
      await first.locator('[data-record]').click();
      const opened = app.waitForEvent('window');
      await first.locator('[data-stop]:not([disabled])', { hasText: 'Stop' }).waitFor({ timeout: 20_000 });
      await first.keyboard.press('Control+Shift+N');
      const second = await opened;
      for (const page of [first, second]) await rows(page).first().waitFor();
      await new Promise((resolve) => setTimeout(resolve, 500));
      await chooseInMenu(app, 'discard');
      for (const page of [first, second]) {
        await page.locator('[data-record]').waitFor();
        await page.getByRole('tab', { name: 'discarded.modtrail' }).waitFor({ state: 'detached' });
      }
      // What is asked about it meanwhile is answered within this time, and told after it.
      await new Promise((resolve) => setTimeout(resolve, 2500));
      for (const page of [first, second]) expect(await page.locator('[data-notice]').allInnerTexts()).toEqual([]);
      expect(readdirSync(folder).filter((name) => name.startsWith('discarded'))).toEqual([]);
    } finally {
      await calls.end();
      await close();
    }
  });

  test('two windows watch it; closing the last one asks, and quitting leaves a finished capture', async () => {
    const out = join(folder, 'quit.modtrail');
    const { app, window: first, close } = await launchApp({ user: { uid: 0, gid: 0 } });
    await answerSave(app, out);
    await first.locator('[data-record]').click();
    await first.locator('[data-stop]:not([disabled])').waitFor({ timeout: 20_000 });
    const titles = (): Promise<string[]> =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((one) => one.getTitle()));
    expect((await titles())[0]).toMatch(/^● Recording – quit\.modtrail/);

    const opened = app.waitForEvent('window');
    await first.keyboard.press('Control+Shift+N');
    const second = await opened;
    await second.locator('[data-stop]:not([disabled])').waitFor();
    await second.getByRole('tab', { selected: true, name: 'quit.modtrail' }).waitFor();
    makeCalls();
    for (const page of [first, second]) await rows(page).first().waitFor();
    await expect.poll(titles).toEqual(Array.from({ length: 2 }, () => '● Recording – quit.modtrail – Modtrail'));
    // What is chosen in one holds in the other.
    await second.evaluate(() => window.modtrail.changeSettings({ theme: 'dark' }));
    await first.locator('[data-theme][title="Theme: dark"]').waitFor();
    // While one watches, the other may go.
    const gone = first.waitForEvent('close');
    await app.evaluate(({ BrowserWindow, dialog }) => {
      dialog.showMessageBox = () => Promise.reject(new Error('nothing is asked'));
      BrowserWindow.getAllWindows()
        .find(({ webContents }) => webContents.id === 1)
        ?.close();
    });
    await gone;
    makeCalls();
    await expect.poll(() => rows(second).count()).toBe(2);

    // Who does not agree to it goes on recording.
    await app.evaluate(({ BrowserWindow, dialog }) => {
      dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false });
      BrowserWindow.getAllWindows()[0]?.close();
    });
    await second.locator('[data-stop]:not([disabled])').waitFor();
    await app.evaluate(({ dialog }) => {
      dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false });
    });
    await close();
    await expect.poll(() => toldInfo(out).completeness, { timeout: 5000 }).toBe('finished');
    expect(toldInfo(out).stopReason).toMatch(/peer-gone|request/);
  });
});
