/** The inspector's list of sections. */
import type { ListColumn, SectionRow } from '#contract/module-rows.ts';
import { roleOf } from '#contract/section-role.ts';
import type { RawSection } from '../elf/sections.ts';
import { entropyOfBytes } from '../entropy.ts';
import type { RowSource } from './listing.ts';

export class SectionRows implements RowSource<SectionRow> {
  readonly #sections: readonly RawSection[];
  readonly #data: Uint8Array;
  readonly #entropy = new Map<number, number>();

  constructor(sections: readonly RawSection[], data: Uint8Array) {
    this.#sections = sections;
    this.#data = data;
  }

  get count(): number {
    return this.#sections.length;
  }

  #section(id: number): RawSection {
    const section = this.#sections[id];
    if (!section) throw new RangeError(`no section ${String(id)}`);
    return section;
  }

  /** Undefined where the section has no bytes. */
  #entropyOf({ index, range }: RawSection): number | undefined {
    if (!range || range.size === 0) return undefined;
    const known = this.#entropy.get(index);
    if (known !== undefined) return known;
    const entropy = entropyOfBytes(this.#data, range.offset, range.offset + range.size);
    this.#entropy.set(index, entropy);
    return entropy;
  }

  row(id: number): SectionRow {
    const section = this.#section(id);
    const { index, name, type, flags, size, range } = section;
    const entropy = this.#entropyOf(section);
    return {
      ...{ id, index, name, type, flags, bytes: Number(size), role: roleOf(section) },
      ...(range && range.size > 0 ? range : {}),
      ...(entropy === undefined ? {} : { entropy }),
    };
  }

  key(id: number, column: ListColumn): number | string {
    const section = this.#section(id);
    switch (column) {
      case 'name':
      case 'type':
      case 'flags':
        return section[column];
      case 'size':
      case 'offset':
        return Number(section[column]);
      case 'entropy':
        return this.#entropyOf(section) ?? -1;
      default:
        return id;
    }
  }

  words(id: number): string {
    return this.#section(id).name;
  }

  is(id: number, kind: string): boolean {
    return roleOf(this.#section(id)) === kind;
  }
}
