/** What main answers about recordings: dialogs, where to save, and what may be deleted. */
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { OpenCapture, ShellApi } from '#contract/api.ts';
import type { RecordingOptions, StreamSource } from '#contract/recording.ts';
import { fail, ok, type Result } from '#contract/result.ts';
import { dialog } from 'electron';
import type { Captures } from '../captures.ts';
import { startFolder } from '../choose-files.ts';
import type { RecentFile } from '../recent.ts';
import { showIn, type AppWindow, type Windows } from '../windows.ts';
import { proposedName, withSuffix } from './file-name.ts';
import type { Recording } from './recording.ts';
import { removeCapture } from './remove-capture.ts';

export interface RecordingDeskParts {
  readonly own: AppWindow;
  readonly windows: Windows;
  readonly captures: Captures;
  readonly recording: Recording;
  readonly recent: RecentFile;
  /** Something that the menu shows has changed. */
  changed(): void;
}

type Verbs = Pick<
  ShellApi,
  'startRecording' | 'attachStream' | 'watchRecording' | 'stopRecording' | 'discardRecording'
>;

export class RecordingDesk implements Verbs {
  readonly #parts: RecordingDeskParts;

  constructor(parts: RecordingDeskParts) {
    this.#parts = parts;
  }

  startRecording(options: RecordingOptions): Promise<Result<OpenCapture | null>> {
    return this.#record(hostname(), (path) => this.#parts.recording.start(path, options));
  }

  async attachStream(source: StreamSource): Promise<Result<OpenCapture | null>> {
    const { recording, own } = this.#parts;
    if (source.from === 'ssh') return await this.#record(source.host, (path) => recording.attach(path, source));
    const { canceled, filePaths } = await dialog.showOpenDialog(own.window, {
      title: 'The stream: a socket, fifo, serial line or saved stream',
      properties: ['openFile', 'showHiddenFiles'],
      filters: [{ name: 'All files', extensions: ['*'] }],
    });
    const [from] = filePaths;
    if (canceled || from === undefined) return ok(null);
    return await this.#record('stream', (path) => recording.attach(path, { from: 'path', path: from }));
  }

  /** Asks where to save what is recorded of a host, and begins. */
  async #record(
    host: string,
    begin: (path: string) => Promise<Result<OpenCapture>>,
  ): Promise<Result<OpenCapture | null>> {
    const { recent, recording, own } = this.#parts;
    if (recording.running) return fail('busy', 'a recording is running already; stop it before another one is started');
    const { canceled, filePath } = await dialog.showSaveDialog(own.window, {
      title: 'Record into a new capture',
      buttonLabel: 'Record',
      defaultPath: join(startFolder(recent), proposedName(host, new Date())),
      filters: [{ name: 'Modtrail captures', extensions: ['modtrail'] }],
    });
    if (canceled || filePath === '') return ok(null);
    const path = withSuffix(filePath);
    recent.rememberFolder(dirname(path));
    const started = await begin(path);
    if (started.ok) recent.add(path);
    this.#parts.changed();
    if (!started.ok) return started;
    showIn(own, started.value);
    // The page that asked may be gone; the one in its place gets no answer.
    own.notices.tell('opened', started.value);
    return started;
  }

  /** Deletes what was recorded, after a question whose usual answer is to keep it. */
  async discardRecording(): Promise<Result<boolean>> {
    const { captures, recent, recording, own, windows } = this.#parts;
    const { recorded } = recording;
    if (!recorded) return fail('no-such-row', 'no recorder has written anything that could be deleted');
    const { file, capture, made } = recorded;
    const { response } = await dialog.showMessageBox(own.window, {
      type: 'warning',
      message: 'Stop the recording and delete what it has recorded?',
      detail: `${file}\nis evidence. Once it is deleted, it cannot be had back.`,
      buttons: ['Keep recording', 'Delete'],
      defaultId: 0,
      cancelId: 0,
    });
    if (response !== 1) return ok(false);
    const isRunning = (): boolean => recording.records(capture);
    // It may have ended during the question, and another one have begun.
    const stopped = isRunning() ? await recording.giveUp() : ok(null);
    if (!stopped.ok && isRunning()) return stopped;
    recent.remove(file);
    if (captures.has(capture)) {
      // Whoever shows it hears of it before what is still asked about it is refused.
      windows.tell('closed', capture);
      windows.each(({ shows }) => shows.delete(capture));
      await captures.close(capture);
    }
    const removed = await removeCapture(file, made);
    this.#parts.changed();
    return removed.ok ? ok(true) : removed;
  }

  /** What is recorded, for a window that does not show it yet. */
  watchRecording(): Promise<Result<OpenCapture | null>> {
    const { captures, own, recording } = this.#parts;
    const open = captures.list().find(({ id }) => recording.records(id));
    if (!open) return Promise.resolve(ok(null));
    showIn(own, open);
    return Promise.resolve(ok(open));
  }

  stopRecording(): Promise<Result<null>> {
    return this.#parts.recording.stop();
  }
}
