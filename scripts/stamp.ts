/** Stamps: a step is skipped when the hash of everything that it depends on is the one of its last success. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DIST, ROOT } from './places.ts';

/**
 * Hash of files and whole folders, by relative path and content.
 * @param inputs - paths relative to the checkout; one that does not exist counts as absent.
 */
export function hashOf(inputs: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of inputs.flatMap(filesUnder)) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

/** Every file under a path relative to the checkout, sorted; nothing that is built or installed. */
export function filesUnder(path: string): string[] {
  const full = join(ROOT, path);
  if (!existsSync(full)) return [];
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full, { withFileTypes: true })
    .filter((entry) => !['node_modules', 'dist', 'out', 'build', '.git'].includes(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const child = path === '.' ? entry.name : join(path, entry.name);
      return entry.isDirectory() ? filesUnder(child) : entry.isFile() ? [child] : [];
    });
}

/**
 * Does a step unless its last success had the same inputs and its output still exists.
 * @returns whether the step had to be done.
 */
export async function once(name: string, hash: string, output: string, step: () => Promise<void>): Promise<boolean> {
  const stamp = join(DIST, '.stamps', name);
  if (existsSync(stamp) && existsSync(output) && readFileSync(stamp, 'utf8') === hash) return false;
  await rm(stamp, { force: true });
  await step();
  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, hash);
  return true;
}
