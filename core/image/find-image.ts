/** Which image somebody means: by the beginning of its hash, or by an event that speaks of it. */
import type { ImageName } from '#contract/image.ts';
import type Database from 'better-sqlite3';
import { digestOrNone, integerOrNone, type Row } from '../capture/columns.ts';
import { CaptureError } from '../capture/failure.ts';
import { Images } from '../capture/images.ts';

/** Fewer digits name too much by accident. */
const FEWEST_DIGITS = 8;
const ALL_DIGITS = 64;

const BEGINNING = `SELECT DISTINCT sha256 FROM image_fact WHERE sha256 BETWEEN ? AND ? AND octet_length(sha256) = 32 LIMIT 3`;

/** The whole hash. @throws CaptureError 'no-such-row' where none, or more than one, begins so */
export function wholeHash(database: Database.Database, digits: string): string {
  const wanted = digits.toLowerCase();
  if (!/^[0-9a-f]*$/.test(wanted) || wanted.length < FEWEST_DIGITS || wanted.length > ALL_DIGITS) {
    throw new CaptureError(
      'bad-request',
      `a SHA-256, or 8 digits or more of its beginning, names an image; '${digits.slice(0, 80)}' does not`,
    );
  }
  const bound = (filler: string): Buffer => Buffer.from(wanted.padEnd(ALL_DIGITS, filler), 'hex');
  const found = database.prepare<[Buffer, Buffer], Row>(BEGINNING).all(bound('0'), bound('f'));
  const hashes = found.map((row) => digestOrNone(row, 'sha256')?.toString('hex') ?? '');
  if (hashes.length > 1) {
    throw new CaptureError(
      'no-such-row',
      `several images begin with ${wanted} (${hashes.slice(0, 2).join(', ')}): more digits are needed`,
    );
  }
  const [hash] = hashes;
  if (hash === undefined) throw new CaptureError('no-such-row', `there is no image ${wanted} in this capture`);
  return hash;
}

/** The call that an event is, or belongs to, and the reading of its image. */
function readingOf(database: Database.Database, seq: number): bigint {
  const row = database.prepare<[bigint], Row>('SELECT * FROM event WHERE seq = ?').get(BigInt(seq));
  if (!row) throw new CaptureError('no-such-row', `there is no event ${String(seq)} in this capture`);
  const images = new Images(database);
  const reading = row['kind'] === 'image_read' ? images.ofEvent(BigInt(seq)) : images.ofCall(row);
  if (!reading) throw new CaptureError('no-such-row', `event ${String(seq)} speaks of no image`);
  return reading.seq;
}

/** Why bytes are not there, by the reason that the recorder gives. */
const REASONS: Readonly<Record<string, string>> = {
  'no-images': 'no images were to be kept',
  'not-under': 'only images of files under one folder were to be kept',
  limit: 'it is larger than what was to be kept',
};

function unkept(fact: Row, what: string): never {
  const reason = typeof fact['reason'] === 'string' ? fact['reason'] : undefined;
  const why = reason === undefined ? '' : `: ${REASONS[reason] ?? reason}`;
  const hash = digestOrNone(fact, 'sha256')?.toString('hex');
  const rest = hash === undefined ? 'its bytes are not in this capture' : 'its hash is kept, its bytes are not';
  const named = hash === undefined || what.includes(hash) ? what : `${what}, ${hash}`;
  throw new CaptureError('no-such-row', `${named}: ${rest}${why}`);
}

/**
 * The row of `image` that holds the bytes, whole or in part.
 * @throws CaptureError 'no-such-row' where there is none, or where its bytes were not kept
 */
export function findImage(database: Database.Database, name: ImageName): Row {
  const one = (sql: string, value: bigint | Buffer): Row | undefined =>
    database.prepare<[bigint | Buffer], Row>(sql).get(value);
  if ('sha256' in name) {
    const hash = wholeHash(database, name.sha256);
    const bytes = Buffer.from(hash, 'hex');
    const found = one('SELECT * FROM image WHERE sha256 = ?', bytes);
    return (
      found ??
      unkept(one('SELECT reason, sha256 FROM image_fact WHERE sha256 = ? LIMIT 1', bytes) ?? {}, `image ${hash}`)
    );
  }
  const fact =
    one('SELECT image_id, reason, sha256 FROM image_fact WHERE seq = ?', readingOf(database, name.seq)) ?? {};
  const id = integerOrNone(fact, 'image_id');
  const hash = digestOrNone(fact, 'sha256');
  // What was not kept in this reading may have been in another one.
  const image = id === undefined ? undefined : one('SELECT * FROM image WHERE id = ?', id);
  const kept = image ?? (hash && one('SELECT * FROM image WHERE sha256 = ?', hash));
  return kept ?? unkept(fact, `the image of event ${String(name.seq)}`);
}
