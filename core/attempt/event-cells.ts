/** The events of a capture as cells, some thousands at a time, and as columns that another thread can be given. */
import { EVENT_KINDS } from '#contract/event.ts';
import type Database from 'better-sqlite3';
import { BRIEF } from './calls.ts';

/** Events that are read at a stretch: few enough that none of them is still there when V8 next looks what is old. */
export const PIECE = 1024;

/** What follows the cells of BRIEF. */
export const PROCESS_CELL = 9;
export const LIKE_CELL = 10;
export const GIVEN_CELL = 11;

const KIND_CELL = 2;
const CELLS = 12;

const EVENTS = `SELECT ${BRIEF}, event.process_id, event.like_seq,
    CASE event.kind WHEN 'finit_module' THEN event.arg1 WHEN 'init_module' THEN event.arg2 END <> 0 FROM event`;

export type Cells = readonly unknown[];

/** Some events, in the order of their numbers. */
export interface EventRows {
  readonly size: number;
  /** Cells of one of them, until those of another one are asked for. */
  at(index: number): Cells;
}

/** A whole number; undefined where there is none. */
export const whole = (cell: unknown): number | bigint | undefined =>
  typeof cell === 'number' || typeof cell === 'bigint' ? cell : undefined;

function isSafe(cells: Cells): boolean {
  for (const cell of cells) if (typeof cell === 'number' && !Number.isSafeInteger(cell)) return false;
  return true;
}

class Listed implements EventRows {
  readonly rows: readonly Cells[];

  constructor(rows: readonly Cells[]) {
    this.rows = rows;
  }

  get size(): number {
    return this.rows.length;
  }

  at(index: number): Cells {
    return this.rows[index] ?? [];
  }
}

export class EventCells {
  readonly #after: Database.Statement<unknown[], unknown[]>;
  readonly #between: Database.Statement<unknown[], unknown[]>;
  /** Whether there are numbers that only a bigint holds. */
  #isWide = false;

  constructor(database: Database.Database) {
    const statement = (which: string): Database.Statement<unknown[], unknown[]> =>
      database.prepare<unknown[], unknown[]>(`${EVENTS} WHERE ${which}`).raw();
    this.#after = statement(`event.seq > ? ORDER BY event.seq LIMIT ${String(PIECE)}`);
    this.#between = statement('event.seq BETWEEN ? AND ? ORDER BY event.seq');
  }

  /** A piece of events after that one. */
  after(seq: number): EventRows {
    return this.#all(this.#after, [seq]);
  }

  /** Those from one number to another one. */
  between(first: number, last: number): EventRows {
    return this.#all(this.#between, [first, last]);
  }

  /** With numbers, which are made in no time, where all of them are safe ones. */
  #all(statement: Database.Statement<unknown[], unknown[]>, params: readonly number[]): EventRows {
    if (!this.#isWide) {
      const rows = statement.safeIntegers(false).all(...params);
      if (rows.every(isSafe)) return new Listed(rows);
      this.#isWide = true;
    }
    return new Listed(statement.safeIntegers(true).all(...params));
  }
}

/** Events whose cells are a kind, and safe whole numbers or NULL. */
export interface EventColumns {
  readonly size: number;
  /** Index into EVENT_KINDS. */
  readonly kinds: Uint8Array<ArrayBuffer>;
  /** Cell after cell of all of them, but for the kind; NaN where it is NULL. */
  readonly numbers: Float64Array<ArrayBuffer>;
}

const KINDS: ReadonlyMap<unknown, number> = new Map(EVENT_KINDS.map((kind, index) => [kind, index]));

/** Undefined where a cell is something else. */
export function columnsOf(rows: EventRows): EventColumns | undefined {
  const { size } = rows;
  const kinds = new Uint8Array(size);
  const numbers = new Float64Array(size * (CELLS - 1));
  for (let at = 0; at < size; at++) {
    const cells = rows.at(at);
    const kind = KINDS.get(cells[KIND_CELL]);
    if (kind === undefined) return undefined;
    kinds[at] = kind;
    let place = at;
    for (let cell = 0; cell < CELLS; cell++) {
      if (cell === KIND_CELL) continue;
      const value = cells[cell];
      if (typeof value !== 'number' && value !== null) return undefined;
      numbers[place] = value ?? NaN;
      place += size;
    }
  }
  return { size, kinds, numbers };
}

/** The cells again, of one event after the other. */
export class CellsOfColumns implements EventRows {
  readonly #columns: EventColumns;
  /** Of the event that was asked for last: millions are, and none is kept. */
  readonly #cells: unknown[] = Array.from({ length: CELLS }, () => null);

  constructor(columns: EventColumns) {
    this.#columns = columns;
  }

  get size(): number {
    return this.#columns.size;
  }

  at(index: number): Cells {
    const { size, kinds, numbers } = this.#columns;
    const cells = this.#cells;
    let place = index;
    for (let cell = 0; cell < CELLS; cell++) {
      if (cell === KIND_CELL) {
        cells[cell] = EVENT_KINDS[kinds[index] ?? 0];
        continue;
      }
      const number = numbers[place] ?? NaN;
      cells[cell] = Number.isNaN(number) ? null : number;
      place += size;
    }
    return cells;
  }
}
