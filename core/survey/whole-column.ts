/** A column of numbers of events or calls: 4 bytes each while they fit, 8 from the first one on that does not. */
import { withRoom } from './growing.ts';

const NONE = 0xffffffff;

export class WholeColumn {
  #values: Uint32Array | Float64Array = new Uint32Array();

  /** NaN where there is none. */
  at(place: number): number {
    const value = this.#values[place] ?? NaN;
    return value === NONE && this.#values instanceof Uint32Array ? NaN : value;
  }

  put(place: number, value: number): void {
    if (this.#values instanceof Uint32Array && !Number.isNaN(value) && (value < 0 || value >= NONE)) {
      this.#values = Float64Array.from(this.#values, (known) => (known === NONE ? NaN : known));
    }
    this.#values = withRoom(this.#values, place + 1);
    this.#values[place] = Number.isNaN(value) && this.#values instanceof Uint32Array ? NONE : value;
  }
}
