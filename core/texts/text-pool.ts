/**
 * Distinct texts, each with a code from 1 on, as their bytes one after the other: a million of them are no objects, and
 * a part is looked for in all of them at the speed of memory.
 */
import { randomBytes } from 'node:crypto';
import { withRoom } from '../survey/growing.ts';
import { lowered, passing, type TextTest } from '../filter/text-test.ts';

const CHUNK = 1 << 20;

/** Of every so many bytes it is known which text they begin in. */
const BLOCK_BITS = 12;
const BLOCKS = CHUNK >> BLOCK_BITS;

/** Bytes and texts that are kept at most: a capture with more is asked in SQL. */
const MOST_BYTES = 1 << 27;
const MOST_TEXTS = 0xffffff;

/** Room for hashes that is made before it is needed: making more takes a while. */
const MOST_ROOM = 1 << 22;

/** Texts that a test is asked about at a stretch. */
const STRETCH = 1 << 12;

/** What finds a text again; needed only while texts are added. */
interface Index {
  /** By hash: codes, 0 where there is none. */
  table: Uint32Array;
  /** By code less one: where the text lies. */
  starts: Uint32Array;
}

export class TextPool {
  readonly #chunks: Uint8Array[] = [];
  /** Bytes that each chunk holds. */
  readonly #ends: number[] = [];
  /** By chunk: the code of the text, its NUL included, that each block begins in. */
  readonly #firsts: Uint32Array[] = [];
  #size = 0;
  #index: Index | undefined;
  /** There was a text too much, or too long. */
  isFull = false;

  get size(): number {
    return this.#size;
  }

  /**
   * Makes ready for more texts; stops in between where there are many.
   * @param expected how many there will be, as far as known
   */
  *open(expected = 0): Generator<void> {
    if (this.#index) return;
    let room = 1 << 10;
    while (room < Math.min(Math.max(this.#size, expected) * 2, MOST_ROOM)) room *= 2;
    const index: Index = { table: new Uint32Array(room), starts: new Uint32Array() };
    index.starts = withRoom(index.starts, this.#size);
    let code = 0;
    for (const [at, chunk] of this.#chunks.entries()) {
      const end = this.#ends[at] ?? 0;
      for (let start = 0; start < end;) {
        const stop = chunk.indexOf(0, start);
        index.starts[code++] = at * CHUNK + start;
        enter(index.table, hashOf(chunk, start, stop), code);
        start = stop + 1;
      }
      yield;
    }
    this.#index = index;
  }

  /** No more texts for now: what is needed to find them again goes. */
  settle(): void {
    this.#index = undefined;
  }

  /** The code of a text without a NUL, which gets one where it has none; 0 where there are too many. After `open`. */
  codeOf(bytes: Uint8Array, from: number, to: number): number {
    const index = this.#index;
    if (!index) return 0;
    const hash = hashOf(bytes, from, to);
    const { table } = index;
    for (let slot = hash & (table.length - 1); ; slot = (slot + 1) & (table.length - 1)) {
      const code = table[slot] ?? 0;
      if (code === 0) return this.#add(index, hash, bytes, from, to);
      if (this.#isAt(index.starts[code - 1] ?? 0, bytes, from, to)) return code;
    }
  }

  #isAt(start: number, bytes: Uint8Array, from: number, to: number): boolean {
    const chunk = this.#chunks[Math.floor(start / CHUNK)];
    if (!chunk) return false;
    let at = start % CHUNK;
    for (let place = from; place < to; place++, at++) if (chunk[at] !== bytes[place]) return false;
    return chunk[at] === 0;
  }

  #add(index: Index, hash: number, bytes: Uint8Array, from: number, to: number): number {
    const length = to - from;
    if (length >= CHUNK || this.#size >= MOST_TEXTS || this.#chunks.length * CHUNK > MOST_BYTES) {
      this.isFull = true;
      return 0;
    }
    let last = this.#chunks.length - 1;
    let end = this.#ends[last] ?? CHUNK;
    if (end + length >= CHUNK) {
      last = this.#chunks.push(new Uint8Array(CHUNK)) - 1;
      this.#firsts.push(new Uint32Array(BLOCKS));
      this.#ends.push((end = 0));
    }
    const chunk = this.#chunks[last];
    for (let place = from, at = end; chunk && place < to; place++, at++) chunk[at] = bytes[place] ?? 0;
    this.#ends[last] = end + length + 1;
    const firsts = this.#firsts[last];
    const block = (end + (1 << BLOCK_BITS) - 1) >> BLOCK_BITS;
    for (let at = block; firsts && at << BLOCK_BITS <= end + length; at++) firsts[at] = this.#size + 1;
    index.starts = withRoom(index.starts, this.#size + 1);
    index.starts[this.#size++] = last * CHUNK + end;
    if (this.#size * 2 > index.table.length) this.#widen(index);
    enter(index.table, hash, this.#size);
    return this.#size;
  }

  #widen(index: Index): void {
    const table = new Uint32Array(index.table.length * 2);
    for (let code = 1; code < this.#size; code++) {
      const start = index.starts[code - 1] ?? 0;
      const chunk = this.#chunks[Math.floor(start / CHUNK)];
      if (chunk) enter(table, hashOf(chunk, start % CHUNK, chunk.indexOf(0, start % CHUNK)), code);
    }
    index.table = table;
  }

  /** Which texts pass, 1 or 0 by code; undefined where only SQL is to answer. Stops in between. */
  find(test: TextTest, read?: (text: string) => string): Generator<void, Uint8Array> | undefined {
    const passes = passing(test);
    if (!passes) return undefined;
    if (test.kind === 'contains' && test.part !== '' && !read) return this.#containing(Buffer.from(lowered(test.part)));
    return this.#passing(read ? (text) => passes(read(text)) : passes);
  }

  *#passing(passes: (text: string) => boolean): Generator<void, Uint8Array> {
    const answers = new Uint8Array(this.#size + 1);
    let code = 0;
    for (const [at, chunk] of this.#chunks.entries()) {
      const bytes = Buffer.from(chunk.buffer);
      const end = this.#ends[at] ?? 0;
      for (let start = 0; start < end;) {
        const stop = bytes.indexOf(0, start);
        if (passes(bytes.toString('utf8', start, stop))) answers[code + 1] = 1;
        if (++code % STRETCH === 0) yield;
        start = stop + 1;
      }
    }
    return answers;
  }

  *#containing(part: Buffer): Generator<void, Uint8Array> {
    const answers = new Uint8Array(this.#size + 1);
    const lower = Buffer.alloc(CHUNK);
    for (const [at, chunk] of this.#chunks.entries()) {
      const end = this.#ends[at] ?? 0;
      lowerBytes(chunk, lower, end);
      const bytes = lower.subarray(0, end);
      const firsts = this.#firsts[at];
      let code = firsts?.[0] ?? 0;
      let seen = 0;
      for (let found = bytes.indexOf(part); found >= 0; found = bytes.indexOf(part, seen)) {
        const block = found >> BLOCK_BITS;
        if (firsts && block << BLOCK_BITS > seen) {
          seen = block << BLOCK_BITS;
          code = firsts[block] ?? 0;
        }
        for (; seen < found; seen++) if (bytes[seen] === 0) code++;
        answers[code++] = 1;
        seen = bytes.indexOf(0, found) + 1;
      }
      yield;
    }
    return answers;
  }
}

/** ASCII letters only, four bytes at a time: of each, the high bit tells in turn whether it is A or more, and more than Z. */
function lowerBytes(from: Uint8Array, to: Uint8Array, length: number): void {
  const source = new Uint32Array(from.buffer, from.byteOffset, CHUNK >> 2);
  const target = new Uint32Array(to.buffer, to.byteOffset, CHUNK >> 2);
  for (let at = 0; at << 2 < length; at++) {
    const four = source[at] ?? 0;
    const plain = four & 0x7f7f7f7f;
    const capital = (plain + 0x3f3f3f3f) & ~(plain + 0x25252525) & ~four & 0x80808080;
    target[at] = four | (capital >>> 2);
  }
}

/** Where hashes begin: other ones in each process, so that no capture can hold texts that all fall into one place. */
const SEED = randomBytes(4).readUInt32LE();

/** FNV-1a from a seed, with the bits mixed once more: a table looks at the low ones only. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = SEED;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function enter(table: Uint32Array, hash: number, code: number): void {
  let slot = hash & (table.length - 1);
  while (table[slot] !== 0) slot = (slot + 1) & (table.length - 1);
  table[slot] = code;
}
