/**
 * The real app for end-to-end tests, as a non-root user with Chromium's sandbox on.
 *
 *     const { app, window, home, close } = await launchApp({ files: [SAMPLE] });
 *     await window.getByRole('row').nth(1).click();
 *     await close();
 *
 * Each start has its own home, settings and caches. Dialogs are the system's; a test answers them beforehand with
 * `answerOpen` and `answerSave`.
 */
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { MenuCommand } from '#contract/commands.ts';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { drivenCommand } from '../../scripts/electron.ts';
import { folderFor, giveTo, readableApp, startScript, testUser, type TestUser } from './user.ts';

/** Longest wait for the window, in milliseconds. */
const PATIENCE = 30_000;

export interface LaunchOptions {
  /** Arguments of the app: captures to open. The user must be able to read them. */
  readonly files?: readonly string[];
  /** Who runs the app; the test user unless another is named. Root runs it without Chromium's sandbox. */
  readonly user?: TestUser;
  /** Home of an earlier start, so that settings and recent captures are still there. It is not removed then. */
  readonly home?: string;
}

export interface LaunchedApp {
  readonly app: ElectronApplication;
  /** The window's page; its title line is there. */
  readonly window: Page;
  readonly user: TestUser;
  /** The app's home: a folder of the user for files of the test. */
  readonly home: string;
  /** What the app wrote to stderr so far; defects of main and the store are there. */
  log(): string;
  /** Lines of the page's console so far. */
  console(): readonly string[];
  /** Quits the app and removes its home. */
  close(): Promise<void>;
}

/** Starts the app and waits for its window. @throws Error with the app's own words when none comes up. */
export async function launchApp(options: LaunchOptions = {}): Promise<LaunchedApp> {
  const user = options.user ?? testUser();
  const home = options.home ?? folderFor(user);
  const folder = user.uid === process.getuid?.() ? undefined : readableApp(user);
  const command = await drivenCommand(options.files, user.uid, folder);
  const app = await _electron.launch({
    ...command,
    executablePath: startScript(user, command.executablePath, home),
    env: environment(command.env, user, home),
    timeout: PATIENCE,
  });
  let log = '';
  const lines: string[] = [];
  app.process().stderr?.on('data', (bytes: Buffer) => (log += bytes.toString()));
  try {
    const window = await app.firstWindow({ timeout: PATIENCE });
    window.on('console', (message) => lines.push(`${message.type()}: ${message.text()}`));
    // What the page shows is waited for, not the event of its loading: the driver may have come too late for that.
    await window.locator('h1').waitFor({ timeout: PATIENCE });
    return {
      ...{ app, window, user, home },
      log: () => log,
      console: () => lines,
      close: async () => {
        await app.close();
        if (options.home === undefined) rmSync(home, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await app.close();
    throw new Error(`no window came up; the app said:\n${log}`, { cause: error });
  }
}

/** The user's own folders, and the display's key in a place that the user can read. */
function environment(given: Record<string, string>, user: TestUser, home: string): Record<string, string> {
  const env: Record<string, string> = { ...given, HOME: home, TMPDIR: home };
  for (const [name, folder] of Object.entries({
    XDG_CONFIG_HOME: '.config',
    XDG_CACHE_HOME: '.cache',
    XDG_DATA_HOME: '.data',
    XDG_RUNTIME_DIR: '.run',
  })) {
    env[name] = join(home, folder);
    mkdirSync(join(home, folder), { recursive: true, mode: 0o700 });
    giveTo(user, join(home, folder));
  }
  const key = given['XAUTHORITY'];
  if (key !== undefined) {
    env['XAUTHORITY'] = join(home, '.Xauthority');
    copyFileSync(key, env['XAUTHORITY']);
    giveTo(user, env['XAUTHORITY']);
  }
  return env;
}

/** Makes the next "open" dialogs answer with this path, or as if closed. */
export async function answerOpen(app: ElectronApplication, path: string | undefined): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () =>
      Promise.resolve({ canceled: chosen === undefined, filePaths: chosen === undefined ? [] : [chosen] });
  }, path);
}

/** Makes the next "save" dialogs answer with this path, or as if closed. */
export async function answerSave(app: ElectronApplication, path: string | undefined): Promise<void> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showSaveDialog = () => Promise.resolve({ canceled: chosen === undefined, filePath: chosen ?? '' });
  }, path);
}

/** Carries out an item of the application's menu; keys that a test presses do not reach the menu's accelerators. */
export async function chooseInMenu(app: ElectronApplication, id: MenuCommand): Promise<void> {
  await app.evaluate(({ Menu }, name) => {
    Menu.getApplicationMenu()?.getMenuItemById(name)?.click();
  }, id);
}
