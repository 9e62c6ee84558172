/** Relocations: counted by type, read in pages, and looked up where the kernel's own records need them. */
import type { Relocation, RelocationPage, RelocationSection } from '#contract/inspect.ts';
import type { Wide } from '#contract/wide.ts';
import type { Bytes } from '../bytes.ts';
import { ImageError } from '../failure.ts';
import type { ElfHeader } from './header.ts';
import { relocationName } from './relocation-names.ts';
import { RELA, REL, type RawSection } from './sections.ts';
import type { SymbolTable } from './symbols.ts';

/** Relocations of one section, a field at a time. */
export class RelocationTable {
  readonly section: RawSection;
  readonly count: number;
  readonly hasAddends: boolean;
  /** The section that they change. */
  readonly target: RawSection | undefined;
  readonly #bytes: Bytes;
  readonly #wide: boolean;
  readonly #machine: number;
  readonly #at: number;
  readonly #size: number;

  constructor(header: ElfHeader, sections: readonly RawSection[], section: RawSection) {
    this.section = section;
    this.target = sections[section.info];
    this.#bytes = header.bytes;
    this.#wide = header.wide;
    this.#machine = header.machine;
    this.hasAddends = section.typeNumber === RELA;
    this.#size = (header.wide ? 8 : 4) * (this.hasAddends ? 3 : 2);
    this.#at = section.range?.offset ?? 0;
    this.count = Math.floor((section.range?.size ?? 0) / this.#size);
  }

  /** Offset in the target section. */
  offset(index: number): number {
    const at = this.#at + index * this.#size;
    return this.#wide ? this.#bytes.u64(at) : this.#bytes.u32(at);
  }

  type(index: number): number {
    const at = this.#at + index * this.#size;
    if (!this.#wide) return this.#bytes.u32(at + 4) & 0xff;
    return this.#bytes.u32(at + (this.#bytes.little ? 8 : 12));
  }

  symbol(index: number): number {
    const at = this.#at + index * this.#size;
    if (!this.#wide) return this.#bytes.u32(at + 4) >>> 8;
    return this.#bytes.u32(at + (this.#bytes.little ? 12 : 8));
  }

  /** Exact; of REL absent. */
  addend(index: number): Wide | undefined {
    const at = this.#at + index * this.#size;
    if (!this.hasAddends) return undefined;
    return this.#wide ? this.#bytes.signedWide(at + 16) : this.#bytes.i32(at + 8);
  }

  /** As a double; of REL what lies in the field, as 32 bits. */
  addendNumber(index: number): number {
    if (this.hasAddends) {
      const own = this.#at + index * this.#size;
      return this.#wide ? this.#bytes.i64(own + 16) : this.#bytes.i32(own + 8);
    }
    const at = (this.target?.range?.offset ?? 0) + this.offset(index);
    return this.target?.range && this.offset(index) + 4 <= this.target.range.size ? this.#bytes.u32(at) : 0;
  }

  summary(): RelocationSection {
    const types = [...this.#countTypes()].toSorted(([a], [b]) => a - b).slice(0, MOST_TYPES);
    return {
      section: this.section.index,
      name: this.section.name,
      kind: this.hasAddends ? 'RELA' : 'REL',
      target: this.section.info,
      targetName: this.target?.name ?? '',
      count: this.count,
      types: types.map(([type, count]) => ({ type, ...this.#named(type), count })),
    };
  }

  /** Relocations of one type mostly follow each other. */
  #countTypes(): Map<number, number> {
    const counts = new Map<number, number>();
    let last = 0;
    let run = 0;
    for (let index = 0; index < this.count; index++) {
      const type = this.type(index);
      if (type === last) run += 1;
      else {
        if (run > 0) counts.set(last, (counts.get(last) ?? 0) + run);
        last = type;
        run = 1;
      }
    }
    if (run > 0) counts.set(last, (counts.get(last) ?? 0) + run);
    return counts;
  }

  #named(type: number): { name?: string } {
    const name = relocationName(this.#machine, type);
    return name === undefined ? {} : { name };
  }

  at(index: number, symbols: SymbolTable): Relocation {
    const type = this.type(index);
    const symbol = this.symbol(index);
    const { name: typeName } = this.#named(type);
    const offset = this.offset(index);
    const inside = this.target?.range && offset < this.target.range.size;
    const addend = this.addend(index);
    const at = this.#at + index * this.#size;
    return {
      section: this.section.index,
      index,
      offset: this.#wide ? this.#bytes.wide(at) : offset,
      ...(inside && this.target.range ? { at: this.target.range.offset + offset } : {}),
      type,
      ...(typeName === undefined ? {} : { typeName }),
      symbol,
      ...(symbol !== 0 && symbols.has(symbol) ? { symbolName: symbols.name(symbol) } : {}),
      ...(addend === undefined ? {} : { addend }),
    };
  }

  /** Up to `most` from `from` on. @throws ImageError where `from` is not one of them */
  page(from: number, most: number, symbols: SymbolTable): RelocationPage {
    if (from < 0 || from > this.count) throw new ImageError(this.section.name, `it has no relocation ${String(from)}`);
    const entries: Relocation[] = [];
    for (let index = from; index < Math.min(this.count, from + most); index++) entries.push(this.at(index, symbols));
    return { section: this.section.index, from, count: this.count, entries };
  }
}

/** A hostile table may have a type of its own for each. */
const MOST_TYPES = 64;

export function relocationTables(header: ElfHeader, sections: readonly RawSection[]): RelocationTable[] {
  return sections
    .filter(({ typeNumber }) => typeNumber === RELA || typeNumber === REL)
    .map((section) => new RelocationTable(header, sections, section));
}
