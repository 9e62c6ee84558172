/** Writes the exact bytes of a kept image to a file, its hash checked on the way. */
import { createHash, randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Hole, SavedImage } from '#contract/image.ts';
import type Database from 'better-sqlite3';
import { digestOrNone, small, type Row } from '../capture/columns.ts';
import { CaptureError } from '../capture/failure.ts';
import { describe, errorCode } from '../capture/header.ts';
import { imagePieces, type Piece } from './image-pieces.ts';

export interface SaveOptions {
  /** Replaces a file that is there, as its owner has agreed to; otherwise that is an error. */
  readonly replace: boolean;
  /** Takes an image that did not arrive whole, too; what is missing becomes zeros. */
  readonly partial?: boolean;
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
  if (sha256 === undefined && options.partial !== true) {
    throw new CaptureError('no-such-row', 'this image did not arrive whole');
  }
  let found: Written;
  const fresh = join(dirname(path), `.${randomUUID()}.part`);
  try {
    refuseFolder(path);
    found = write(fresh, imagePieces(database, image), size);
    if (sha256 !== undefined && (found.holes.length > 0 || found.sha256 !== sha256)) {
      throw new CaptureError(
        'damaged',
        `the capture is damaged: the bytes of image ${sha256} are not those any more that were recorded; nothing was saved`,
      );
    }
    if (options.replace) renameSync(fresh, path);
    else linkSync(fresh, path);
  } catch (error) {
    throw asSaveFailure(error, path);
  } finally {
    rmSync(fresh, { force: true });
  }
  const saved = { name: basename(path), bytes: size };
  return sha256 === undefined ? { ...saved, holes: found.holes } : { ...saved, sha256 };
}

/** A file does not take the place of a folder, nor of a device or pipe that somebody may be waiting at. */
function refuseFolder(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats || stats.isFile() || stats.isSymbolicLink()) return;
  throw new CaptureError('already-exists', `${path} is no plain file; choose another name`);
}

interface Written {
  /** Of the pieces, one after the other. */
  readonly sha256: string;
  readonly holes: readonly Hole[];
}

/** Puts each piece where it belongs. Pieces come in order, so that what lies between them is missing. */
function write(path: string, pieces: Iterable<Piece>, size: number): Written {
  const hash = createHash('sha256');
  const holes: Hole[] = [];
  let end = 0;
  const file = openSync(path, 'wx', 0o600);
  try {
    for (const { offset, bytes } of pieces) {
      if (offset > end) holes.push({ from: end, to: offset });
      hash.update(bytes);
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, offset + at);
      end = offset + bytes.length;
    }
    if (end < size) holes.push({ from: end, to: size });
    ftruncateSync(file, size);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return { sha256: hash.digest('hex'), holes };
}

/** What the system says, as one sentence. */
function asSaveFailure(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  if (errorCode(error) === 'EEXIST') {
    return new CaptureError('already-exists', `${path} is there already; choose another name`);
  }
  return new CaptureError('not-writable', `${path} cannot be written: ${describe(error)}`);
}
