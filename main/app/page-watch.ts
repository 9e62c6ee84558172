/** The page's own life: it starts, it ends when it should not, and it is drawn anew. */
import { app, dialog, type BrowserWindow } from 'electron';
import { logDefect } from './log.ts';
import { isOwnUrl, PAGE_URL } from './page.ts';

/** A page that ends twice within this time is drawn a third time only if somebody asks for it, in milliseconds. */
const CRASH_PAUSE = 10_000;

/**
 * @param startsAnew told of a page that starts, or starts again after it ended: it knows nothing yet
 * @param isLast whether there is no other window
 */
export function watchPage(window: BrowserWindow, startsAnew: () => void, isLast: () => boolean): void {
  const { webContents } = window;
  webContents.on('did-start-navigation', ({ url, isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument && isOwnUrl(url)) startsAnew();
  });
  // Chromium asks nobody before it shows about:blank.
  webContents.on('did-navigate', (_event, url) => {
    if (!isOwnUrl(url)) void window.loadURL(PAGE_URL);
  });
  let last = Number.NEGATIVE_INFINITY;
  webContents.on('render-process-gone', (_event, { reason }) => {
    if (reason === 'clean-exit') return;
    logDefect('the page', `its process ended: ${reason}`);
    const isFirst = performance.now() - last > CRASH_PAUSE;
    last = performance.now();
    void (isFirst ? Promise.resolve(true) : askToDraw(window, reason, isLast())).then((agreed) => {
      if (window.isDestroyed()) return;
      if (agreed) void window.loadURL(PAGE_URL);
      else if (isLast()) app.quit();
      else window.destroy();
    });
  });
}

/** What goes on behind the window, a recording above all, does not wait for the answer. */
async function askToDraw(window: BrowserWindow, reason: string, quits: boolean): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, {
    type: 'error',
    title: 'Modtrail',
    message: `The process that draws the window ended twice (${reason}).`,
    detail: 'What is open, and a recording that goes on, are not touched by it.',
    buttons: ['Draw it again', quits ? 'Quit' : 'Close this window'],
    defaultId: 0,
    cancelId: 0,
  });
  return response === 0;
}
