/** Closing the last window, or quitting, while a recording goes on: asked about, as the recording would end. */
import { app, dialog, type BrowserWindow, type MessageBoxOptions } from 'electron';

/** What is asked about. */
export interface Running {
  /** Whether a recording goes on. */
  readonly running: boolean;
  /** Whether it goes on when the app ends. */
  readonly keeps: boolean;
  /** It ends with the app after all. */
  keepNoMore(): void;
}

type Answer = 'quit' | 'stop' | 'stay';

const ENDS: { readonly box: MessageBoxOptions; readonly answers: readonly Answer[] } = {
  box: {
    type: 'question',
    message: 'A recording goes on. Stop it and quit?',
    detail: 'What has been recorded is finished as one file and stays.',
    buttons: ['Stop and quit', 'Keep recording'],
    defaultId: 1,
    cancelId: 1,
  },
  answers: ['stop', 'stay'],
};

const KEEPS: typeof ENDS = {
  box: {
    type: 'question',
    message: 'A recording goes on. Quit, and let it go on?',
    detail: 'It was started so that it goes on without Modtrail. The next start finds it again and can stop it.',
    buttons: ['Quit, and keep recording', 'Stop and quit', 'Cancel'],
    defaultId: 0,
    cancelId: 2,
  },
  answers: ['quit', 'stop', 'stay'],
};

export function askBeforeClosing(window: BrowserWindow, recording: Running): void {
  let agreed = false;
  let asking = false;
  window.on('close', (event) => {
    if (agreed || !recording.running) return;
    event.preventDefault();
    if (asking) return;
    asking = true;
    const { box, answers } = recording.keeps ? KEEPS : ENDS;
    void dialog.showMessageBox(window, box).then(({ response }) => {
      asking = false;
      const answer = answers[response] ?? 'stay';
      if (answer === 'stop') recording.keepNoMore();
      agreed = answer !== 'stay';
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
