/** Numbers and texts out of an image, in its byte order, never beyond its end. */
import { toWide, type Wide } from '#contract/wide.ts';
import { ImageError } from './failure.ts';

const TWO_32 = 0x1_0000_0000;

export class Bytes {
  readonly data: Uint8Array;
  readonly size: number;
  readonly little: boolean;
  readonly #view: DataView;
  readonly #buffer: Buffer;

  constructor(data: Uint8Array, little = true) {
    this.data = data;
    this.size = data.length;
    this.little = little;
    this.#view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    this.#buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  }

  /** @throws ImageError where the stretch is not all in the image */
  need(where: string, offset: number, size: number): void {
    if (this.has(offset, size)) return;
    throw new ImageError(where, `${String(size)} bytes at ${String(offset)} are not in the image`, offset);
  }

  has(offset: number, size: number): boolean {
    return offset >= 0 && size >= 0 && offset + size <= this.size;
  }

  // The callers have asked for the stretch with `need`; a RangeError of DataView would be a defect.
  u8(offset: number): number {
    return this.#view.getUint8(offset);
  }

  u16(offset: number): number {
    return this.#view.getUint16(offset, this.little);
  }

  u32(offset: number): number {
    return this.#view.getUint32(offset, this.little);
  }

  i32(offset: number): number {
    return this.#view.getInt32(offset, this.little);
  }

  /** 64 bits as a double: exact up to 2^53, and large above, which is all that bounds need. */
  u64(offset: number): number {
    const first = this.#view.getUint32(offset, this.little);
    const second = this.#view.getUint32(offset + 4, this.little);
    return this.little ? first + second * TWO_32 : first * TWO_32 + second;
  }

  /** The same with a sign: no number of any size is made on the way, which would be rubbish right after. */
  i64(offset: number): number {
    const high = this.#view.getInt32(this.little ? offset + 4 : offset, this.little);
    const low = this.#view.getUint32(this.little ? offset : offset + 4, this.little);
    return high * TWO_32 + low;
  }

  /** 64 bits, exact. */
  wide(offset: number): Wide {
    const near = this.u64(offset);
    return Number.isSafeInteger(near) ? near : toWide(this.#view.getBigUint64(offset, this.little));
  }

  signedWide(offset: number): Wide {
    const near = this.i64(offset);
    return Number.isSafeInteger(near) ? near : toWide(this.#view.getBigInt64(offset, this.little));
  }

  /** Up to, and without, the next NUL; `end` at the latest. */
  text(offset: number, end: number): string {
    const stop = this.endOfText(offset, end);
    return this.#decode(offset, stop);
  }

  /** Where the text that begins here ends: at a NUL, or at `end`. */
  endOfText(offset: number, end: number): number {
    const last = Math.min(end, this.size);
    // A search of the whole rest would make many long names of one table a hang.
    let at = offset;
    while (at < last && this.data[at] !== 0) at++;
    return at;
  }

  slice(offset: number, size: number): Buffer {
    return this.#buffer.subarray(offset, offset + size);
  }

  hex(offset: number, size: number): string {
    return this.#buffer.toString('hex', offset, offset + size);
  }

  #decode(from: number, to: number): string {
    for (let i = from; i < to; i++) if ((this.data[i] ?? 0) > 0x7f) return this.#buffer.toString('utf8', from, to);
    return this.#buffer.toString('latin1', from, to);
  }
}
