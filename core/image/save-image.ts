/** Writes the exact bytes of a kept image to a file, its hash checked on the way. */
import { createHash, randomUUID } from 'node:crypto';
import { ftruncateSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Hole, SavedImage } from '#contract/image.ts';
import type Database from 'better-sqlite3';
import { digestOrNone, small, type Row } from '../capture/columns.ts';
import { CaptureError } from '../capture/failure.ts';
import { NewFile, type NewFileOptions } from '../transfer/new-file.ts';
import { imagePieces, type Piece } from './image-pieces.ts';

export interface SaveOptions extends NewFileOptions {
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
 * Nobody ever sees a part of an image under that name.
 * @throws CaptureError 'damaged' where the bytes are not those that were recorded, 'already-exists', 'not-writable'
 */
export function saveImage(database: Database.Database, image: Row, path: string, options: SaveOptions): SavedImage {
  const size = small(image, 'size');
  const sha256 = digestOrNone(image, 'sha256')?.toString('hex');
  if (sha256 === undefined && options.partial !== true) {
    throw new CaptureError('no-such-row', 'this image did not arrive whole');
  }
  const file = new NewFile(path, join(dirname(path), `.${randomUUID()}.part`));
  let found: Written;
  try {
    found = write(file, imagePieces(database, image), size);
    if (sha256 !== undefined && (found.holes.length > 0 || found.sha256 !== sha256)) {
      throw new CaptureError(
        'damaged',
        `the capture is damaged: the bytes of image ${sha256} are not those any more that were recorded; nothing was saved`,
      );
    }
    file.keep(options);
  } finally {
    file.drop();
  }
  const saved = { name: basename(path), bytes: size };
  return sha256 === undefined ? { ...saved, holes: found.holes } : { ...saved, sha256 };
}

interface Written {
  /** Of the pieces, one after the other. */
  readonly sha256: string;
  readonly holes: readonly Hole[];
}

/** Puts each piece where it belongs. Pieces come in order, so that what lies between them is missing. */
function write(file: NewFile, pieces: Iterable<Piece>, size: number): Written {
  const hash = createHash('sha256');
  const holes: Hole[] = [];
  let end = 0;
  for (const { offset, bytes } of pieces) {
    if (offset > end) holes.push({ from: end, to: offset });
    hash.update(bytes);
    file.write(bytes, offset);
    end = offset + bytes.length;
  }
  if (end < size) holes.push({ from: end, to: size });
  file.with((descriptor) => {
    ftruncateSync(descriptor, size);
  });
  return { sha256: hash.digest('hex'), holes };
}
