/** The bytes of a kept image in memory, its hash checked. */
import { createHash } from 'node:crypto';
import type Database from 'better-sqlite3';
import { digestOrNone, small, type Row } from '../capture/columns.ts';
import { CaptureError } from '../capture/failure.ts';
import { imagePieces } from './image-pieces.ts';

/** Larger ones are written to a file, not held. */
const MOST = 256 * 1024 * 1024;

/**
 * What did not arrive of an incomplete image is zeros.
 * @throws CaptureError 'damaged' where the bytes are not those that were recorded, 'bad-request' where they are too many
 */
export function readImage(database: Database.Database, image: Row): Buffer {
  const size = small(image, 'size');
  if (size > MOST) throw new CaptureError('bad-request', `this image has ${String(size)} bytes, too many to be held`);
  const bytes = Buffer.alloc(size);
  for (const piece of imagePieces(database, image)) bytes.set(piece.bytes, piece.offset);
  const sha256 = digestOrNone(image, 'sha256')?.toString('hex');
  if (sha256 !== undefined && createHash('sha256').update(bytes).digest('hex') !== sha256) {
    const text = `the capture is damaged: the bytes of image ${sha256} are not those any more that were recorded`;
    throw new CaptureError('damaged', text);
  }
  return bytes;
}
