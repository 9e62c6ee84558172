/** How a capture's file stands, without opening it: what a killed recorder left is not recovered for that, however large. */
import { readHeader } from './header.ts';
import { isHeld } from './locks.ts';
import { needsRecovery, resolved, type Completeness } from './open.ts';

/**
 * By the file's first bytes, what lies beside it, and who holds it.
 * @throws CaptureError where there is no such file, or it is no capture
 */
export function standingOf(path: string): Completeness {
  const header = readHeader(path);
  const file = resolved(path);
  if (!needsRecovery(file, header)) return 'finished';
  return isHeld(file) ? 'recording' : 'unfinished';
}
