/** What a folder holds, to the byte and the nanosecond: reading evidence must not change it. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export function folderState(folder: string): string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => {
      const path = join(folder, name);
      const { mtimeNs, ctimeNs, size, mode } = lstatSync(path, { bigint: true });
      const hash =
        (mode & 0o170000n) === 0o100000n ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
      return [name, mtimeNs, ctimeNs, size, mode, hash].join(' ');
    });
}
