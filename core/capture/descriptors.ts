/**
 * Descriptors that may be closed only later. Closing any descriptor of a file drops all POSIX locks that the process has
 * on it (fcntl(2)), SQLite's too: a look at the header must not cost an open capture its locks.
 */
import { closeSync, type Stats } from 'node:fs';

interface Usage {
  captures: number;
  readonly waiting: number[];
}

const usages = new Map<string, Usage>();

export type FileKey = string;

export function fileKey({ dev, ino }: Stats): FileKey {
  return `${String(dev)}:${String(ino)}`;
}

/** From here on a capture has the file open. */
export function beginUse(key: FileKey): void {
  const usage = usages.get(key) ?? { captures: 0, waiting: [] };
  usage.captures++;
  usages.set(key, usage);
}

/** The capture has closed it. */
export function endUse(key: FileKey): void {
  const usage = usages.get(key);
  if (!usage || --usage.captures > 0) return;
  usages.delete(key);
  for (const file of usage.waiting) closeSync(file);
}

/** Closes now, or when the last capture has let go of the file. */
export function closeWhenFree(file: number, key: FileKey): void {
  const usage = usages.get(key);
  if (usage) usage.waiting.push(file);
  else closeSync(file);
}
