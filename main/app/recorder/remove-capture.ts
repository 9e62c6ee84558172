/** Files that SQLite keeps beside a capture while it is written to, and leaves there where its writer was killed. */
import { rm } from 'node:fs/promises';

const BESIDE = ['-wal', '-shm', '-journal'];

/** Deletes a capture with all that is left of it beside it. Fine where there is none. */
export async function removeCapture(file: string): Promise<void> {
  for (const end of ['', ...BESIDE]) await rm(file + end, { force: true });
}
