/** The records of a .BTF section (include/uapi/linux/btf.h). */
import type { Range } from '#contract/inspect.ts';
import type { Bytes } from '../bytes.ts';
import { ImageError, type Problems } from '../failure.ts';

export const STRUCT = 4;
export const UNION = 5;
export const ENUM = 6;
export const FUNC = 12;
export const FUNC_PROTO = 13;
export const VAR = 14;
export const DATASEC = 15;
export const ENUM64 = 19;
export const ARRAY = 3;

/** Kinds whose third word is a type: PTR, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNC, FUNC_PROTO, VAR, TYPE_TAG. */
const REFERRING: ReadonlySet<number> = new Set([2, 8, 9, 10, 11, 12, 13, 14, 18]);
const REFERS = Uint8Array.from({ length: 32 }, (_, kind) => Number(REFERRING.has(kind)));
export const isReferring = (kind: number): boolean => REFERS[kind] === 1;

export const KINDS = [
  ...['VOID', 'INT', 'PTR', 'ARRAY', 'STRUCT', 'UNION', 'ENUM', 'FWD', 'TYPEDEF', 'VOLATILE', 'CONST', 'RESTRICT'],
  ...['FUNC', 'FUNC_PROTO', 'VAR', 'DATASEC', 'FLOAT', 'DECL_TAG', 'TYPE_TAG', 'ENUM64'],
];

/** Bytes behind the record: fixed, and for each of `vlen`. */
const EXTRA: readonly (readonly [fixed: number, each: number])[] = [
  ...([
    [0, 0],
    [4, 0],
    [0, 0],
    [12, 0],
    [0, 12],
    [0, 12],
    [0, 8],
    [0, 0],
    [0, 0],
    [0, 0],
  ] as const),
  ...([
    [0, 0],
    [0, 0],
    [0, 0],
    [0, 8],
    [4, 0],
    [0, 12],
    [0, 0],
    [4, 0],
    [0, 0],
    [0, 12],
  ] as const),
];

export interface BtfType {
  readonly kind: number;
  /** Offset of the name. */
  readonly name: number;
  readonly count: number;
  readonly flag: boolean;
  /** Size, or the type that it refers to. */
  readonly info: number;
  /** Of an array; 0 of others. */
  readonly element: number;
  readonly elements: number;
  readonly at: number;
  readonly size: number;
}

function sizeOf(kind: number, count: number): number {
  const [fixed = 0, each = 0] = EXTRA[kind] ?? [];
  return 12 + fixed + each * count;
}

/** The records in their order, read where they lie: most are never looked at as a whole. */
export class BtfTypes {
  readonly #bytes: Bytes;
  readonly #places: readonly number[];

  constructor(bytes: Bytes, places: readonly number[]) {
    this.#bytes = bytes;
    this.#places = places;
  }

  get length(): number {
    return this.#places.length;
  }

  /** Where the record begins. */
  place(index: number): number {
    return this.#places[index] ?? 0;
  }

  kind(index: number): number {
    return (this.#bytes.u32(this.place(index) + 4) >>> 24) & 0x1f;
  }

  /** Of members, values, arguments. */
  count(index: number): number {
    return this.#bytes.u32(this.place(index) + 4) & 0xffff;
  }

  /** Undefined where there is none of that number. */
  at(index: number): BtfType | undefined {
    const at = this.#places[index];
    if (at === undefined) return undefined;
    const bytes = this.#bytes;
    const kind = this.kind(index);
    const count = this.count(index);
    return {
      kind,
      name: bytes.u32(at),
      count,
      flag: bytes.u32(at + 4) >>> 31 === 1,
      info: bytes.u32(at + 8),
      element: kind === ARRAY ? bytes.u32(at + 12) : 0,
      elements: kind === ARRAY ? bytes.u32(at + 20) : 0,
      at,
      size: sizeOf(kind, count),
    };
  }
}

export interface Btf {
  readonly bytes: Bytes;
  readonly types: BtfTypes;
  readonly strings: Range;
  text(offset: number): string | undefined;
}

const MAGIC = 0xeb9f;
const HEADER = 24;

/** @throws ImageError where it is none */
export function readBtf(bytes: Bytes, range: Range, where: string, problems: Problems): Btf {
  const { offset, size } = range;
  if (size < HEADER) throw new ImageError(where, 'it is shorter than its header', offset);
  if (bytes.u16(offset) !== MAGIC) throw new ImageError(where, 'it does not begin with its magic number', offset);
  const base = offset + bytes.u32(offset + 4);
  const end = offset + size;
  const part = (at: number): Range => {
    const from = base + bytes.u32(at);
    return { offset: from, size: Math.max(0, Math.min(bytes.u32(at + 4), end - from)) };
  };
  const typeRange = part(offset + 8);
  const strings = part(offset + 16);
  if (bytes.u32(offset + 12) !== typeRange.size || bytes.u32(offset + 20) !== strings.size) {
    problems.add(where, 'types or names end outside of the section', offset);
  }
  return {
    bytes,
    types: readTypes(bytes, typeRange, where, problems),
    strings,
    text: (at) =>
      at < strings.size
        ? bytes.text(strings.offset + at, Math.min(strings.offset + strings.size, strings.offset + at + MOST_NAME))
        : undefined,
  };
}

const MOST_NAME = 512;

function readTypes(bytes: Bytes, range: Range, where: string, problems: Problems): BtfTypes {
  const places: number[] = [];
  const end = range.offset + range.size;
  for (let at = range.offset; at + 12 <= end;) {
    const bits = bytes.u32(at + 4);
    const kind = (bits >>> 24) & 0x1f;
    const count = bits & 0xffff;
    if (kind === 0 || kind >= EXTRA.length) {
      problems.add(where, `kind ${String(kind)} is not known; types from here on are left out`, at);
      break;
    }
    const size = sizeOf(kind, count);
    if (at + size > end) {
      problems.add(where, 'a type ends outside of the table', at);
      break;
    }
    places.push(at);
    at += size;
  }
  return new BtfTypes(bytes, places);
}
