/** Sets of ids of rows. */

export interface IdSet {
  /** Infinity where it is not known. */
  readonly size: number;
  has(value: bigint): boolean;
  /** The same for a safe number. */
  hasNumber(value: number): boolean;
  values(): Iterable<bigint>;
  /** Of numbers of events: marks, 0 or 1, for the rows from one on, up to another one (excluded). */
  markRows?(first: number, end: number, marks: Uint8Array): void;
}

/** Numbers up to here are kept as bits. */
const MOST_BITS = 1 << 28;

/** A set as another thread can be given it. */
export interface MembersParts {
  readonly bits: Uint8Array<ArrayBuffer>;
  readonly others: ReadonlySet<bigint>;
  readonly size: number;
}

export class Members implements IdSet {
  #bits = new Uint8Array(1 << 12);
  readonly #others = new Set<bigint>();
  size = 0;

  static of({ bits, others, size }: MembersParts): Members {
    const members = new Members();
    members.#bits = bits;
    for (const value of others) members.#others.add(value);
    members.size = size;
    return members;
  }

  get parts(): MembersParts {
    return { bits: this.#bits, others: this.#others, size: this.size };
  }

  copy(): Members {
    const copy = new Members();
    copy.#bits = this.#bits.slice();
    for (const value of this.#others) copy.#others.add(value);
    copy.size = this.size;
    return copy;
  }

  /** Adds all members of another set. */
  join(other: Members): void {
    if (other.#bits.length > this.#bits.length) this.#widen(other.#bits.length);
    let size = 0;
    for (let at = 0; at < this.#bits.length; at++) {
      const bits = (this.#bits[at] ?? 0) | (other.#bits[at] ?? 0);
      this.#bits[at] = bits;
      for (let left = bits; left > 0; left &= left - 1) size++;
    }
    for (const value of other.#others) this.#others.add(value);
    this.size = size + this.#others.size;
  }

  #widen(length: number): void {
    const wider = new Uint8Array(length);
    wider.set(this.#bits);
    this.#bits = wider;
  }

  add(value: bigint): void {
    if (value >= 0n && value < MOST_BITS) {
      this.addNumber(Number(value));
    } else if (!this.#others.has(value)) {
      this.#others.add(value);
      this.size++;
    }
  }

  /** The same for a safe number. */
  addNumber(value: number): void {
    if (value < 0 || value >= MOST_BITS) {
      this.add(BigInt(value));
      return;
    }
    if (this.hasNumber(value)) return;
    this.size++;
    const at = value >> 3;
    if (at >= this.#bits.length) this.#widen(Math.max(at + 1, this.#bits.length * 2));
    this.#bits[at] = (this.#bits[at] ?? 0) | (1 << (value & 7));
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

  /** Takes all members as numbers, in a tenth of the time that `values` needs. Those that are no safe ones are rounded. */
  each(take: (value: number) => void): void {
    for (let at = 0; at < this.#bits.length; at++) {
      for (let bits = this.#bits[at] ?? 0; bits > 0; bits &= bits - 1) take(at * 8 + 31 - Math.clz32(bits & -bits));
    }
    for (const value of this.#others) take(Number(value));
  }

  *values(): Generator<bigint> {
    for (let at = 0; at < this.#bits.length; at++) {
      const bits = this.#bits[at] ?? 0;
      for (let bit = 0; bits >> bit > 0; bit++) if ((bits >> bit) & 1) yield BigInt(at * 8 + bit);
    }
    yield* this.#others;
  }
}
