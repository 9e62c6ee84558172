/**
 * Changes module images: where their structure is (fields of headers, sections, symbols, relocations, types, of the
 * signature's elements), and as they lie in the file. The same seed gives the same bytes.
 */
import { structureOf, type Field, type Structure } from './structure.ts';

/** mulberry32: small, and the same everywhere. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Pick = (count: number) => number;

const picker = (seed: number): Pick => {
  const next = random(seed);
  return (count) => Math.floor(next() * count);
};

/** Numbers that programs get wrong. */
const VALUES = [
  0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xff00, 0xfff1, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0,
  0xffffffff,
];

/** An image that is changed many times. */
export class Seed {
  readonly bytes: Uint8Array;
  readonly #structure: Structure;

  /** @throws ImageError where the image is no ELF */
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#structure = structureOf(bytes);
  }

  /** One to eight changes; sometimes the end is cut off. */
  change(seed: number): Uint8Array {
    const pick = picker(seed);
    const bytes = Uint8Array.from(this.bytes);
    const view = new DataView(bytes.buffer);
    const little = bytes[5] !== 2;
    for (let left = 1 + pick(8); left > 0; left--) {
      const kind = pick(12);
      if (kind < 6) this.#setField(view, pick, little);
      else if (kind < 8) this.#copyEntry(bytes, pick);
      else this.#setByte(view, pick, little, kind);
    }
    return pick(8) === 0 ? bytes.subarray(0, pick(bytes.length)) : bytes;
  }

  #setField(view: DataView, pick: Pick, little: boolean): void {
    const { tables } = this.#structure;
    const table = tables[pick(tables.length)];
    const field = table?.fields[pick(table.fields.length)];
    if (!table || !field) return;
    put(view, table.at + pick(table.count) * table.entry + field.at, field.width, this.#value(pick), little);
  }

  /** Two that say the same: ranges that overlap, names that are twice there, tables that are each other's. */
  #copyEntry(bytes: Uint8Array, pick: Pick): void {
    const { tables } = this.#structure;
    const table = tables[pick(tables.length)];
    if (!table || table.count < 2) return;
    const from = table.at + pick(table.count) * table.entry;
    if (from + table.entry > bytes.length) return;
    const field = table.fields[pick(table.fields.length)];
    const to = table.at + pick(table.count) * table.entry;
    if (!field || to + table.entry > bytes.length) return;
    const whole = pick(2) === 0;
    if (whole) bytes.copyWithin(to, from, from + table.entry);
    else bytes.copyWithin(to + field.at, from + field.at, from + field.at + field.width);
  }

  #setByte(view: DataView, pick: Pick, little: boolean, kind: number): void {
    const { stretches } = this.#structure;
    const stretch = stretches[pick(stretches.length)];
    if (!stretch) return;
    const at = stretch.at + pick(Math.min(stretch.size, kind < 10 ? 64 : stretch.size));
    if (kind === 11) put(view, at, 4, this.#value(pick), little);
    else put(view, at, 1, pick(256), little);
  }

  #value(pick: Pick): number {
    const kind = pick(4);
    if (kind === 0) return pick(this.bytes.length);
    if (kind === 1) return Math.max(0, this.bytes.length + pick(65) - 32);
    return kind === 2 ? pick(256) : (VALUES[pick(VALUES.length)] ?? 0);
  }
}

function put(view: DataView, at: number, width: Field['width'], value: number, little: boolean): void {
  if (at + width > view.byteLength) return;
  if (width === 1) view.setUint8(at, value & 0xff);
  else if (width === 2) view.setUint16(at, value & 0xffff, little);
  else if (width === 4) view.setUint32(at, value, little);
  else view.setBigUint64(at, value === 0xffffffff ? 2n ** 64n - 1n : BigInt(value), little);
}

/** A file as it lies there, packed or not, cut at a random place or with one to sixteen bits flipped. */
export function damage(stored: Uint8Array, seed: number): Uint8Array {
  const pick = picker(seed);
  if (pick(3) === 0) return stored.subarray(0, pick(stored.length));
  const bytes = Uint8Array.from(stored);
  for (let left = 1 + pick(16); left > 0; left--) {
    const at = pick(bytes.length);
    bytes[at] = (bytes[at] ?? 0) ^ (1 << pick(8));
  }
  return bytes;
}
