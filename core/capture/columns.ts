/** Cells, checked: a file made to deceive can hold any type anywhere. All integers come as bigint. */
import { toWide, unsigned64, type Wide } from '#contract/wide.ts';
import { CaptureError } from './failure.ts';

export type Row = Readonly<Record<string, unknown>>;

function wrong(name: string, wanted: string): never {
  throw new CaptureError('damaged', `the capture is damaged: the column '${name}' does not hold ${wanted}`);
}

export function integer(row: Row, name: string): bigint {
  const value = row[name];
  return typeof value === 'bigint' ? value : wrong(name, 'a number');
}

export function integerOrNone(row: Row, name: string): bigint | undefined {
  return row[name] === null || row[name] === undefined ? undefined : integer(row, name);
}

/** A number that is an index or a count, never a 64-bit quantity. */
export function small(row: Row, name: string): number {
  const value = Number(integer(row, name));
  return Number.isSafeInteger(value) ? value : wrong(name, 'a number of that size');
}

export function smallOrNone(row: Row, name: string): number | undefined {
  return row[name] === null || row[name] === undefined ? undefined : small(row, name);
}

export function wideOrNone(row: Row, name: string): Wide | undefined {
  const value = integerOrNone(row, name);
  return value === undefined ? undefined : toWide(value);
}

export function unsignedWideOrNone(row: Row, name: string): Wide | undefined {
  const value = integerOrNone(row, name);
  return value === undefined ? undefined : toWide(unsigned64(value));
}

/** "0x…", the way addresses are written; absent for NULL. */
export function addressOrNone(row: Row, name: string): string | undefined {
  const value = integerOrNone(row, name);
  return value === undefined ? undefined : hexadecimal(value);
}

export function hexadecimal(value: bigint, digits = 1): string {
  return `0x${unsigned64(value).toString(16).padStart(digits, '0')}`;
}

/** One of the words that the schema allows. */
export function word<W extends string>(row: Row, name: string, words: readonly W[]): W {
  const value = row[name];
  return words.find((candidate) => candidate === value) ?? wrong(name, `one of ${words.join(', ')}`);
}

export function plainText(row: Row, name: string): string {
  const value = row[name];
  return typeof value === 'string' ? value : wrong(name, 'a text');
}

/** Longer than anything a recorder writes into one cell: its longest texts are a few kilobytes. */
const LONGEST_CELL = 1024 * 1024;

/** A column of type ANY: a text, or the bytes that are none. */
export function bytesOrNone(row: Row, name: string): string | Buffer | undefined {
  const value = row[name];
  if (value === null || value === undefined) return undefined;
  if (typeof value !== 'string' && !Buffer.isBuffer(value)) return wrong(name, 'a text');
  return value.length <= LONGEST_CELL ? value : wrong(name, 'a text of a length that a recorder writes');
}

export function anyText(row: Row, name: string): string | undefined {
  const value = bytesOrNone(row, name);
  return value === undefined ? undefined : readable(value);
}

const SHA256_BYTES = 32;

export function digestOrNone(row: Row, name: string): Buffer | undefined {
  const value = row[name];
  if (value === null || value === undefined) return undefined;
  return Buffer.isBuffer(value) && value.length === SHA256_BYTES ? value : wrong(name, 'a SHA-256');
}

/** Length of the UTF-8 sequence at `at`, 0 where there is none (Unicode 15, table 3-7). */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const tail = (offset: number, low = 0x80, high = 0xbf): boolean => {
    const byte = bytes[at + offset] ?? 0;
    return byte >= low && byte <= high;
  };
  if (first === 0) return 0;
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return tail(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    return tail(1, first === 0xe0 ? 0xa0 : 0x80, first === 0xed ? 0x9f : 0xbf) && tail(2) ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    return tail(1, first === 0xf0 ? 0x90 : 0x80, first === 0xf4 ? 0x8f : 0xbf) && tail(2) && tail(3) ? 4 : 0;
  }
  return 0;
}

/** Text for people: bytes that are not UTF-8, and NUL, appear as \xNN. */
export function readable(value: string | Buffer): string {
  if (typeof value === 'string') return value;
  let text = '';
  for (let at = 0; at < value.length;) {
    const length = sequenceLength(value, at);
    text +=
      length === 0 ? `\\x${(value[at] ?? 0).toString(16).padStart(2, '0')}` : value.toString('utf8', at, at + length);
    at += length || 1;
  }
  return text;
}
