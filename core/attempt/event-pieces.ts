/** The events of a capture in the order of their numbers, a piece at a time: read by a helper ahead of who goes through them, where there is one. */
import type Database from 'better-sqlite3';
import type { Errand, Helper } from '../helper/errand.ts';
import type { EventsJob } from '../helper/jobs.ts';
import { CellsOfColumns, EventCells, PIECE, type EventRows } from './event-cells.ts';

/** Events, and whether there are more after them. */
export interface EventPiece {
  readonly rows: EventRows;
  readonly more: boolean;
}

/** With fewer pieces before it, a helper is not asked: it would be there when they are read. With more, most have no event. */
const FEW = 64;
const MOST = 1 << 20;

/** Pieces that are read out of their order, where the next one is not there yet, and so many that nobody else has read. */
const MOST_READY = 16;
const ALONE = 32;

/** Of fewer events in a piece, numbers have gaps such as no recorder leaves. */
const SPARSE = PIECE / 2;

export class EventPieces {
  readonly #cells: EventCells;
  #helper: Helper | undefined;
  #last = 0;
  #run: SharedRun | undefined;

  constructor(database: Database.Database) {
    this.#cells = new EventCells(database);
  }

  /** From here on a helper reads ahead, up to an event; nobody writes to the capture. */
  share(helper: Helper, last: number): void {
    this.#helper = helper;
    this.#last = last;
  }

  /** A piece of those after that one. */
  after(seq: number): EventPiece {
    if (this.#helper && !(this.#run?.isAt(seq) === true && this.#run.alone < ALONE)) this.#begin(this.#helper, seq);
    const piece = this.#run?.next();
    if (piece && (piece.rows.size >= SPARSE || !piece.more)) return piece;
    // There are gaps.
    if (piece) this.#helper = undefined;
    this.#end();
    const rows = this.#cells.after(seq);
    return { rows, more: rows.size === PIECE };
  }

  #begin(helper: Helper, seq: number): void {
    this.#end();
    const pieces = Math.ceil((this.#last - seq) / PIECE);
    const job: EventsJob = { kind: 'events', first: seq + 1, last: this.#last, length: PIECE };
    const errand = pieces > FEW && pieces <= MOST ? helper.begin<'events'>(job, pieces) : undefined;
    this.#run = errand && new SharedRun(errand, job, pieces, this.#cells);
  }

  #end(): void {
    this.#run?.end();
    this.#run = undefined;
  }
}

/** One way through the events with a helper. */
class SharedRun {
  readonly #errand: Errand<'events'>;
  readonly #job: EventsJob;
  readonly #pieces: number;
  readonly #cells: EventCells;
  /** What is read already of what comes, by piece. */
  readonly #ready = new Map<number, EventRows>();
  #next = 0;
  /** Number of the last event that was given. */
  #given: number;
  /** How many pieces the helper has not read, one after the other. */
  alone = 0;

  constructor(errand: Errand<'events'>, job: EventsJob, pieces: number, cells: EventCells) {
    this.#errand = errand;
    this.#job = job;
    this.#pieces = pieces;
    this.#cells = cells;
    this.#given = job.first - 1;
  }

  /** Whether what comes next is what follows that event. */
  isAt(seq: number): boolean {
    return seq === this.#given;
  }

  next(): EventPiece {
    const piece = this.#next++;
    const rows = this.#find(piece);
    this.#ready.delete(piece);
    const last = rows.size > 0 ? rows.at(rows.size - 1)[0] : undefined;
    if (typeof last === 'number' || typeof last === 'bigint') this.#given = Number(last);
    return { rows, more: this.#next < this.#pieces };
  }

  #find(piece: number): EventRows {
    for (let found = this.#ready.get(piece); ; found = this.#ready.get(piece)) {
      if (found) return found;
      if (this.#hear()) continue;
      // While the helper reads this one, another one is.
      const own = this.#ready.size < MOST_READY ? this.#errand.next() : undefined;
      if (own === undefined) return this.#read(piece);
      this.#ready.set(own, this.#read(own));
    }
  }

  #read(piece: number): EventRows {
    const { first, last, length } = this.#job;
    const from = first + piece * length;
    this.alone++;
    return this.#cells.between(from, Math.min(from + length - 1, last));
  }

  /** Returns whether there is anything new. */
  #hear(): boolean {
    const answers = this.#errand.answers();
    for (const { piece, found } of answers) {
      this.alone = 0;
      if (piece >= this.#next - 1 && found) this.#ready.set(piece, new CellsOfColumns(found));
    }
    return answers.length > 0;
  }

  end(): void {
    this.#errand.end();
  }
}
