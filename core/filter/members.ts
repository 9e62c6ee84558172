/** A set of ids of rows. */

/** Numbers up to here are kept as bits. */
const MOST_BITS = 1 << 28;

export class Members {
  #bits = new Uint8Array(1 << 12);
  readonly #others = new Set<bigint>();
  size = 0;

  add(value: bigint): void {
    if (this.has(value)) return;
    this.size++;
    if (value < 0n || value >= MOST_BITS) {
      this.#others.add(value);
      return;
    }
    const at = Number(value) >> 3;
    if (at >= this.#bits.length) {
      const wider = new Uint8Array(Math.max(at + 1, this.#bits.length * 2));
      wider.set(this.#bits);
      this.#bits = wider;
    }
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (Number(value) & 7));
  }

  has(value: bigint): boolean {
    if (value < 0n || value >= MOST_BITS) return this.#others.has(value);
    return this.hasNumber(Number(value));
  }

  /** The same for a safe number. */
  hasNumber(value: number): boolean {
    if (value < 0 || value >= MOST_BITS) return this.#others.has(BigInt(value));
    return ((this.#bits[value >> 3] ?? 0) & (1 << (value & 7))) !== 0;
  }

  *values(): Generator<bigint> {
    for (let at = 0; at < this.#bits.length; at++) {
      const bits = this.#bits[at] ?? 0;
      for (let bit = 0; bits >> bit > 0; bit++) if ((bits >> bit) & 1) yield BigInt(at * 8 + bit);
    }
    yield* this.#others;
  }
}
