/** The app's life: its end, what goes wrong in it, and what it says of itself. */
import type { Failure } from '#contract/result.ts';
import { app, dialog, type BrowserWindow } from 'electron';
import { logDefect } from './log.ts';

/** Tells of what should never happen: without this Electron shows a stack trace, for which nobody at the screen has any use. */
export function tellDefects(tell: (problem: Failure) => void): void {
  const take = (error: unknown): void => {
    logDefect('main', error);
    tell({
      code: 'unexpected',
      message: 'a defect in Modtrail showed itself; the app goes on, and its log has the details',
    });
  };
  process.on('uncaughtException', take);
  process.on('unhandledRejection', take);
}

export async function showAbout(window: BrowserWindow | undefined): Promise<void> {
  const { electron = '', chrome = '' } = process.versions;
  if (!window) return;
  await dialog.showMessageBox(window, {
    type: 'info',
    title: 'About Modtrail',
    message: `Modtrail ${app.getVersion()}`,
    detail: `Forensics workbench for Linux kernel modules.\nElectron ${electron}, Chromium ${chrome}.`,
  });
}

/** Does the last work after the window is closed, and then ends the app. */
export function endWith(work: () => Promise<void>): void {
  app.on('window-all-closed', () => {
    app.quit();
  });
  app.once('will-quit', (event) => {
    event.preventDefault();
    void work()
      .catch((error: unknown) => {
        logDefect('quitting', error);
      })
      .finally(() => {
        app.exit(0);
      });
  });
}
