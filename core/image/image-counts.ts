/** How many distinct images there are and what is there of them, counted a piece at a time. */
import type Database from 'better-sqlite3';
import { integer, small, type Row } from '../capture/columns.ts';
import { LEAST_INTEGER } from '../capture/integers.ts';

export interface ImageCounts {
  readonly kept: number;
  /** Of all that are kept. */
  readonly bytes: bigint;
  readonly skipped: number;
  readonly incomplete: number;
}

const PIECE = 4000;

/** Hashes as texts: a million small buffers would lie about long after they were looked at. */
const READINGS = `SELECT seq, state, CASE state WHEN 'skipped' THEN hex(sha256) END FROM image_fact WHERE seq > ? ORDER BY seq LIMIT ${String(PIECE)}`;

const KEPT = 'SELECT count(*) AS n, coalesce(sum(size), 0) AS bytes FROM image WHERE sha256 IS NOT NULL';

export class ImageCounter {
  readonly #readings: Database.Statement<[bigint], unknown[]>;
  readonly #kept: Database.Statement<[], Row>;
  readonly #isKept: Database.Statement<[Buffer], unknown>;
  #last = LEAST_INTEGER;
  /** Hashes of images whose bytes are not there, in hexadecimal. */
  readonly #skipped = new Set<string>();
  #incomplete = 0;
  /** How many there were of each when they were last held against each other. */
  #checkedImages = 0;
  #checkedSkipped = 0;

  constructor(database: Database.Database) {
    this.#readings = database.prepare<[bigint], unknown[]>(READINGS).raw();
    this.#kept = database.prepare<[], Row>(KEPT);
    this.#isKept = database.prepare<[Buffer], unknown>('SELECT 1 FROM image WHERE sha256 = ?');
  }

  /** Reads what was not read yet; stops after each piece. */
  *read(): Generator<void> {
    for (let more = true; more; yield) {
      const rows = this.#readings.all(this.#last);
      for (const [seq, state, digest] of rows) {
        if (state === 'incomplete') this.#incomplete++;
        if (typeof digest === 'string' && digest !== '') this.#skipped.add(digest);
        if (typeof seq === 'bigint') this.#last = seq;
      }
      more = rows.length === PIECE;
    }
  }

  counts(): ImageCounts {
    const kept = this.#kept.get() ?? {};
    // An image that was skipped once can have been kept another time.
    const images = small(kept, 'n');
    const changed = images !== this.#checkedImages || this.#skipped.size !== this.#checkedSkipped;
    if (changed && images > 0) this.#forgetKept();
    this.#checkedImages = images;
    this.#checkedSkipped = this.#skipped.size;
    return {
      kept: images,
      bytes: integer(kept, 'bytes'),
      skipped: this.#skipped.size,
      incomplete: this.#incomplete,
    };
  }

  #forgetKept(): void {
    for (const digest of this.#skipped) {
      if (this.#isKept.get(Buffer.from(digest, 'hex')) !== undefined) this.#skipped.delete(digest);
    }
  }
}
