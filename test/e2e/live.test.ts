/** A live session in the real app: record, see a call, stop, and have a capture like any other. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { answerSave, launchApp } from './app.ts';
import { toldEvents, toldInfo } from './told.ts';
import { cell, rows } from './window.ts';

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

describe.skipIf(!isRoot)('as root', () => {
  test('a call is on the screen within a second, and the file is a finished capture', async () => {
    makeCalls();
    const out = join(folder, 'live.modtrail');
    const { app, window, close } = await launchApp({ user: { uid: 0, gid: 0 } });
    try {
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

  test('quitting while it records leaves a finished capture', async () => {
    const out = join(folder, 'quit.modtrail');
    const { app, window, close } = await launchApp({ user: { uid: 0, gid: 0 } });
    await answerSave(app, out);
    await window.locator('[data-record]').click();
    await window.locator('[data-stop]:not([disabled])').waitFor({ timeout: 20_000 });
    makeCalls();
    await rows(window).first().waitFor();
    const title = (): Promise<string | undefined> =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getTitle());
    expect(await title()).toMatch(/^● Recording – quit\.modtrail/);
    // Who does not agree to it goes on recording.
    await app.evaluate(({ BrowserWindow, dialog }) => {
      dialog.showMessageBox = () => Promise.resolve({ response: 1, checkboxChecked: false });
      BrowserWindow.getAllWindows()[0]?.close();
    });
    await window.locator('[data-stop]:not([disabled])').waitFor();
    await app.evaluate(({ dialog }) => {
      dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false });
    });
    await close();
    await expect.poll(() => toldInfo(out).completeness, { timeout: 5000 }).toBe('finished');
    expect(toldInfo(out).stopReason).toMatch(/peer-gone|request/);
  });
});
