/** The app's life: a second start, what is remembered, processes that end when they should not, and the end itself. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright';
import { afterEach, describe, expect, test } from 'vitest';
import type { Bridge } from '#contract/api.ts';
import { electronCommand } from '../../scripts/electron.ts';
import { SAMPLE } from '../../scripts/places.ts';
import { answerSave, launchApp, type LaunchedApp, type LaunchOptions } from './app.ts';
import { OwnCall } from '../native/own-call.ts';
import { toldInfo } from './told.ts';
import { folderFor, readableApp, testUser } from './user.ts';
import { collectorsOf } from './victims.ts';
import { notices, ready, rows } from './window.ts';

declare global {
  interface Window {
    readonly modtrail: Bridge<File>;
  }
}

let launched: LaunchedApp | undefined;

afterEach(async () => {
  await launched?.close();
  launched = undefined;
});

async function start(options: LaunchOptions): Promise<LaunchedApp> {
  launched = await launchApp(options);
  return launched;
}

/** Ids of the processes that another has started and that run this program. */
function childrenOf(parent: number, program: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
        const words = readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8');
        return status.includes(`\nPPid:\t${String(parent)}\n`) && words.includes(program);
      } catch {
        // It ended while it was looked at.
        return false;
      }
    });
}

const isThere = (pid: number): boolean => existsSync(`/proc/${String(pid)}/exe`);

async function until(what: string, condition: () => boolean): Promise<void> {
  const end = performance.now() + 15_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** One reads captures; whoever looks at the list of images is about to open one, for which there is another. */
async function bothProcesses(page: Page, main: number): Promise<void> {
  expect(childrenOf(main, 'store.js')).toHaveLength(1);
  await page.evaluate(() => window.modtrail.images('c1'));
  await until('both processes', () => childrenOf(main, 'store.js').length === 2);
}

describe('starts', () => {
  test('a second start hands its files to the first and ends', async () => {
    const { window: page, app, home, user } = await start({});
    const { args, env } = await electronCommand([SAMPLE], user.uid, readableApp(user));
    const second = spawn(join(home, 'start'), args, {
      env: { ...env, HOME: home, XDG_CONFIG_HOME: join(home, '.config'), XAUTHORITY: join(home, '.Xauthority') },
      stdio: 'ignore',
    });
    const [code] = (await once(second, 'exit')) as [number];
    expect(code).toBe(0);
    await ready(page);
    expect(
      await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((one) => one.getTitle())),
    ).toEqual(['sample.modtrail – Modtrail']);
  });

  test('theme, recent captures and the window are as they were left', async () => {
    const user = testUser();
    const home = folderFor(user);
    try {
      const first = await launchApp({ home, files: [SAMPLE] });
      await ready(first.window);
      await first.window.evaluate(() => window.modtrail.changeSettings({ theme: 'dark', panes: { inspector: 333 } }));
      await first.app.evaluate(({ BrowserWindow }) => {
        BrowserWindow.getAllWindows()[0]?.setBounds({ x: 40, y: 50, width: 1000, height: 700 });
      });
      await first.window.waitForTimeout(300);
      const left = await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
      await first.close();

      const { app, window: page } = await start({ home });
      expect(await page.evaluate(() => window.modtrail.settings())).toMatchObject({
        value: { theme: 'dark', panes: { inspector: 333 } },
      });
      expect(await app.evaluate(({ nativeTheme }) => nativeTheme.shouldUseDarkColors)).toBe(true);
      const recent = await page.evaluate(() => window.modtrail.recentCaptures());
      expect(recent.ok && recent.value.map(({ name }) => name)).toEqual(['sample.modtrail']);
      const bounds = await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds());
      expect([bounds?.width, bounds?.height]).toEqual([left?.width, left?.height]);
    } finally {
      await launched?.close();
      launched = undefined;
      rmSync(home, { recursive: true, force: true });
    }
  });
});

describe('goes on', () => {
  test('when the process that reads captures ends', async () => {
    const { app, window: page } = await start({ files: [SAMPLE] });
    await ready(page);
    const main = await app.evaluate(() => process.pid);
    await bothProcesses(page, main);
    for (const pid of childrenOf(main, 'store.js')) process.kill(pid, 'SIGKILL');
    await until('the end of the store', () => childrenOf(main, 'store.js').length === 0);
    // What is asked before main has noticed is lost with the process; the next question is answered by a new one.
    await expect.poll(() => page.evaluate(() => window.modtrail.captureInfo('c1'))).toMatchObject({ ok: true });
    expect(childrenOf(main, 'store.js')).toHaveLength(1);
  });

  test('when the process that draws the window ends: it is drawn anew, with its capture', async () => {
    const { app, window: page } = await start({ files: [SAMPLE] });
    await ready(page);
    const before = await app.evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents;
      const pid = contents?.getOSProcessId();
      contents?.forcefullyCrashRenderer();
      return pid;
    });
    await until('a new process', () => before !== undefined && !isThere(before));
    // The driver's own page ended with the process; main asks the new one. What is asked while it loads is lost.
    const shown = (): Promise<string> =>
      app.evaluate(({ BrowserWindow }) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents;
        const asked = contents?.executeJavaScript('document.body.innerText') as Promise<string>;
        return Promise.race([asked, new Promise<string>((resolve) => setTimeout(resolve, 1000, ''))]);
      });
    await expect.poll(shown, { timeout: 15_000 }).toContain('sample.modtrail');
  });

  test('with a defect in main: one sentence, no stack trace', async () => {
    const { app, window: page, log } = await start({ files: [SAMPLE] });
    await ready(page);
    await app.evaluate(() => {
      setTimeout(() => {
        throw new Error('a defect for this test');
      });
    });
    await notices(page).first().waitFor();
    expect(await notices(page).first().innerText()).not.toContain('a defect for this test');
    await until('the log', () => log().includes('a defect for this test'));
    expect(await rows(page).count()).toBeGreaterThan(0);
  });
});

describe('ends', () => {
  test('its processes with it, even when it is killed', async () => {
    const one = await launchApp({ files: [SAMPLE] });
    await ready(one.window);
    const main = await one.app.evaluate(() => process.pid);
    await bothProcesses(one.window, main);
    const stores = childrenOf(main, 'store.js');
    process.kill(main, 'SIGKILL');
    await until('the end of the store', () => !stores.some(isThere));
    rmSync(one.home, { recursive: true, force: true });
  });

  test.skipIf(process.getuid?.() !== 0)(
    'a recording is finished when the app is killed, and offered then; one that is kept goes on',
    async () => {
      const user = { uid: 0, gid: 0 };
      const one = await launchApp({ user });
      const { home } = one;
      const file = join(home, 'killed.modtrail');
      await answerSave(one.app, file);
      const started = await one.window.evaluate(() => window.modtrail.startRecording({ images: true }));
      expect(started.ok).toBe(true);
      const first = new OwnCall();
      first.make();
      // What a machine that stops leaves: the file and its log as they are at the moment.
      const crashed = join(home, 'crashed.modtrail');
      await until('a log', () => existsSync(`${file}-wal`));
      for (const end of ['', '-wal']) copyFileSync(file + end, crashed + end);
      process.kill(await one.app.evaluate(() => process.pid), 'SIGKILL');
      await until('one whole file', () => existsSync(file) && !existsSync(`${file}-wal`));
      const journal = join(home, '.config/Modtrail/recordings.json');
      const text = readFileSync(journal, 'utf8');
      const { recordings } = JSON.parse(text) as { recordings: { file: string }[] };
      expect(recordings).toHaveLength(1);
      recordings.push({ ...recordings[0], ...{ file: crashed, id: randomUUID() } });
      writeFileSync(journal, JSON.stringify({ recordings }));

      const next = await start({ user, home });
      const { window: page } = next;
      const left = page.locator('[data-left]');
      await page.locator('[data-left][data-stands=finished]').waitFor();
      expect(await left.allInnerTexts()).toEqual([
        expect.stringMatching(
          new RegExp(`^The recording of ${hostname()}, started .* has finished killed.modtrail since`),
        ),
        expect.stringMatching(/has no end/),
      ]);
      expect((await new AxeBuilder({ page }).setLegacyMode(true).analyze()).violations).toEqual([]);
      await page.locator('[data-left][data-stands=finished] [data-left-open]').click();
      await ready(page);
      expect(await page.evaluate(() => window.modtrail.captureInfo('c1'))).toMatchObject({
        value: { completeness: 'finished', stopReason: 'peer-gone' },
      });
      expect(first.in(file)).toHaveLength(1);
      // The other one is offered above what is open, too.
      await left.locator('[data-left-open]').click();
      await left.waitFor({ state: 'detached' });
      expect(await page.evaluate(() => window.modtrail.captureInfo('c2'))).toMatchObject({
        value: { completeness: 'unfinished' },
      });

      // One that is to outlive the app does, and the next start has it.
      const kept = join(home, 'kept.modtrail');
      await answerSave(next.app, kept);
      await page.keyboard.press('Control+Shift+R');
      await page.locator('[data-keep]').check();
      await page.locator('[data-begin]').click();
      await page.locator('[data-stop]:not([disabled])').waitFor({ timeout: 20_000 });
      const gone = next.app.waitForEvent('close');
      process.kill(await next.app.evaluate(() => process.pid), 'SIGKILL');
      await gone;
      const [, line = ''] = /"line": "([^"]*)"/.exec(readFileSync(journal, 'utf8')) ?? [];
      expect(existsSync(line)).toBe(true);
      const second = new OwnCall();
      second.make();
      const { window: last } = await start({ user, home });
      await last.locator('[data-stop]:not([disabled])', { hasText: 'Stop' }).waitFor({ timeout: 20_000 });
      expect(collectorsOf(kept)).toHaveLength(1);
      await last.getByRole('tab', { selected: true, name: 'kept.modtrail' }).waitFor();
      await ready(last);
      await last.locator('[data-stop]').click();
      await last.locator('[data-record]').waitFor();
      await until('the end of the recorder', () => collectorsOf(kept).length === 0);
      expect(toldInfo(kept)).toMatchObject({ completeness: 'finished', stopReason: 'request' });
      expect(second.in(kept)).toHaveLength(1);
      expect(existsSync(line)).toBe(false);
      rmSync(home, { recursive: true, force: true });
    },
  );
});
