/** Asks a person for files or a folder. */
import { dirname } from 'node:path';
import { app, dialog, type BrowserWindow, type OpenDialogOptions } from 'electron';
import type { RecentFile } from './recent.ts';

/** Begins where the last ones lay; none where it was called off. */
export async function chooseFiles(
  window: BrowserWindow,
  recent: RecentFile,
  options: OpenDialogOptions,
): Promise<readonly string[]> {
  const defaultPath = recent.folder ?? app.getPath('home');
  const { canceled, filePaths } = await dialog.showOpenDialog(window, { defaultPath, ...options });
  const [first] = filePaths;
  if (canceled || first === undefined) return [];
  recent.rememberFolder(dirname(first));
  return filePaths;
}
