/**
 * A column of the kernel's addresses: 4 bytes each while all of them lie in the same 4 GB, as those of modules do, and 8
 * from the first one on that does not.
 */
import { withRoom } from './growing.ts';

const LOW_BITS = 32n;

export class AddressColumn {
  #low: Uint32Array = new Uint32Array();
  /** What all have above their low bits; undefined before the first one. */
  #high: bigint | undefined;
  #wide: BigInt64Array | undefined;

  put(place: number, address: bigint): void {
    const high = address >> LOW_BITS;
    this.#high ??= high;
    if (!this.#wide && high !== this.#high) this.#wide = BigInt64Array.from(this.#low, (_, at) => this.at(at));
    if (this.#wide) {
      this.#low = new Uint32Array();
      this.#wide = withRoom(this.#wide, place + 1);
      this.#wide[place] = address;
      return;
    }
    this.#low = withRoom(this.#low, place + 1);
    this.#low[place] = Number(BigInt.asUintN(32, address));
  }

  /** Any address where none was put. */
  at(place: number): bigint {
    if (this.#wide) return this.#wide[place] ?? 0n;
    return ((this.#high ?? 0n) << LOW_BITS) | BigInt(this.#low[place] ?? 0);
  }
}
