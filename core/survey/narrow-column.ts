/** A column of whole numbers from 0 on, each 1 to 4 bytes wide: as wide as the largest one needs. */
import { withRoom } from './growing.ts';

/** More fits into no column. */
export const MOST_NARROW = 0xffffffff;

/** Of 3 bytes the highest one stands in a column of its own. */
export interface NarrowParts {
  readonly low: Uint8Array | Uint16Array | Uint32Array;
  readonly high: Uint8Array | undefined;
}

export class NarrowColumn {
  #low: NarrowParts['low'] = new Uint8Array();
  #high: Uint8Array | undefined;
  #most = 0xff;
  /** Beyond the last place that was put: room that nothing was written to takes no memory. */
  #end = 0;
  #expected = 0;

  /** How many values there will be at most, as far as known. */
  expect(values: number): void {
    this.#expected = values;
  }

  /** The value at a place; 0 where none was put. */
  at(place: number): number {
    const low = this.#low[place] ?? 0;
    return this.#high ? low | ((this.#high[place] ?? 0) << 16) : low;
  }

  /** @param value at most MOST_NARROW */
  put(place: number, value: number): void {
    if (value > this.#most) this.#widen(value);
    if (place >= this.#low.length) {
      this.#low = withRoom(this.#low, place + 1, this.#expected);
      if (this.#high) this.#high = withRoom(this.#high, place + 1, this.#expected);
    }
    if (place >= this.#end) this.#end = place + 1;
    this.#low[place] = value;
    if (this.#high) this.#high[place] = value >>> 16;
  }

  /** The arrays themselves, for whoever goes through all of them; others take their place when the column grows. */
  get parts(): NarrowParts {
    return { low: this.#low, high: this.#high };
  }

  #widen(value: number): void {
    const { length } = this.#low;
    if (value > 0xffffff) {
      const wide = new Uint32Array(length);
      for (let place = 0; place < this.#end; place++) wide[place] = this.at(place);
      this.#low = wide;
      this.#high = undefined;
      this.#most = MOST_NARROW;
      return;
    }
    if (this.#low instanceof Uint8Array) {
      const wider = new Uint16Array(length);
      wider.set(this.#low.subarray(0, this.#end));
      this.#low = wider;
      this.#most = 0xffff;
    }
    if (value > 0xffff) {
      this.#high = new Uint8Array(length);
      this.#most = 0xffffff;
    }
  }
}
