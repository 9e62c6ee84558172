/** Things that take long to make are kept, whole or not at all, also when two runs make the same at once. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Returns `folder`, filled by `make` if it is not there yet. `make` gets an empty folder that is renamed into place
 * when it is done; what an interrupted run left behind is never taken for the whole.
 */
export function kept(folder: string, make: (empty: string) => void): string {
  if (existsSync(folder)) return folder;
  const growing = `${folder}.${String(process.pid)}.part`;
  mkdirSync(dirname(folder), { recursive: true });
  rmSync(growing, { recursive: true, force: true });
  mkdirSync(growing);
  try {
    make(growing);
    try {
      renameSync(growing, folder);
    } catch (error) {
      if (!existsSync(folder)) throw error; // another run was faster
    }
  } finally {
    rmSync(growing, { recursive: true, force: true });
  }
  return folder;
}
