/** The inspector's list of strings, in the order of the file. */
import type { FoundString } from '#contract/inspect.ts';
import type { ListColumn, StringRow } from '#contract/module-rows.ts';
import type { RawSection } from '../elf/sections.ts';
import type { RowSource } from './listing.ts';

const ENCODINGS = { ascii: 'ASCII', 'utf-16le': 'UTF-16', 'utf-16be': 'UTF-16 BE' } as const;

/** Sorts what has no value after all that have one. */
const LAST = '~';

export class StringRows implements RowSource<StringRow> {
  readonly #strings: readonly FoundString[];
  readonly #sections: readonly RawSection[];

  /** @param strings - in order of their offsets */
  constructor(strings: readonly FoundString[], sections: readonly RawSection[]) {
    this.#strings = strings;
    this.#sections = sections;
  }

  get count(): number {
    return this.#strings.length;
  }

  #string(id: number): FoundString {
    const found = this.#strings[id];
    if (!found) throw new RangeError(`no string ${String(id)}`);
    return found;
  }

  #section({ section }: FoundString): string | undefined {
    return section === undefined ? undefined : this.#sections[section]?.name;
  }

  /** The string that holds an offset. */
  at(offset: number): StringRow | undefined {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#string(middle).range.offset <= offset) low = middle + 1;
      else high = middle;
    }
    const row = low > 0 ? this.row(low - 1) : undefined;
    return row && offset < (row.offset ?? 0) + (row.size ?? 0) ? row : undefined;
  }

  row(id: number): StringRow {
    const found = this.#string(id);
    const section = this.#section(found);
    return {
      ...{ id, text: found.text, encoding: ENCODINGS[found.encoding], marks: found.marks ?? [] },
      ...found.range,
      ...(section === undefined ? {} : { section }),
    };
  }

  key(id: number, column: ListColumn): number | string {
    const found = this.#string(id);
    switch (column) {
      case 'text':
        return found.text;
      case 'section':
        return this.#section(found) ?? LAST;
      case 'encoding':
        return found.encoding;
      case 'marks':
        return found.marks?.join() ?? LAST;
      default:
        return id;
    }
  }

  words(id: number): string {
    return this.#string(id).text;
  }

  is(id: number, kind: string): boolean {
    return this.#string(id).marks?.some((mark) => mark === kind) ?? false;
  }
}
