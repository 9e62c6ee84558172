/** Paths of the command line that lead somewhere else than they say, refused before anything is done. */
import { resolve } from 'node:path';
import { InvalidArgumentError } from 'commander';

/** Node puts U+FFFD where bytes are not UTF-8: what is written there would have another name. */
function exact(path: string): string {
  if (path.includes('\uFFFD')) throw new InvalidArgumentError('The name of the file or of a folder is not UTF-8.');
  return path;
}

/** A path for another program, whose folder may be another one. */
export function absolute(text: string): string {
  return exact(resolve(text));
}

/** The path of a file that is to be made. */
export function newFile(text: string): string {
  const name = text.split('/').at(-1) ?? '';
  if (['', '.', '..'].includes(name)) throw new InvalidArgumentError('It names a folder, and no file in it.');
  return exact(text);
}

/** The same for another program. Made absolute, `folder/` would become a file `folder`. */
export function newCapture(text: string): string {
  return absolute(newFile(text));
}
