/** Closing the last window, or quitting, while a recording goes on: asked about, as the recording would end. */
import { app, dialog, type BrowserWindow, type MessageBoxOptions } from 'electron';
import type { Windows } from '../windows.ts';

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

/** Asks once for all windows. */
export class Farewell {
  readonly #recording: Running;
  readonly #windows: Pick<Windows, 'count' | 'front'>;
  #agreed = false;
  #asking = false;

  constructor(recording: Running, windows: Pick<Windows, 'count' | 'front'>) {
    this.#recording = recording;
    this.#windows = windows;
    app.on('before-quit', (event) => {
      if (!this.#mayEnd()) event.preventDefault();
    });
    // Nobody may be there to answer when the session or the machine ends.
    for (const signal of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const) {
      process.on(signal, () => {
        this.#agreed = true;
        app.quit();
      });
    }
  }

  /** A window may be closed while others watch. */
  watch(window: BrowserWindow): void {
    window.on('close', (event) => {
      if (this.#windows.count < 2 && !this.#mayEnd()) event.preventDefault();
    });
  }

  /** Where it may not yet, a person is asked, whose answer may quit the app. */
  #mayEnd(): boolean {
    const { front } = this.#windows;
    if (this.#agreed || !this.#recording.running || !front) return true;
    if (!this.#asking) void this.#ask(front.window);
    return false;
  }

  async #ask(window: BrowserWindow): Promise<void> {
    this.#asking = true;
    const { box, answers } = this.#recording.keeps ? KEEPS : ENDS;
    const { response } = await dialog.showMessageBox(window, box);
    this.#asking = false;
    const answer = answers[response] ?? 'stay';
    if (answer === 'stop') this.#recording.keepNoMore();
    this.#agreed = answer !== 'stay';
    if (this.#agreed) app.quit();
  }
}
