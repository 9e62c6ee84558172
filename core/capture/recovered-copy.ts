/** What a killed recorder left is recovered in a copy; the evidence stays as it was found. */
import {
  chmodSync,
  closeSync,
  copyFileSync,
  constants,
  fstatSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
} from 'node:fs';
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
function hasPlainFile(path: string): boolean {
  try {
    return lstatSync(path).isFile();
  } catch {
    return false;
  }
}

/** Whether anything of that name is there; a link that leads nowhere, too: SQLite would act on it. */
export function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** What a journal ends with that names another file (https://sqlite.org/src/file/src/pager.c, writeSuperJournal). */
const SUPER_JOURNAL_MARK = Buffer.from('d9d505f920a163d7', 'hex');

/**
 * A journal may name a second one, which SQLite reads, and deletes, wherever it is. No recorder writes such a name.
 * @throws CaptureError 'damaged'
 */
function refuseSuperJournal(copy: string, path: string): void {
  const file = openSync(copy, 'r');
  try {
    const end = Buffer.alloc(SUPER_JOURNAL_MARK.length);
    const { size } = fstatSync(file);
    readSync(file, end, 0, end.length, Math.max(0, size - end.length));
    if (end.equals(SUPER_JOURNAL_MARK)) {
      throw new CaptureError(
        'damaged',
        `${path}-journal names another file, as no recorder's does; it is not followed`,
      );
    }
  } finally {
    closeSync(file);
  }
}

/**
 * Copies the capture and its log (not the shared-memory index, which is rebuilt) into a private folder.
 * @throws CaptureError 'not-readable' when there is no room or no permission, 'damaged' for a journal that is none
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
    if (hasPlainFile(`${copy}-journal`)) refuseSuperJournal(`${copy}-journal`, path);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    folders.delete(folder);
    if (error instanceof CaptureError) throw error;
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
