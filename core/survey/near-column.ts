/**
 * A column of rows in an order that is nearly their own: a byte and a bit each, because those of one block lie close to each
 * other. Blocks with rows from further away are kept as they are, and where these are many, so is the whole column.
 */
import { withRoom } from './growing.ts';

const BLOCK_BITS = 4;
const BLOCK = 1 << BLOCK_BITS;

/** Offsets that a signed byte holds lie below that. */
const NEAREST = 128;

/** In place of a block's first row: it lies apart. */
const APART = 0xffffffff;

/** Beyond a few, one block in so many may lie apart. */
const FEW = 64;
const SHARE = 8;

export class NearColumn {
  #blocks = 0;
  /** By block, a row and one: the one that was put into it first; 0 where none was. */
  #bases = new Uint32Array();
  /** How far each row is from the first of its block. */
  #far = new Int8Array();
  /** By block: which piece of `#apart` has its rows. */
  readonly #places = new Map<number, number>();
  #apart = new Uint32Array();
  /** All rows, where that is simpler. */
  #plain: Uint32Array | undefined;
  #expected = 0;

  /** How many there will be at most, as far as known. */
  expect(rows: number): void {
    this.#expected = rows;
  }

  /** The row at a place where one was put. */
  at(place: number): number {
    if (this.#plain) return this.#plain[place] ?? 0;
    const block = place >>> BLOCK_BITS;
    const base = this.#bases[block] ?? 0;
    if (base !== APART) return base - 1 + (this.#far[place] ?? 0);
    return this.#apart[((this.#places.get(block) ?? 0) << BLOCK_BITS) + (place % BLOCK)] ?? 0;
  }

  /**
   * Puts a row at a place, whether there was one or not.
   * @param row less than 2^32 - 2
   */
  put(place: number, row: number): void {
    if (this.#plain) {
      if (place >= this.#plain.length) this.#plain = withRoom(this.#plain, place + 1, this.#expected);
      this.#plain[place] = row;
      return;
    }
    const block = place >>> BLOCK_BITS;
    if (block >= this.#blocks) this.#makeRoom(block);
    const base = this.#bases[block] ?? 0;
    const far = base === 0 ? 0 : row + 1 - base;
    if (base === 0) this.#bases[block] = row + 1;
    if (base !== APART && far >= -NEAREST && far < NEAREST) this.#far[place] = far;
    else this.#putApart(block, place, row);
  }

  #makeRoom(block: number): void {
    this.#blocks = block + 1;
    this.#bases = withRoom(this.#bases, this.#blocks, Math.ceil(this.#expected / BLOCK));
    this.#far = withRoom(this.#far, this.#blocks * BLOCK, this.#expected);
  }

  #putApart(block: number, place: number, row: number): void {
    if (this.#bases[block] !== APART) {
      if (this.#places.size >= Math.max(FEW, this.#blocks / SHARE)) {
        this.#makePlain();
        this.put(place, row);
        return;
      }
      const rows = Uint32Array.from({ length: BLOCK }, (_, at) => this.at(block * BLOCK + at));
      this.#apart = withRoom(this.#apart, (this.#places.size + 1) * BLOCK);
      this.#apart.set(rows, this.#places.size * BLOCK);
      this.#places.set(block, this.#places.size);
      this.#bases[block] = APART;
    }
    this.#apart[((this.#places.get(block) ?? 0) << BLOCK_BITS) + (place % BLOCK)] = row;
  }

  #makePlain(): void {
    const rows = withRoom(new Uint32Array(), this.#blocks * BLOCK, this.#expected);
    for (let place = 0; place < this.#blocks * BLOCK; place++) rows[place] = this.at(place);
    this.#plain = rows;
    this.#bases = this.#apart = new Uint32Array();
    this.#far = new Int8Array();
    this.#places.clear();
  }
}
