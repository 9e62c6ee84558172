/** Where a line to a recorder lies that root has started: in a folder that only the user and root reach. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Longest path of a unix socket in bytes, without its end mark (unix(7)). */
const MOST_PATH = 107;

/** Makes a fresh folder with room for a socket's name of four letters. @throws Error where none can be made */
export async function makeLineFolder(): Promise<string> {
  const parent = Buffer.byteLength(tmpdir()) + '/modtrail-XXXXXX/line'.length > MOST_PATH ? '/tmp' : tmpdir();
  return await mkdtemp(join(parent, 'modtrail-'));
}
