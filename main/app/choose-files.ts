/** Asks a person for files or a folder, and where dialogs begin. */
import { dirname } from 'node:path';
import { app, dialog, type BrowserWindow, type OpenDialogOptions } from 'electron';
import type { RecentFile } from './recent.ts';

/** Where the last files lay that a dialog was asked for; the person's own folder before that. */
export const startFolder = (recent: RecentFile): string => recent.folder ?? app.getPath('home');

/** Begins there; none where it was called off. */
export async function chooseFiles(
  window: BrowserWindow,
  recent: RecentFile,
  options: OpenDialogOptions,
): Promise<readonly string[]> {
  const defaultPath = startFolder(recent);
  const { canceled, filePaths } = await dialog.showOpenDialog(window, { defaultPath, ...options });
  const [first] = filePaths;
  if (canceled || first === undefined) return [];
  recent.rememberFolder(dirname(first));
  return filePaths;
}
