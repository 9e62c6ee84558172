/** Closing the window, or quitting, while a recording goes on: asked about, as the recording would end. */
import { app, dialog, type BrowserWindow } from 'electron';

/** @param running whether a recording goes on */
export function askBeforeClosing(window: BrowserWindow, running: () => boolean): void {
  let agreed = false;
  let asking = false;
  window.on('close', (event) => {
    if (agreed || !running()) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    void dialog
      .showMessageBox(window, {
        type: 'question',
        message: 'A recording goes on. Stop it and quit?',
        detail: 'What has been recorded is finished as one file and stays.',
        buttons: ['Stop and quit', 'Keep recording'],
        defaultId: 1,
        cancelId: 1,
      })
      .then(({ response }) => {
        asking = false;
        agreed = response === 0;
        if (agreed) app.quit();
      });
  });
  // Nobody may be there to answer when the session or the machine ends.
  for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
    process.on(signal, () => {
      agreed = true;
      app.quit();
    });
  }
}
