/** The inspector's list of strings, in the order of the file. */
import type { ListColumn, StringRow } from '#contract/module-rows.ts';
import type { RawSection } from '../elf/sections.ts';
import type { StringSource } from '../strings.ts';
import type { RowSource } from './listing.ts';

const ENCODINGS = { ascii: 'ASCII', 'utf-16le': 'UTF-16', 'utf-16be': 'UTF-16 BE' } as const;

/** Sorts what has no value after all that have one. */
const LAST = '~';

export class StringRows implements RowSource<StringRow> {
  readonly #strings: StringSource;
  readonly #sections: readonly RawSection[];

  /** @param strings - in order of their offsets */
  constructor(strings: StringSource, sections: readonly RawSection[]) {
    this.#strings = strings;
    this.#sections = sections;
  }

  get count(): number {
    return this.#strings.count;
  }

  #section(id: number): string | undefined {
    const section = this.#strings.section(id);
    return section === undefined ? undefined : this.#sections[section]?.name;
  }

  /** The string that holds an offset. */
  at(offset: number): StringRow | undefined {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#strings.range(middle).offset <= offset) low = middle + 1;
      else high = middle;
    }
    const row = low > 0 ? this.row(low - 1) : undefined;
    return row && offset < (row.offset ?? 0) + (row.size ?? 0) ? row : undefined;
  }

  row(id: number): StringRow {
    if (!(id >= 0 && id < this.count)) throw new RangeError(`no string ${String(id)}`);
    const found = this.#strings.at(id);
    const section = this.#section(id);
    return {
      ...{ id, text: found.text, encoding: ENCODINGS[found.encoding], marks: found.marks ?? [] },
      ...found.range,
      ...(section === undefined ? {} : { section }),
    };
  }

  key(id: number, column: ListColumn): number | string {
    switch (column) {
      case 'text':
        return this.#strings.text(id);
      case 'section':
        return this.#section(id) ?? LAST;
      case 'encoding':
        return this.#strings.at(id).encoding;
      case 'marks':
        return this.#strings.at(id).marks?.join() ?? LAST;
      default:
        return id;
    }
  }

  words(id: number): string {
    return this.#strings.text(id);
  }

  is(id: number, kind: string): boolean {
    return this.#strings.at(id).marks?.some((mark) => mark === kind) ?? false;
  }
}
