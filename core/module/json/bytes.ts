/** JSON as bytes, written one after the other into memory that is used again: no text of a whole answer is ever made. */

const FIRST_SIZE = 64 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const TAB = 9;
const LETTER_T = 0x74;
/** Characters that JSON has as they are. */
const PLAIN = Uint8Array.from({ length: 256 }, (_, byte) =>
  Number(byte >= 0x20 && byte < 0x7f && byte !== QUOTE && byte !== BACKSLASH),
);

export class JsonBytes {
  #bytes: Buffer = Buffer.allocUnsafeSlow(FIRST_SIZE);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** All that was written. They are the writer's own, and change with what is written next. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#size);
    this.#size = 0;
    return taken;
  }

  #need(size: number): void {
    if (this.#size + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, this.#size + size));
    this.#bytes.copy(larger, 0, 0, this.#size);
    this.#bytes = larger;
  }

  /** ASCII that is JSON already. */
  raw(text: string): void {
    this.#need(text.length);
    const bytes = this.#bytes;
    let at = this.#size;
    for (let i = 0; i < text.length; i += 1) bytes[at++] = text.charCodeAt(i);
    this.#size = at;
  }

  /** A value as JSON.stringify has it. */
  value(value: unknown): void {
    const text = JSON.stringify(value);
    this.#need(3 * text.length);
    this.#size += this.#bytes.write(text, this.#size, 'utf8');
  }

  number(value: number): void {
    if (value < 0 || value > 0x7fff_ffff || !Number.isInteger(value)) {
      this.raw(String(value));
      return;
    }
    this.#need(10);
    let digits = 1;
    for (let most = 10; value >= most; most *= 10) digits += 1;
    const bytes = this.#bytes;
    let rest = value;
    for (let at = this.#size + digits - 1; at >= this.#size; at -= 1) {
      const tenth = Math.floor(rest / 10);
      bytes[at] = ZERO + rest - 10 * tenth;
      rest = tenth;
    }
    this.#size += digits;
  }

  text(text: string): void {
    this.#need(text.length + 2);
    const bytes = this.#bytes;
    let at = this.#size;
    bytes[at++] = QUOTE;
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      if (code > 0x7f || PLAIN[code] === 0) {
        this.value(text);
        return;
      }
      bytes[at++] = code;
    }
    bytes[at++] = QUOTE;
    this.#size = at;
  }

  /** Printable ASCII and tabs of an image as a text. */
  printable(source: Uint8Array, from: number, to: number): void {
    this.#need(2 * (to - from) + 2);
    const bytes = this.#bytes;
    let at = this.#size;
    bytes[at++] = QUOTE;
    for (let i = from; i < to; i += 1) {
      const byte = source[i] ?? 0;
      if (PLAIN[byte] === 0) bytes[at++] = BACKSLASH;
      bytes[at++] = byte === TAB ? LETTER_T : byte;
    }
    bytes[at++] = QUOTE;
    this.#size = at;
  }
}
