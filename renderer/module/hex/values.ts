/** What the bytes from a place on mean as numbers, times and text. */
import { byteDigits, byteText } from './rows.ts';

/** Bytes that the data inspector looks at. */
export const LOOKED_AT = 32;

/** One reading; `big` is absent where the order of bytes does not matter. */
export interface Reading {
  readonly name: string;
  readonly little?: string;
  readonly big?: string;
}

type Reader = (view: DataView, littleEndian: boolean) => string;

const NUMBERS: readonly (readonly [name: string, bytes: number, read: Reader])[] = [
  ['unsigned 16', 2, (view, little) => String(view.getUint16(0, little))],
  ['signed 16', 2, (view, little) => String(view.getInt16(0, little))],
  ['unsigned 32', 4, (view, little) => String(view.getUint32(0, little))],
  ['signed 32', 4, (view, little) => String(view.getInt32(0, little))],
  ['unsigned 64', 8, (view, little) => String(view.getBigUint64(0, little))],
  ['signed 64', 8, (view, little) => String(view.getBigInt64(0, little))],
  ['hex 64', 8, (view, little) => `0x${view.getBigUint64(0, little).toString(16).padStart(16, '0')}`],
  ['float 32', 4, (view, little) => decimal(view.getFloat32(0, little), 7)],
  ['float 64', 8, (view, little) => decimal(view.getFloat64(0, little), 16)],
  ['time, 32-bit seconds', 4, (view, little) => time(BigInt(view.getUint32(0, little)))],
  ['time, 64-bit seconds', 8, (view, little) => time(view.getBigInt64(0, little))],
  ['time, 64-bit nanoseconds', 8, (view, little) => time(view.getBigInt64(0, little) / 1_000_000_000n)],
];

function decimal(value: number, digits: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(digits))) : String(value);
}

/** The first and the last second that a date can tell, in years of four digits. */
const FIRST = -62_135_596_800n;
const LAST = 253_402_300_799n;

/** Seconds since 1970 as UTC. */
function time(seconds: bigint): string {
  if (seconds < FIRST || seconds > LAST) return 'no date';
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** Control characters, and those that no font has. */
const WITHOUT_SHAPE = /[\p{Cc}\p{Co}\p{Cn}\p{Cs}]/gu;

/** The text up to a NUL, as far as it is looked at. */
function utf8(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  const text = new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  return text.replaceAll(WITHOUT_SHAPE, '·');
}

function utf16(bytes: Uint8Array, label: 'utf-16le' | 'utf-16be'): string {
  const text = new TextDecoder(label).decode(bytes.subarray(0, bytes.length & ~1));
  const end = text.indexOf('\0');
  return (end < 0 ? text : text.slice(0, end)).replaceAll(WITHOUT_SHAPE, '·');
}

/** @param bytes - from the place on, up to LOOKED_AT; fewer near the end of the image */
export function readingsOf(bytes: Uint8Array): Reading[] {
  const [first] = bytes;
  if (first === undefined) return [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = NUMBERS.filter(([, needed]) => needed <= bytes.length).map(([name, , read]) => ({
    name,
    little: read(view, true),
    big: read(view, false),
  }));
  return [
    { name: 'byte', little: `0x${byteDigits(first)} · ${String(first)} · ${byteText(first)}` },
    { name: 'signed 8', little: String(view.getInt8(0)) },
    { name: 'bits', little: first.toString(2).padStart(8, '0') },
    ...numbers,
    { name: 'text, UTF-8', little: utf8(bytes) },
    { name: 'text, UTF-16', little: utf16(bytes, 'utf-16le'), big: utf16(bytes, 'utf-16be') },
  ];
}
