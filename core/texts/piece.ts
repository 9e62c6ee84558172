/**
 * Rows of a table with texts, some thousands at a time in one buffer: SQLite puts them behind each other, so that no row
 * and no text becomes an object.
 */
import { isUtf8 } from 'node:buffer';

/** Rows that are read at a stretch. */
export const PIECE = 4096;

/** Longer texts are no recorder's, in bytes. */
const LONGEST = 8192;

/** A text as people see it, as an expression; NULL where there is none. */
export const textOf = (column: string): string =>
  `CASE WHEN octet_length(${column}) > ${String(LONGEST)} THEN NULL
    ELSE CASE typeof(${column}) WHEN 'blob' THEN shown_text(${column}) WHEN 'text' THEN ${column} END END`;

/** Whether the column holds nothing that a recorder writes. */
export const isOdd = (column: string): string =>
  `(${column} IS NOT NULL AND (typeof(${column}) NOT IN ('text', 'blob') OR octet_length(${column}) > ${String(LONGEST)}))`;

/** Whether it is something else than a short text. */
export const isUnusual = (column: string): string =>
  `(${column} IS NOT NULL AND (typeof(${column}) <> 'text' OR octet_length(${column}) > ${String(LONGEST)}))`;

const ZERO = 0x30;
const NINE = 0x39;

/**
 * Whole numbers with a space between. Undefined where something else is there.
 * @param numbers room for so many, which is used again for the next piece
 */
export function numbersIn(bytes: Buffer, count: number, numbers: Float64Array): Float64Array | undefined {
  let at = 0;
  let value = 0;
  for (const byte of bytes) {
    if (byte >= ZERO && byte <= NINE) value = value * 10 + (byte - ZERO);
    else if (byte !== 0x20 || at >= count) return undefined;
    else {
      if (value > Number.MAX_SAFE_INTEGER) return undefined;
      numbers[at++] = value;
      value = 0;
    }
  }
  if (at !== count - 1 || value > Number.MAX_SAFE_INTEGER) return undefined;
  numbers[at] = value;
  return numbers;
}

/**
 * Where each of the texts, which have a NUL between, ends. Undefined where one has a NUL in it or is no UTF-8.
 * @param ends room for so many, which is used again for the next piece
 */
export function endsIn(bytes: Buffer, count: number, ends: Uint32Array): Uint32Array | undefined {
  if (!isUtf8(bytes)) return undefined;
  let at = 0;
  for (let place = 0; place < bytes.length; place++) {
    if (bytes[place] !== 0) continue;
    if (at >= count) return undefined;
    ends[at++] = place;
  }
  if (at !== count - 1) return undefined;
  ends[at] = bytes.length;
  return ends;
}
