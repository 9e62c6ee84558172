/** Rows of sixteen bytes: where a byte stands in its row, and how runs of bytes that look the same are drawn. */

export const IN_ROW = 16;

/** A stretch of bytes. */
export interface Range {
  readonly offset: number;
  readonly size: number;
}

/** How a byte looks; several at once. */
export const LOOK = { lit: 1, selected: 2, hit: 4, zero: 8, missing: 16 } as const;

/** Bytes beside each other that look the same. */
export interface Run {
  readonly text: string;
  readonly look: number;
}

export interface HexRow {
  readonly hex: readonly Run[];
  readonly ascii: readonly Run[];
}

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** "1f" */
export const byteDigits = (byte: number): string => DIGITS[byte] ?? '';

/** What stands for a byte in the text column: itself where it is printable ASCII. */
export const byteText = (byte: number): string => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·');

/** "0x0002d60", as wide as the last offset of that many bytes needs. */
export function offsetWords(offset: number, size: number): string {
  const digits = Math.max(Math.max(size - 1, 0).toString(16).length, 6);
  return offset.toString(16).padStart(digits, '0');
}

/** Column, in characters, at which a byte of a row begins in the hex part; there is a gap after the eighth. */
export const hexColumn = (place: number): number => place * 3 + (place >= IN_ROW / 2 ? 1 : 0);

/** Characters of the hex part. */
export const HEX_WIDTH = hexColumn(IN_ROW - 1) + 2;

/** The byte's place in its row for a column of the hex part. */
export function placeAt(column: number): number {
  const half = hexColumn(IN_ROW / 2);
  const place = column < half - 0.5 ? Math.floor(column / 3) : IN_ROW / 2 + Math.floor((column - half) / 3);
  return Math.min(Math.max(place, 0), IN_ROW - 1);
}

export const inRange = (offset: number, { offset: from, size }: Range): boolean =>
  offset >= from && offset < from + size;

/**
 * Draws one row.
 * @param offset - of its first byte
 * @param size - of the whole image: the last row may be short
 * @param byteAt - undefined where the byte has not arrived yet
 * @param lookOf - the look of a byte, without `zero` and `missing`, which are added here
 */
export function hexRow(
  offset: number,
  size: number,
  byteAt: (offset: number) => number | undefined,
  lookOf: (offset: number) => number,
): HexRow {
  const hex: { text: string; look: number }[] = [];
  const ascii: { text: string; look: number }[] = [];
  const put = (runs: { text: string; look: number }[], text: string, look: number): void => {
    const last = runs.at(-1);
    if (last?.look === look) last.text += text;
    else runs.push({ text, look });
  };
  const add = (runs: { text: string; look: number }[], text: string, look: number, between: string): void => {
    // What lies between two bytes is lit only where both are.
    const before = runs.at(-1)?.look ?? 0;
    if (between !== '') put(runs, between, before === look ? look : before & look & ~(LOOK.zero | LOOK.missing));
    put(runs, text, look);
  };
  for (let place = 0; place < IN_ROW && offset + place < size; place++) {
    const byte = byteAt(offset + place);
    const plain = lookOf(offset + place);
    const look = byte === undefined ? plain | LOOK.missing : byte === 0 ? plain | LOOK.zero : plain;
    const between = place === 0 ? '' : place === IN_ROW / 2 ? '  ' : ' ';
    add(hex, byte === undefined ? '··' : byteDigits(byte), look, between);
    add(ascii, byte === undefined ? ' ' : byteText(byte), look, '');
  }
  return { hex, ascii };
}
