/** What a byte of the image belongs to, from the outermost to the innermost. */
import type { ModinfoEntry, Parameter, Range } from '#contract/inspect.ts';
import type { ModuleThing } from '#contract/module.ts';
import type { RawSection } from '../elf/sections.ts';
import type { SymbolTable } from '../elf/symbols.ts';
import type { StringRows } from './strings.ts';

/** What the places are told from. */
export interface PlaceSources {
  readonly sections: readonly RawSection[];
  readonly symbols: SymbolTable | undefined;
  readonly strings: StringRows;
  /** Headers, the signature and the like: what is no section. */
  readonly others: readonly ModuleThing[];
  readonly modinfo: readonly ModinfoEntry[];
  readonly parameters: readonly Parameter[];
}

/** Symbols of one place that are told; a section may have hundreds of names for its first byte. */
const MOST_SYMBOLS = 3;

const within = (offset: number, range: Range): boolean => offset >= range.offset && offset < range.offset + range.size;

/** By offset, for sections whose bytes lie in the image. */
export function sectionFinder(sections: readonly RawSection[]): (offset: number) => RawSection | undefined {
  const filled = sections
    .flatMap((section) => (section.range && section.range.size > 0 ? [{ section, range: section.range }] : []))
    .sort((one, other) => one.range.offset - other.range.offset);
  return (offset) => {
    let [low, high] = [0, filled.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((filled[middle]?.range.offset ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    const found = filled[low - 1];
    return found && within(offset, found.range) ? found.section : undefined;
  };
}

export class Places {
  readonly #sources: PlaceSources;
  readonly #sectionAt: (offset: number) => RawSection | undefined;
  /** Symbols with bytes by their section, made when first asked for. */
  #bySection: ReadonlyMap<number, readonly { readonly index: number; readonly range: Range }[]> | undefined;

  constructor(sources: PlaceSources) {
    this.#sources = sources;
    this.#sectionAt = sectionFinder(sources.sections);
  }

  at(offset: number): ModuleThing[] {
    const { others, strings } = this.#sources;
    const found = others.filter(({ offset: from = 0, size = 0 }) => within(offset, { offset: from, size }));
    const section = this.#sectionAt(offset);
    if (section?.range) {
      const into = offset - section.range.offset;
      const words = into === 0 ? section.name : `${section.name} + 0x${into.toString(16)}`;
      found.push({ tab: 'sections', row: String(section.index), kind: 'section', words, ...section.range });
      found.push(...this.#symbolsAt(section, offset), ...this.#entryAt(section, offset), ...this.#wordsAt(offset));
    }
    const string = strings.at(offset);
    if (string) {
      const { id, text, offset: from = 0, size = 0 } = string;
      found.push({ tab: 'strings', row: String(id), kind: 'string', words: text.slice(0, 300), offset: from, size });
    }
    return found;
  }

  #symbolsAt({ index }: RawSection, offset: number): ModuleThing[] {
    this.#bySection ??= this.#symbolsBySection();
    const { symbols } = this.#sources;
    const inside = (this.#bySection.get(index) ?? []).filter(({ range }) => within(offset, range));
    return inside.slice(0, MOST_SYMBOLS).map((one) => ({
      ...{ tab: 'symbols', row: String(one.index - 1), kind: 'symbol', words: symbols?.name(one.index) ?? '' },
      ...one.range,
    }));
  }

  #symbolsBySection(): Map<number, { index: number; range: Range }[]> {
    const found = new Map<number, { index: number; range: Range }[]>();
    const { symbols } = this.#sources;
    for (let index = 1; symbols && index < symbols.count; index++) {
      const range = symbols.range(index);
      const home = range && symbols.home(index);
      if (!home) continue;
      const list = found.get(home.index) ?? [];
      list.push({ index, range });
      found.set(home.index, list);
    }
    return found;
  }

  /** The symbol table's own entry. */
  #entryAt(section: RawSection, offset: number): ModuleThing[] {
    const { symbols } = this.#sources;
    if (!symbols || section.index !== symbols.section?.index || !section.range) return [];
    const index = Math.floor((offset - section.range.offset) / symbols.entry(0).size);
    if (index < 1 || !symbols.has(index)) return [];
    const words = `entry of ${symbols.name(index) || `symbol ${String(index)}`}`;
    return [{ tab: 'symbols', row: String(index - 1), kind: 'symbol', words, ...symbols.entry(index) }];
  }

  /** An entry of .modinfo, the record of a parameter. */
  #wordsAt(offset: number): ModuleThing[] {
    const { modinfo, parameters } = this.#sources;
    const entry = modinfo.find(({ range }) => within(offset, range));
    const parameter = parameters.find(({ range }) => range && within(offset, range));
    return [
      ...(entry ? [{ tab: 'overview' as const, kind: 'modinfo', words: entry.key, ...entry.range }] : []),
      ...(parameter?.range
        ? [
            {
              tab: 'parameters' as const,
              row: parameter.name,
              kind: 'parameter',
              words: parameter.name,
              ...parameter.range,
            },
          ]
        : []),
    ];
  }
}
