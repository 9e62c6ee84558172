/** Answers the page's questions about notes: finds the capture behind an id, and asks for the file of a case. */
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { NotesApi, OpenCapture } from '#contract/api.ts';
import type { Annotation, CaseFile, KeptNotes } from '#contract/notes.ts';
import { fail, notOpen, ok, type Result } from '#contract/result.ts';
import { dialog } from 'electron';
import type { Captures } from './captures.ts';
import { chooseFiles, startFolder } from './choose-files.ts';
import { readCase, writeCase, type NotesFolder } from './notes.ts';
import type { RecentFile } from './recent.ts';
import type { SettingsFile } from './settings.ts';
import type { AppWindow, Windows } from './windows.ts';

export interface NoteDeskParts {
  readonly own: AppWindow;
  readonly windows: Windows;
  readonly captures: Captures;
  readonly recent: RecentFile;
  readonly settings: SettingsFile;
  readonly notes: NotesFolder;
}

const FILTERS = [{ name: 'Modtrail cases', extensions: ['modtrail-case'] }];
const SUFFIX = '.modtrail-case';

export class NoteDesk implements NotesApi {
  readonly #parts: NoteDeskParts;

  constructor(parts: NoteDeskParts) {
    this.#parts = parts;
  }

  notes(id: string): Promise<Result<KeptNotes>> {
    return Promise.resolve(this.#with(id, ({ info }) => this.#parts.notes.read(info.uuid)));
  }

  keepNotes(id: string, annotations: readonly Annotation[]): Promise<Result<null>> {
    const { notes, own, windows } = this.#parts;
    return Promise.resolve(
      this.#with(id, ({ info }) => {
        const written = notes.write(info.uuid, annotations);
        if (written.ok) windows.tell('noted', { uuid: info.uuid, annotations }, own);
        return written;
      }),
    );
  }

  async exportCase(id: string): Promise<Result<string | null>> {
    const { own, recent, settings, notes } = this.#parts;
    const capture = this.#find(id);
    if (!capture) return notOpen(id);
    const { canceled, filePath } = await dialog.showSaveDialog(own.window, {
      title: 'Export the case',
      buttonLabel: 'Export',
      defaultPath: join(startFolder(recent), `${capture.name.replace(/\.modtrail$/, '')}${SUFFIX}`),
      properties: ['showOverwriteConfirmation'],
      filters: FILTERS,
    });
    if (canceled || filePath === '') return ok(null);
    const path = filePath.endsWith(SUFFIX) ? filePath : `${filePath}${SUFFIX}`;
    // The dialog has asked about the name that was typed, and about no other.
    if (path !== filePath && existsSync(path)) {
      return fail('already-exists', `${path} is there already; to replace it, choose it by its whole name`);
    }
    recent.rememberFolder(dirname(path));
    const kept = notes.read(capture.info.uuid);
    if (!kept.ok) return kept;
    const written = writeCase(path, {
      format: 'modtrail-case',
      version: 1,
      written: new Date().toISOString(),
      capture: { uuid: capture.info.uuid, name: capture.name },
      annotations: kept.value.annotations,
      views: settings.current.views,
    });
    return written.ok ? ok(basename(path)) : written;
  }

  async importCase(id: string): Promise<Result<CaseFile | null>> {
    const { own, recent } = this.#parts;
    const capture = this.#find(id);
    if (!capture) return notOpen(id);
    const [path] = await chooseFiles(own.window, recent, {
      title: 'Import a case',
      properties: ['openFile'],
      filters: [...FILTERS, { name: 'All files', extensions: ['*'] }],
    });
    if (path === undefined) return ok(null);
    const found = readCase(path);
    if (!found.ok || found.value.capture.uuid === capture.info.uuid) return found;
    const { name, uuid } = found.value.capture;
    return fail('bad-request', `this case is about another capture, ${name} (${uuid}); nothing was imported`);
  }

  #find(id: string): OpenCapture | undefined {
    return this.#parts.captures.list().find((capture) => capture.id === id);
  }

  #with<T>(id: string, work: (capture: OpenCapture) => Result<T>): Result<T> {
    const capture = this.#find(id);
    return capture ? work(capture) : notOpen(id);
  }
}
