/** What lies at a place in a module: the function or object there, or the text. */
import type { RawSection } from '../elf/sections.ts';
import { SECTION } from '../elf/symbols.ts';
import type { ModuleImage } from '../image.ts';

export interface Named {
  readonly name: string;
  /** Where the symbol begins in its section. */
  readonly start: number;
}

/** Sections of texts, as the linker merges them. */
const TEXTS = /^\.rodata\.str|^\.rodata\..*\.str|^__ksymtab_strings$/;
const LONGEST_TEXT = 80;

/** Symbols by section and offset, made once for an image. */
export class Places {
  readonly #image: ModuleImage;
  readonly #bySection = new Map<number, Named[]>();

  constructor(image: ModuleImage) {
    this.#image = image;
    const { symbols } = image;
    for (let index = 1; index < symbols.count; index += 1) {
      const home = symbols.home(index);
      if (!home || symbols.type(index) >= SECTION) continue;
      const name = symbols.name(index);
      // Labels that a tool made for itself: "$x" on arm64, ".L12".
      if (name === '' || name.startsWith('$') || name.startsWith('.L') || name.startsWith('__pfx_')) continue;
      const list = this.#bySection.get(home.index) ?? [];
      list.push({ name, start: symbols.value(index) });
      this.#bySection.set(home.index, list);
    }
    for (const list of this.#bySection.values()) list.sort((a, b) => a.start - b.start);
  }

  /** The symbol that begins there or is the last before it. */
  at(section: number, offset: number): Named | undefined {
    const list = this.#bySection.get(section) ?? [];
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((list[middle]?.start ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const last = list[low - 1];
    if (!last) return undefined;
    // Of several names for one place the first in the table is the oldest.
    let first = low - 1;
    while (first > 0 && list[first - 1]?.start === last.start) first -= 1;
    return list[first];
  }

  /** A place in words: `"text"`, `function`, `object+0x8`, `.rodata+0x20`. */
  text(section: RawSection, offset: number): { text: string; symbol?: string } {
    if (TEXTS.test(section.name)) {
      const text = this.#image.textAt({ section, offset, symbol: 0 }, LONGEST_TEXT);
      if (text !== undefined) return { text: JSON.stringify(text) };
    }
    const named = this.at(section.index, offset);
    if (!named) return { text: plus(section.name, offset) };
    return { text: plus(named.name, offset - named.start), symbol: named.name };
  }
}

export const hex = (value: number): string => (value < 0 ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`);

export function plus(name: string, offset: number): string {
  if (offset === 0) return name;
  return offset < 0 ? `${name}${hex(offset)}` : `${name}+${hex(offset)}`;
}

const known = new WeakMap<ModuleImage, Places>();

export function placesOf(image: ModuleImage): Places {
  const places = known.get(image) ?? new Places(image);
  known.set(image, places);
  return places;
}
