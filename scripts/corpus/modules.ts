/** The modules of unpacked kernel packages. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Paths below a folder, in order. */
export function modulesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ko(\.(gz|xz|zst))?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

/** Every n-th, so that all kinds of modules are among them and the choice is the same each time. */
export function slice(paths: readonly string[], count: number): string[] {
  const step = Math.max(1, Math.floor(paths.length / count));
  return paths.filter((_, index) => index % step === 0).slice(0, count);
}
