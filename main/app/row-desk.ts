/** Exports rows of a table: asks for the file, and has an errand write it. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import type { ExportApi } from '#contract/api.ts';
import { fail, notOpen, ok, type Result } from '#contract/result.ts';
import { EXPORT_FORM_WORDS, type ExportForm, type ExportRequest, type SavedRows } from '#contract/row-export.ts';
import { dialog } from 'electron';
import type { Captures } from './captures.ts';
import { startFolder } from './choose-files.ts';
import type { Errands } from './errands.ts';
import type { RecentFile } from './recent.ts';
import type { AppWindow } from './windows.ts';

export interface RowDeskParts {
  readonly own: AppWindow;
  readonly captures: Captures;
  readonly errands: Errands;
  readonly recent: RecentFile;
}

export class RowDesk implements ExportApi {
  readonly #parts: RowDeskParts;

  constructor(parts: RowDeskParts) {
    this.#parts = parts;
  }

  async exportRows(id: string, request: ExportRequest): Promise<Result<SavedRows | null>> {
    const { captures, errands, own, recent } = this.#parts;
    const capture = captures.list().find((one) => one.id === id);
    const from = captures.pathOf(id);
    if (!capture || from === undefined) return notOpen(id);
    if (capture.info.completeness === 'recording')
      return fail('busy', 'this capture is still being recorded; its rows can be exported when it is finished');
    const chosen = await this.#chosen(capture.name, request);
    if (chosen === undefined) return ok(null);
    recent.rememberFolder(dirname(chosen.path));
    const fresh = join(dirname(chosen.path), `.${randomUUID()}.part`);
    return await errands.exportRows(from, request, { ...chosen, fresh }, (progress) => {
      own.notices.tell('exporting', progress);
    });
  }

  async cancelExport(): Promise<Result<null>> {
    await this.#parts.errands.callOffExport();
    return ok(null);
  }

  async #chosen(
    capture: string,
    { form, table }: ExportRequest,
  ): Promise<{ readonly path: string; readonly replace: boolean } | undefined> {
    const { own, recent } = this.#parts;
    const words = EXPORT_FORM_WORDS[form];
    const { canceled, filePath } = await dialog.showSaveDialog(own.window, {
      title: `Export ${table} as ${words}`,
      buttonLabel: 'Export',
      defaultPath: join(startFolder(recent), `${capture.replace(/\.modtrail$/, '')}-${table}.${form}`),
      properties: ['showOverwriteConfirmation'],
      filters: [
        { name: words, extensions: [form] },
        { name: 'All files', extensions: ['*'] },
      ],
    });
    return canceled || filePath === '' ? undefined : placeOf(filePath, form);
  }
}

/** The dialog has asked about the file that was there under exactly this name, and about no other. */
export function placeOf(chosen: string, form: ExportForm): { readonly path: string; readonly replace: boolean } {
  const path = extname(chosen) === '' ? `${chosen}.${form}` : chosen;
  return { path, replace: path === chosen && existsSync(path) };
}
