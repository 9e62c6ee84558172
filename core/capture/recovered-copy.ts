/** What a killed recorder left is recovered in a copy; the evidence stays as it was found. */
import { chmodSync, copyFileSync, constants, lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CaptureError } from './failure.ts';
import { describe } from './header.ts';

export interface RecoveredCopy {
  readonly path: string;
  remove(): void;
}

const folders = new Set<string>();

function removeAll(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
}
process.once('exit', removeAll);

/** A log is taken only if it is a plain file: a link there could lead anywhere. */
export function hasPlainFile(path: string): boolean {
  try {
    return lstatSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Copies the capture and its log (not the shared-memory index, which is rebuilt) into a private folder.
 * @throws CaptureError 'not-readable' when there is no room or no permission
 */
export function copyForRecovery(path: string): RecoveredCopy {
  const folder = mkdtempSync(join(tmpdir(), 'modtrail-'));
  folders.add(folder);
  const copy = join(folder, 'capture.modtrail');
  try {
    copyFileSync(path, copy, constants.COPYFILE_FICLONE);
    chmodSync(copy, 0o600);
    for (const suffix of ['-wal', '-journal']) {
      if (!hasPlainFile(path + suffix)) continue;
      copyFileSync(path + suffix, copy + suffix, constants.COPYFILE_FICLONE);
      chmodSync(copy + suffix, 0o600);
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    folders.delete(folder);
    throw new CaptureError(
      'not-readable',
      `${path} was left by a stopped recorder and cannot be copied for recovery: ${describe(error)}`,
    );
  }
  return {
    path: copy,
    remove: () => {
      rmSync(folder, { recursive: true, force: true });
      folders.delete(folder);
    },
  };
}
