/** The events of a capture by their distance from the first one, for who marks which of them are meant. */
import { Bits } from '../survey/bits.ts';

/** Ids that are looked up at a stretch, and events that are read at one. */
export interface Pieces {
  readonly ids: number;
  readonly events: number;
}

const PIECES: Pieces = { ids: 1024, events: 1 << 15 };

export class EventSpan {
  readonly first: number;
  /** How many numbers there are. */
  readonly size: number;
  readonly pieces: Pieces;

  /** @param range the first and the last number of an event, which are safe ones */
  constructor([first, last]: readonly [number, number], pieces: Pieces = PIECES) {
    this.first = first;
    this.size = last - first + 1;
    this.pieces = pieces;
  }

  /** None of them. */
  none(): Bits {
    return new Bits(this.size);
  }

  placeOf(seq: number): number | undefined {
    const place = seq - this.first;
    return place >= 0 && place < this.size ? place : undefined;
  }

  has(found: Bits, seq: number): boolean {
    const place = this.placeOf(seq);
    return place !== undefined && found.has(place);
  }

  /** Of a number that none of them has nothing is marked. */
  mark(found: Bits, seq: number): void {
    const place = this.placeOf(seq);
    if (place !== undefined) found.set(place);
  }

  put(found: Bits, seqs: ArrayLike<number>): void {
    for (let at = 0; at < seqs.length; at++) this.mark(found, seqs[at] ?? NaN);
  }

  /**
   * Puts what is read a piece at a time, and stops after each.
   * @param after the next events after one, in the order of their numbers
   */
  *read(found: Bits, after: (last: number) => number[]): Generator<void> {
    for (let last = this.first - 1; ;) {
      const seqs = after(last);
      this.put(found, seqs);
      yield;
      if (seqs.length < this.pieces.events) return;
      last = seqs.at(-1) ?? last;
    }
  }
}
