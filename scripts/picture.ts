/**
 * Opens the real app on a capture, on whatever display there is, and saves what its window shows.
 * `picture.ts OUT.png [CAPTURE]`; run it under xvfb-run where there is no display.
 */
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { drivenCommand } from './electron.ts';
import { SAMPLE } from './places.ts';
import { reason, runEntry, SetupError } from './say.ts';

/** The size of a picture's window, in pixels. */
const SIZE = { width: 1440, height: 900 };

/** Longest wait for the first rows, in milliseconds. */
const PATIENCE = 20_000;

/**
 * Starts the app, waits until it shows rows of the capture, and hands its window to `use`.
 * @throws Error when no window or no row appears in time.
 */
export async function withApp(
  capture: string,
  use: (window: Page, app: ElectronApplication) => Promise<void>,
): Promise<void> {
  const command = await drivenCommand([capture]);
  const app = await _electron.launch({ ...command, timeout: PATIENCE });
  try {
    const window = await app.firstWindow({ timeout: PATIENCE });
    await app.evaluate(({ BrowserWindow }, size) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height);
    }, SIZE);
    await window.getByRole('row').nth(1).waitFor({ timeout: PATIENCE });
    // Two frames later what was asked for together with the rows is painted too.
    await window.waitForTimeout(500);
    await use(window, app);
  } finally {
    await app.close();
  }
}

if (import.meta.main) {
  await runEntry(async () => {
    const [out, capture = SAMPLE] = process.argv.slice(2);
    if (out === undefined) throw new SetupError('usage: picture.ts OUT.png [CAPTURE]');
    await mkdir(dirname(resolve(out)), { recursive: true });
    await withApp(resolve(capture), async (window) => {
      await window.screenshot({ path: out });
    }).catch((error: unknown) => {
      throw new SetupError(`no window came up: ${reason(error).split('\n').slice(0, 12).join('\n')}`);
    });
    return 0;
  });
}
