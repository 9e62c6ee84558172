/** The events of a capture in the order of their numbers, some thousands at a time, as cells. */
import type Database from 'better-sqlite3';
import { BRIEF } from './calls.ts';

/** Events that are read at a stretch: few enough that none of them is still there when V8 next looks what is old. */
export const PIECE = 1024;

/** What follows the cells of BRIEF. */
export const PROCESS_CELL = 9;
export const LIKE_CELL = 10;
export const GIVEN_CELL = 11;

const EVENTS = `SELECT ${BRIEF}, event.process_id, event.like_seq,
    CASE event.kind WHEN 'finit_module' THEN event.arg1 WHEN 'init_module' THEN event.arg2 END <> 0 FROM event
  WHERE event.seq > ? ORDER BY event.seq LIMIT ${String(PIECE)}`;

/** A whole number; undefined where there is none. */
export const whole = (cell: unknown): number | bigint | undefined =>
  typeof cell === 'number' || typeof cell === 'bigint' ? cell : undefined;

function isSafe(cells: readonly unknown[]): boolean {
  for (const cell of cells) if (typeof cell === 'number' && !Number.isSafeInteger(cell)) return false;
  return true;
}

export class EventPieces {
  readonly #events: Database.Statement<[number], unknown[]>;
  /** Whether there are numbers that only a bigint holds. */
  #isWide = false;

  constructor(database: Database.Database) {
    this.#events = database.prepare<[number], unknown[]>(EVENTS).raw();
  }

  /** The events after that one: with numbers, which are made in no time, where all of them are safe ones. */
  after(seq: number): unknown[][] {
    if (!this.#isWide) {
      const rows = this.#events.safeIntegers(false).all(seq);
      if (rows.every(isSafe)) return rows;
      this.#isWide = true;
    }
    return this.#events.safeIntegers(true).all(seq);
  }
}
