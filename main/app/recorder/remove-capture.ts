/** Deletes what a recorder has written, and nothing that has taken its place. */
import { lstat, rm } from 'node:fs/promises';
import { fail, ok, type Result } from '#contract/result.ts';
import { systemWords } from '../system-words.ts';

/** Files that SQLite keeps beside a capture while it is written to, and leaves there where its writer was killed. */
const BESIDE = ['-wal', '-shm', '-journal'];

/** Which file lies under a name, as the filesystem tells files apart. */
export type FileIdentity = string;

/** @returns undefined where none lies there */
export async function identityOf(file: string): Promise<FileIdentity | undefined> {
  const stats = await lstat(file, { bigint: true }).catch(() => undefined);
  return stats && `${String(stats.dev)}:${String(stats.ino)}`;
}

/** Deletes a capture with all that is left of it beside it. Fine where there is none. */
export async function removeCapture(file: string, recorded: FileIdentity): Promise<Result<null>> {
  const found = await identityOf(file);
  if (found !== undefined && found !== recorded) {
    return fail('already-exists', `${file} is another file than was recorded into; nothing was deleted`);
  }
  try {
    for (const end of ['', ...BESIDE]) await rm(file + end, { force: true });
    return ok(null);
  } catch (error) {
    return fail('not-writable', `${file} could not be deleted: ${systemWords(error)}`);
  }
}
