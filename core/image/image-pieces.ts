/** The bytes of an image a piece at a time, so that memory stays that of one piece however large the image is. */
import type Database from 'better-sqlite3';
import { integer, small, type Row } from '../capture/columns.ts';
import { CaptureError } from '../capture/failure.ts';

/** Bytes that a recorder puts into one row at most; a row that is longer was not written by one. */
const PIECE = 256 * 1024;

export interface Piece {
  readonly offset: number;
  readonly bytes: Buffer;
}

/** Bytes are only fetched where their length is one that a recorder writes. */
const CHUNK = `SELECT image_id, offset, length(bytes) AS length, typeof(bytes) AS type,
  CASE WHEN length(bytes) <= ${String(PIECE)} THEN bytes END AS bytes FROM image_chunk WHERE id = ?`;

function wrong(id: bigint, what: string): never {
  throw new CaptureError('damaged', `the capture is damaged: the bytes of image ${String(id)} ${what}`);
}

/**
 * Pieces in order of their offsets, none of which overlap; those of an incomplete image leave holes.
 * @param image - a row of the table `image`.
 * @throws CaptureError 'damaged'
 */
export function* imagePieces(database: Database.Database, image: Row): Generator<Piece> {
  const id = integer(image, 'id');
  const size = small(image, 'size');
  const first = integer(image, 'first_chunk');
  const chunks = integer(image, 'chunks');
  const statement = database.prepare<[bigint], Row>(CHUNK);
  let end = 0;
  for (let at = 0n; at < chunks; at++) {
    const row = statement.get(first + at);
    if (!row) wrong(id, 'are missing in part');
    const bytes = row['bytes'];
    if (integer(row, 'image_id') !== id) wrong(id, 'are mixed with those of another one');
    if (!Buffer.isBuffer(bytes) || bytes.length === 0) wrong(id, 'are not what a recorder writes');
    const offset = small(row, 'offset');
    if (offset < end || offset + bytes.length > size) wrong(id, 'do not lie in order within its size');
    end = offset + bytes.length;
    yield { offset, bytes };
  }
}
