/** The symbol table, read one field at a time: a module has tens of thousands, and most are never asked for. */
import type { ElfSymbol, Range } from '#contract/inspect.ts';
import type { Wide } from '#contract/wide.ts';
import type { Bytes } from '../bytes.ts';
import type { JsonBytes } from '../json/bytes.ts';
import type { ElfHeader } from './header.ts';
import type { RawSection } from './sections.ts';
import { NOBITS } from './sections.ts';
import type { StringTable } from './string-table.ts';
import type { Mutable } from '../mutable.ts';

const TYPES = ['NOTYPE', 'OBJECT', 'FUNC', 'SECTION', 'FILE', 'COMMON', 'TLS'];
const BINDINGS = ['LOCAL', 'GLOBAL', 'WEAK'];
const VISIBILITIES = ['DEFAULT', 'INTERNAL', 'HIDDEN', 'PROTECTED'];

export const FUNC = 2;
export const SECTION = 3;
export const WEAK = 2;

const UNDEFINED = 0;
const FIRST_RESERVED = 0xff00;
const ABSOLUTE = 0xfff1;
const COMMON = 0xfff2;
const ELSEWHERE = 0xffff;

export class SymbolTable {
  readonly count: number;
  /** The section that it lies in; absent of an image without symbols. */
  readonly section: RawSection | undefined;
  readonly #bytes: Bytes;
  readonly #wide: boolean;
  readonly #at: number;
  readonly #size: number;
  readonly #names: StringTable | undefined;
  readonly #indexes: RawSection | undefined;
  readonly #sections: readonly RawSection[];
  readonly #known = new Map<number, string>();

  constructor(
    header: ElfHeader,
    sections: readonly RawSection[],
    section: RawSection | undefined,
    names: StringTable | undefined,
    indexes: RawSection | undefined,
  ) {
    this.#bytes = header.bytes;
    this.#wide = header.wide;
    this.#size = header.wide ? 24 : 16;
    this.#sections = sections;
    this.section = section;
    this.#at = section?.range?.offset ?? 0;
    this.count = Math.floor((section?.range?.size ?? 0) / this.#size);
    this.#names = names;
    this.#indexes = indexes;
  }

  has(index: number): boolean {
    return index >= 0 && index < this.count;
  }

  /** The entry's own bytes. */
  entry(index: number): Range {
    return { offset: this.#at + index * this.#size, size: this.#size };
  }

  /** Its name; of a section symbol that of the section. */
  name(index: number): string {
    const offset = this.#bytes.u32(this.#at + index * this.#size);
    if (offset === 0 && this.type(index) === SECTION) return this.#sections[this.sectionIndex(index)]?.name ?? '';
    const known = this.#known.get(offset);
    if (known !== undefined) return known;
    const name = this.#names?.at(offset) ?? '';
    this.#known.set(offset, name);
    return name;
  }

  #info(index: number): number {
    return this.#bytes.u8(this.#at + index * this.#size + (this.#wide ? 4 : 12));
  }

  type(index: number): number {
    return this.#info(index) & 15;
  }

  binding(index: number): number {
    return this.#info(index) >> 4;
  }

  #visibility(index: number): number {
    return this.#bytes.u8(this.#at + index * this.#size + (this.#wide ? 5 : 13)) & 3;
  }

  /** st_shndx, with numbers that do not fit taken from their own table. */
  sectionIndex(index: number): number {
    const short = this.#bytes.u16(this.#at + index * this.#size + (this.#wide ? 6 : 14));
    const range = this.#indexes?.range;
    if (short !== ELSEWHERE || range === undefined || (index + 1) * 4 > range.size) return short;
    return this.#bytes.u32(range.offset + index * 4);
  }

  /** The section that it lies in; undefined of one that lies in none. */
  home(index: number): RawSection | undefined {
    const number = this.sectionIndex(index);
    return number === UNDEFINED || (number >= FIRST_RESERVED && number <= ELSEWHERE)
      ? undefined
      : this.#sections[number];
  }

  isUndefined(index: number): boolean {
    return this.sectionIndex(index) === UNDEFINED;
  }

  /** As a double; exact where it matters, which is inside of a section. */
  value(index: number): number {
    const at = this.#at + index * this.#size;
    return this.#wide ? this.#bytes.u64(at + 8) : this.#bytes.u32(at + 4);
  }

  size(index: number): number {
    const at = this.#at + index * this.#size;
    return this.#wide ? this.#bytes.u64(at + 16) : this.#bytes.u32(at + 8);
  }

  #wideAt(index: number, wide: number, narrow: number): Wide {
    const at = this.#at + index * this.#size;
    return this.#wide ? this.#bytes.wide(at + wide) : this.#bytes.u32(at + narrow);
  }

  /** The bytes that it names, where they all lie in its section. */
  range(index: number): Range | undefined {
    const home = this.home(index);
    const size = this.size(index);
    const value = this.value(index);
    if (!home?.range || home.typeNumber === NOBITS || size === 0) return undefined;
    return value + size <= home.range.size ? { offset: home.range.offset + value, size } : undefined;
  }

  at(index: number): ElfSymbol {
    const number = this.sectionIndex(index);
    const home = this.home(index);
    const range = this.range(index);
    const type = this.type(index);
    const binding = this.binding(index);
    const visibility = this.#visibility(index);
    // Assigned one by one: there are tens of thousands, and spreading costs several times as much.
    const symbol: Mutable<ElfSymbol> = {
      index,
      name: this.name(index),
      type: TYPES[type] ?? String(type),
      binding: BINDINGS[binding] ?? String(binding),
      place: placeOf(number, home),
      value: this.#wideAt(index, 8, 4),
      size: this.#wideAt(index, 16, 8),
    };
    if (visibility !== 0) symbol.visibility = VISIBILITIES[visibility] ?? '';
    if (home) symbol.section = home.index;
    if (range) symbol.range = range;
    return symbol;
  }

  /** The same as JSON. */
  write(out: JsonBytes, index: number): void {
    const number = this.sectionIndex(index);
    const home = this.home(index);
    const range = this.range(index);
    const type = this.type(index);
    const binding = this.binding(index);
    const visibility = this.#visibility(index);
    out.raw('{"index":');
    out.number(index);
    out.raw(',"name":');
    out.text(this.name(index));
    out.raw(`,"type":"${TYPES[type] ?? String(type)}","binding":"${BINDINGS[binding] ?? String(binding)}","place":"`);
    out.raw(placeOf(number, home));
    out.raw('","value":');
    writeWide(out, this.#wideAt(index, 8, 4));
    out.raw(',"size":');
    writeWide(out, this.#wideAt(index, 16, 8));
    if (visibility !== 0) {
      out.raw(',"visibility":');
      out.text(VISIBILITIES[visibility] ?? '');
    }
    if (home) {
      out.raw(',"section":');
      out.number(home.index);
    }
    if (range) {
      out.raw(',"range":{"offset":');
      out.number(range.offset);
      out.raw(',"size":');
      out.number(range.size);
      out.raw('}');
    }
    out.raw('}');
  }
}

function writeWide(out: JsonBytes, value: Wide): void {
  if (typeof value === 'number') out.number(value);
  else out.text(value);
}

function placeOf(number: number, home: RawSection | undefined): ElfSymbol['place'] {
  if (home) return 'section';
  if (number === UNDEFINED) return 'undefined';
  if (number === ABSOLUTE) return 'absolute';
  return number === COMMON ? 'common' : 'reserved';
}
