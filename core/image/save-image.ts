/** Writes the exact bytes of a kept image to a file, its hash checked on the way. */
import { createHash, randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, lstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { SavedImage } from '#contract/image.ts';
import type Database from 'better-sqlite3';
import { digestOrNone, small, type Row } from '../capture/columns.ts';
import { CaptureError } from '../capture/failure.ts';
import { describe, errorCode } from '../capture/header.ts';
import { imagePieces, type Piece } from './image-pieces.ts';

export interface SaveOptions {
  /** Replaces a file that is there, as its owner has agreed to; otherwise that is an error. */
  readonly replace: boolean;
}

/** The row of a whole image. @throws CaptureError 'no-such-row' where its bytes are not in the capture */
export function keptImage(database: Database.Database, sha256: string): Row {
  const row = database.prepare<[Buffer], Row>('SELECT * FROM image WHERE sha256 = ?').get(Buffer.from(sha256, 'hex'));
  if (row) return row;
  const known = database
    .prepare<[Buffer], Row>('SELECT seq FROM image_fact WHERE sha256 = ? LIMIT 1')
    .get(Buffer.from(sha256, 'hex'));
  throw new CaptureError(
    'no-such-row',
    known
      ? `the bytes of image ${sha256} were not kept; this capture holds its hash only`
      : `there is no image ${sha256} in this capture`,
  );
}

/**
 * Writes to a name of its own beside the target, mode 0600, and gives it its name when all is there: nobody ever sees a
 * part of an image under that name.
 * @throws CaptureError 'damaged' where the bytes are not those that were recorded, 'already-exists', 'not-writable'
 */
export function saveImage(database: Database.Database, image: Row, path: string, options: SaveOptions): SavedImage {
  const size = small(image, 'size');
  const sha256 = digestOrNone(image, 'sha256')?.toString('hex');
  if (sha256 === undefined) throw new CaptureError('no-such-row', 'this image did not arrive whole');
  const fresh = join(dirname(path), `.${randomUUID()}.part`);
  try {
    refuseFolder(path);
    const found = write(fresh, imagePieces(database, image));
    if (found.bytes !== size || found.sha256 !== sha256) {
      throw new CaptureError(
        'damaged',
        `the capture is damaged: the bytes of image ${sha256} have another hash now (${found.sha256}); nothing was saved`,
      );
    }
    if (options.replace) renameSync(fresh, path);
    else linkSync(fresh, path);
  } catch (error) {
    throw asSaveFailure(error, path);
  } finally {
    rmSync(fresh, { force: true });
  }
  return { name: basename(path), bytes: size, sha256 };
}

/** A file does not take the place of a folder, nor of a device or pipe that somebody may be waiting at. */
function refuseFolder(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats || stats.isFile() || stats.isSymbolicLink()) return;
  throw new CaptureError('already-exists', `${path} is no plain file; choose another name`);
}

/** Pieces that follow each other without a hole: positions are not needed, the hash tells. */
function write(path: string, pieces: Iterable<Piece>): { bytes: number; sha256: string } {
  const hash = createHash('sha256');
  let written = 0;
  const file = openSync(path, 'wx', 0o600);
  try {
    for (const { bytes } of pieces) {
      hash.update(bytes);
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      written += bytes.length;
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return { bytes: written, sha256: hash.digest('hex') };
}

/** What the system says, as one sentence. */
function asSaveFailure(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  if (errorCode(error) === 'EEXIST') {
    return new CaptureError('already-exists', `${path} is there already; choose another name`);
  }
  return new CaptureError('not-writable', `${path} cannot be written: ${describe(error)}`);
}
