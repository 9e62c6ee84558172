/** What the recorder says of the module images that the kernel read: states, sizes, hashes. Bytes are core/image/'s. */
import { IMAGE_STATES, type ImageFact } from '#contract/event.ts';
import { toWide } from '#contract/wide.ts';
import type Database from 'better-sqlite3';
import { anyText, digestOrNone, integer, integerOrNone, word, type Row } from './columns.ts';
import { definedOnly } from './defined.ts';

/** One reading of an image: an image_read event. */
export interface ImageReading {
  readonly seq: bigint;
  /** Boot time. */
  readonly ns: bigint;
  readonly size: bigint;
  readonly fact: ImageFact;
}

/** Columns of a reading; the name `image_fact` is the fact's row. */
export const READING = `event.seq, event.ns, image_fact.size, image_fact.received, image_fact.state, image_fact.reason,
  image_fact.sha256`;

/** The unpacked form of bytes that were read in the same call before. */
export const DECOMPRESSED = 'decompressed';

export function readReading(row: Row): ImageReading {
  const state = word(row, 'state', IMAGE_STATES);
  const size = integer(row, 'size');
  return {
    seq: integer(row, 'seq'),
    ns: integer(row, 'ns'),
    size,
    fact: definedOnly<ImageFact>({
      sha256: digestOrNone(row, 'sha256')?.toString('hex'),
      size: toWide(size),
      received: toWide(integer(row, 'received')),
      complete: state === 'kept',
      state,
      reason: anyText(row, 'reason'),
    }),
  };
}

export class Images {
  readonly #ofEvent: Database.Statement<[bigint], Row>;
  readonly #ofCall: Database.Statement<[bigint, string], Row>;
  readonly #callOf: Database.Statement<[bigint], bigint | null>;

  constructor(database: Database.Database) {
    this.#ofEvent = database.prepare<[bigint], Row>(
      `SELECT ${READING} FROM image_fact JOIN event ON event.seq = image_fact.seq WHERE image_fact.seq = ?`,
    );
    this.#ofCall = database.prepare<[bigint, string], Row>(
      `SELECT ${READING} FROM event JOIN image_fact ON image_fact.seq = event.seq
       WHERE event.call_id = ? AND event.kind = 'image_read' AND image_fact.reason IS NOT ?
       ORDER BY event.ns, event.seq LIMIT 1`,
    );
    this.#callOf = database.prepare<[bigint], bigint | null>('SELECT call_id FROM event WHERE seq = ?').pluck();
  }

  /** What an image_read event speaks of. */
  ofEvent(seq: bigint): ImageReading | undefined {
    const row = this.#ofEvent.get(seq);
    return row && readReading(row);
  }

  /**
   * The image that the kernel was given in a call: as it lay in file or memory, not what the kernel unpacked of it. Of
   * calls that were coalesced it is that of the call that they are identical to.
   */
  ofCall(row: Row): ImageReading | undefined {
    if (row['kind'] === 'delete_module') return undefined;
    const like = integerOrNone(row, 'like_seq');
    const callId = like === undefined ? integerOrNone(row, 'call_id') : this.#callOf.get(like);
    if (callId === undefined || callId === null) return undefined;
    const found = this.#ofCall.get(callId, DECOMPRESSED);
    return found && readReading(found);
  }
}
