/**
 * Changes module images where their structure is: fields of the headers, of sections, symbols, relocations, notes, types.
 * The same seed gives the same image.
 */
import { ModuleImage } from '#core/module/image.ts';

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

/** Numbers that programs get wrong. */
const VALUES = [
  0, 1, 2, 7, 8, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xff00, 0xfff1, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0,
  0xffffffff,
];

interface Field {
  readonly at: number;
  readonly width: 1 | 2 | 4 | 8;
}

/** Where an image has structure; found once for each image that is changed many times. */
export class Seed {
  readonly bytes: Uint8Array;
  readonly #tables: readonly {
    readonly at: number;
    readonly entry: number;
    readonly count: number;
    readonly fields: readonly Field[];
  }[];
  readonly #stretches: readonly { readonly at: number; readonly size: number }[];

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    const image = new ModuleImage({
      stored: bytes,
      bytes,
      part: { compression: 'none', storedSize: bytes.length, size: bytes.length, complete: true, problems: [] },
    });
    const { header, sections } = image;
    const wide = header.wide;
    const list = (...fields: readonly [number, Field['width']][]): Field[] =>
      fields.map(([at, width]) => ({ at, width }));
    const head = wide
      ? list([4, 1], [5, 1], [16, 2], [18, 2], [32, 8], [40, 8], [52, 2], [58, 2], [60, 2], [62, 2])
      : list([4, 1], [5, 1], [16, 2], [18, 2], [32, 4], [40, 2], [46, 2], [48, 2], [50, 2]);
    const section = wide
      ? list([0, 4], [4, 4], [8, 8], [24, 8], [32, 8], [40, 4], [44, 4], [48, 8], [56, 8])
      : list([0, 4], [4, 4], [8, 4], [16, 4], [20, 4], [24, 4], [28, 4], [32, 4], [36, 4]);
    const symbol = wide
      ? list([0, 4], [4, 1], [6, 2], [8, 8], [16, 8])
      : list([0, 4], [4, 4], [8, 4], [12, 1], [14, 2]);
    const relocation = wide ? list([0, 8], [8, 4], [12, 4], [16, 8]) : list([0, 4], [4, 4], [8, 4]);
    const tables = [
      { at: 0, entry: 1, count: 1, fields: head },
      { at: header.table.offset, entry: header.table.entrySize, count: header.table.count, fields: section },
    ];
    const table = image.symbols.section?.range;
    if (table) tables.push({ at: table.offset, entry: wide ? 24 : 16, count: image.symbols.count, fields: symbol });
    for (const one of image.relocations) {
      const at = one.section.range?.offset ?? 0;
      if (one.count > 0) tables.push({ at, entry: wide ? 24 : 12, count: one.count, fields: relocation });
    }
    this.#tables = tables;
    this.#stretches = sections.flatMap(({ range }) =>
      range && range.size > 0 ? [{ at: range.offset, size: range.size }] : [],
    );
  }

  /** One to eight changes; sometimes the end is cut off. */
  change(seed: number): Uint8Array {
    const next = random(seed);
    const pick = (count: number): number => Math.floor(next() * count);
    const bytes = Uint8Array.from(this.bytes);
    const view = new DataView(bytes.buffer);
    const little = bytes[5] !== 2;
    for (let left = 1 + pick(8); left > 0; left--) {
      const kind = pick(10);
      if (kind < 6) {
        const table = this.#tables[pick(this.#tables.length)];
        const field = table?.fields[pick(table.fields.length)];
        if (!table || !field) continue;
        put(view, table.at + pick(table.count) * table.entry + field.at, field.width, this.#value(pick), little);
      } else {
        const stretch = this.#stretches[pick(this.#stretches.length)];
        if (!stretch) continue;
        const at = stretch.at + pick(Math.min(stretch.size, kind < 8 ? 64 : stretch.size));
        if (kind === 9) put(view, at, 4, this.#value(pick), little);
        else if (at < bytes.length) bytes[at] = pick(256);
      }
    }
    return pick(8) === 0 ? bytes.subarray(0, pick(bytes.length)) : bytes;
  }

  #value(pick: (count: number) => number): number {
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
