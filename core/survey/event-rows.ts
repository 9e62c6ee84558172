/**
 * What is kept of every event that was read: 10 to 14 bytes of each, in columns, by its row. Rows are counted from 0 in the order
 * of the events' numbers.
 */
import { VERDICTS, type Verdict } from '#contract/attempt.ts';
import { EVENT_KINDS, type EventKind } from '#contract/event.ts';
import { Bits } from './bits.ts';
import { withRoom } from './growing.ts';
import { Likes } from './likes.ts';
import { MomentColumn } from './moment-column.ts';
import { MOST_NARROW, NarrowColumn } from './narrow-column.ts';
import { SparseColumn } from './sparse-column.ts';

/** A file that says it holds more is believed when it has shown them. */
export const MOST_EXPECTED = 1 << 25;

/** Values that are told apart; a recorder's calls return a few hundred. */
const MOST_RETURNS = 0xffff;

/** Codes of kinds, counted from 1. */
export const KIND_CODES: ReadonlyMap<unknown, number> = new Map(EVENT_KINDS.map((kind, index) => [kind, index + 1]));

/** Verdicts stand above the kinds, counted from 1. */
export const KIND_BITS = 4;
export const KIND_MASK = (1 << KIND_BITS) - 1;

/** An event as it is taken; numbers only where they are safe ones. */
export interface EventCells {
  readonly seq: number;
  readonly ns: number | bigint;
  readonly kind: string;
  readonly processId: number | bigint | undefined;
  /** Of its own row, or of that of the call that it is identical to. */
  readonly fileId: number | bigint | undefined;
  readonly returned: number | bigint | undefined;
  /** Of the event that it is like. */
  readonly likeSeq: number | bigint | undefined;
  /** The call has a pointer to its module's parameters. */
  readonly given?: boolean;
}

const isHoldable = (id: number | bigint): boolean => id > 0 && id <= MOST_NARROW;

/** Ids of a table's rows, 0 where there is none. */
export class IdColumn extends NarrowColumn {
  /** False where there are ids that no recorder writes: then they are looked up where they stand. */
  isHeld = true;

  take(row: number, id: number | bigint | undefined): void {
    if (id === undefined || !this.isHeld) return;
    if (isHoldable(id)) this.put(row, Number(id));
    else this.isHeld = false;
  }
}

/** The same where many rows have none; they are taken in ascending order. */
export class SparseIdColumn extends SparseColumn {
  isHeld = true;

  take(row: number, id: number | bigint | undefined): void {
    if (id === undefined || !this.isHeld) return;
    if (isHoldable(id)) this.append(row, Number(id));
    else this.isHeld = false;
  }
}

export class EventRows {
  #size = 0;
  #first = 0;
  /** Only where the numbers do not follow each other without a gap. */
  #seqs: Float64Array | undefined;
  #kinds = new Uint8Array();
  #expected = 0;
  readonly moments = new MomentColumn();
  readonly processes = new IdColumn();
  readonly files = new SparseIdColumn();
  readonly likes = new Likes();
  /** Rows that stand for several calls. */
  readonly repeated = new Bits();
  /** Rows of calls that have a pointer to their module's parameters. */
  readonly given = new Bits();
  /** By row: code of what the call returned, 0 where that is not known. */
  readonly returns = new NarrowColumn();
  #returnCodes = new Map<number | bigint, number>();
  /** What calls returned, by code less one. */
  readonly returnValues: bigint[] = [];
  returnsAreHeld = true;

  /** How many there will be, as far as known. */
  expect(events: number): void {
    this.#expected = Math.min(events, MOST_EXPECTED);
    for (const column of [this.moments, this.processes, this.files, this.returns]) column.expect(this.#expected);
  }

  get size(): number {
    return this.#size;
  }

  /** Whether the numbers follow each other without a gap. */
  get dense(): boolean {
    return this.#seqs === undefined;
  }

  /** Takes the next event and returns its row. */
  add(event: EventCells): number {
    const row = this.#size++;
    if (row === 0) this.#first = event.seq;
    if (!this.#seqs && event.seq !== this.#first + row) {
      this.#seqs = Float64Array.from({ length: row + 1 }, (_, at) => this.#first + at);
    }
    if (this.#seqs) {
      this.#seqs = withRoom(this.#seqs, row + 1, this.#expected);
      this.#seqs[row] = event.seq;
    }
    if (row >= this.#kinds.length) this.#kinds = withRoom(this.#kinds, row + 1, this.#expected);
    this.#kinds[row] = KIND_CODES.get(event.kind) ?? 0;
    this.moments.put(row, event.ns);
    this.processes.take(row, event.processId);
    this.files.take(row, event.fileId);
    if (event.likeSeq !== undefined) this.likes.add(row, Number(event.likeSeq));
    if (event.given === true) this.given.set(row);
    if (event.returned !== undefined) this.setReturn(row, event.returned);
    return row;
  }

  /** What a call returned; also later, where its return was recorded after the row was read. */
  setReturn(row: number, value: number | bigint): void {
    if (!this.returnsAreHeld) return;
    const key = Number.isSafeInteger(Number(value)) ? Number(value) : value;
    let code = this.#returnCodes.get(key);
    if (code === undefined) {
      if (this.returnValues.length === MOST_RETURNS) {
        this.returnsAreHeld = false;
        this.#returnCodes = new Map();
        return;
      }
      code = this.returnValues.push(BigInt(value));
      this.#returnCodes.set(key, code);
    }
    this.returns.put(row, code);
  }

  seqAt(row: number): number {
    return this.#seqs ? (this.#seqs[row] ?? 0) : this.#first + row;
  }

  /** The row of the first event with that number or a higher one; `size` where there is none. */
  rowFrom(seq: number): number {
    if (!this.#seqs) return Math.min(Math.max(seq - this.#first, 0), this.#size);
    let low = 0;
    let high = this.#size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#seqs[middle] ?? 0) < seq) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Undefined where no event with that number was read. */
  rowOf(seq: number): number | undefined {
    const row = this.rowFrom(seq);
    return row < this.#size && this.seqAt(row) === seq ? row : undefined;
  }

  kindAt(row: number): EventKind | undefined {
    return EVENT_KINDS[((this.#kinds[row] ?? 0) & KIND_MASK) - 1];
  }

  /** Index into VERDICTS; -1 of what is no call. */
  verdictIndexAt(row: number): number {
    return ((this.#kinds[row] ?? 0) >> KIND_BITS) - 1;
  }

  verdictAt(row: number): Verdict | undefined {
    return VERDICTS[this.verdictIndexAt(row)];
  }

  setVerdict(row: number, verdict: Verdict): void {
    this.#kinds[row] = ((this.#kinds[row] ?? 0) & KIND_MASK) | ((VERDICTS.indexOf(verdict) + 1) << KIND_BITS);
  }

  /** Codes of the kind, and above them those of the verdict. */
  get kinds(): Uint8Array {
    return this.#kinds;
  }
}
