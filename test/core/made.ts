/** Made-up captures for tests that need many events. */
import { join } from 'node:path';
import { makeCapture } from '../../scripts/make-capture/make.ts';
import { temporaryFolder } from './builder.ts';

/** Returns the path; `removeFolders` removes it. */
export function madeCapture(events: number, seed: number): string {
  const path = join(temporaryFolder(), 'made.modtrail');
  makeCapture(path, { events, seed, version: '0.0.0' });
  return path;
}
