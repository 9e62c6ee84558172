/** Which captures a command line names. */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/** Captures of one command line at most; a wildcard may give more than a person can look at. */
const MOST_FILES = 20;

/**
 * @param argv - the program's arguments, as the system gave them.
 * @param hasAppFolder - the first argument that is no switch is the app's own folder (a checkout).
 * @param folder - what relative paths are relative to.
 */
export function filesOf(argv: readonly string[], hasAppFolder: boolean, folder: string): string[] {
  const words = argv.slice(1).filter((word) => !word.startsWith('-') && word !== '');
  return words.slice(hasAppFolder ? 1 : 0, MOST_FILES + 1).map((word) => resolve(folder, plainPath(word)));
}

/** Desktops pass files as URLs. */
function plainPath(word: string): string {
  if (!word.startsWith('file://')) return word;
  try {
    return fileURLToPath(word);
  } catch {
    return word;
  }
}

/** What a second start of the app hands to the first. */
export const handover = z.object({ files: z.array(z.string().startsWith('/').max(4096)).max(MOST_FILES + 1) });
