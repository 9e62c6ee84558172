/** A module's file, read whole: only a plain file, and none that is too large to be one. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { CaptureError } from '../capture/failure.ts';
import { describe, errorCode } from '../capture/header.ts';

/** With debug information, the largest modules have a few hundred megabytes. */
const MOST_STORED = 256 * 1024 * 1024;

/** Memory for one file after another: fresh memory costs as much as reading does. */
export class Room {
  #bytes = Buffer.alloc(0);

  /** Of this size; what was taken before is written over. */
  take(size: number): Buffer {
    if (size > this.#bytes.length) this.#bytes = Buffer.allocUnsafeSlow(size);
    return this.#bytes.subarray(0, size);
  }
}

/**
 * @param room - where the bytes lie until the next file is read to the same room
 * @throws CaptureError 'not-found', 'is-directory', 'not-readable', 'empty-file', 'bad-request'
 */
export function readModuleFile(path: string, room?: Room): Buffer {
  let file: number;
  try {
    // A pipe must not keep the reader waiting.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw new CaptureError('not-found', `there is no file ${path}`);
    throw new CaptureError('not-readable', `${path} cannot be read: ${describe(error)}`);
  }
  try {
    const stats = fstatSync(file);
    if (stats.isDirectory()) throw new CaptureError('is-directory', `${path} is a folder, not a module`);
    if (!stats.isFile()) throw new CaptureError('not-readable', `${path} is no plain file`);
    if (stats.size === 0) throw new CaptureError('empty-file', `${path} is empty`);
    if (stats.size > MOST_STORED) {
      throw new CaptureError('bad-request', `${path} has ${String(stats.size)} bytes, too many for a module`);
    }
    const bytes = room ? room.take(stats.size) : Buffer.allocUnsafe(stats.size);
    let have = 0;
    for (let got = 1; got > 0 && have < bytes.length; have += got)
      got = readSync(file, bytes, have, bytes.length - have, have);
    return bytes.subarray(0, have);
  } catch (error) {
    if (error instanceof CaptureError) throw error;
    throw new CaptureError('not-readable', `${path} cannot be read: ${describe(error)}`);
  } finally {
    closeSync(file);
  }
}
