/** A module image that was opened: its bytes, and the tables of ELF, each read when it is first asked for. */
import type { ContainerPart, Range } from '#contract/inspect.ts';
import type { Bytes } from './bytes.ts';
import { openContainer, type Container } from './container.ts';
import { ImageError, Problems } from './failure.ts';
import { readHeader, type ElfHeader } from './elf/header.ts';
import { relocationTables, type RelocationTable } from './elf/relocations.ts';
import { readSections, STRTAB, SYMTAB, SYMTAB_SHNDX, type RawSection } from './elf/sections.ts';
import { StringTable } from './elf/string-table.ts';
import { SymbolTable } from './elf/symbols.ts';

/** Where something points: a section and an offset in there. */
export interface Target {
  readonly section: RawSection;
  readonly offset: number;
  /** The symbol that the relocation names. */
  readonly symbol: number;
}

export class ModuleImage {
  /** As it lies in the file. */
  readonly stored: Uint8Array;
  /** Unpacked: what all offsets are in. */
  readonly data: Uint8Array;
  readonly container: ContainerPart;
  readonly sectionProblems = new Problems();
  readonly symbolProblems = new Problems();
  #header: ElfHeader | ImageError | undefined;
  #sections: readonly RawSection[] | undefined;
  #byName: Map<string, RawSection> | undefined;
  #symbols: SymbolTable | undefined;
  #relocations: readonly RelocationTable[] | undefined;

  constructor({ stored, bytes, part }: Container) {
    this.stored = stored;
    this.data = bytes;
    this.container = part;
  }

  /** @throws ImageError where it is no ELF; so do all that follow */
  get header(): ElfHeader {
    if (this.#header === undefined) {
      try {
        this.#header = readHeader(this.data);
      } catch (error) {
        if (!(error instanceof ImageError)) throw error;
        this.#header = error;
      }
    }
    if (this.#header instanceof ImageError) throw this.#header;
    return this.#header;
  }

  get bytes(): Bytes {
    return this.header.bytes;
  }

  get sections(): readonly RawSection[] {
    return (this.#sections ??= readSections(this.header, this.sectionProblems));
  }

  /** The first of that name. */
  section(name: string): RawSection | undefined {
    if (!this.#byName) {
      this.#byName = new Map();
      for (const section of this.sections) if (!this.#byName.has(section.name)) this.#byName.set(section.name, section);
    }
    return this.#byName.get(name);
  }

  /** The section of that name where its bytes lie in the image. */
  filled(name: string): (RawSection & { readonly range: Range }) | undefined {
    const section = this.section(name);
    return section?.range ? (section as RawSection & { readonly range: Range }) : undefined;
  }

  get symbols(): SymbolTable {
    return (this.#symbols ??= this.#readSymbols());
  }

  #readSymbols(): SymbolTable {
    const { sections, header, symbolProblems: problems } = this;
    const table = sections.find(({ typeNumber }) => typeNumber === SYMTAB);
    if (!table) problems.add('.symtab', 'the image has no symbol table');
    const strings = table && sections[table.link];
    if (table && (strings?.typeNumber !== STRTAB || !strings.range)) {
      problems.add(table.name, `section ${String(table.link)}, which is to hold its names, is no string table`);
    }
    const names = strings?.range && new StringTable(header.bytes, strings.range.offset, strings.range.size);
    const indexes = table && sections.find((one) => one.typeNumber === SYMTAB_SHNDX && one.link === table.index);
    return new SymbolTable(header, sections, table, names, indexes);
  }

  get relocations(): readonly RelocationTable[] {
    return (this.#relocations ??= relocationTables(this.header, this.sections));
  }

  /** Those that change a section, in one table. */
  relocationsOf(section: RawSection): RelocationTable | undefined {
    return this.relocations.find(({ target }) => target?.index === section.index);
  }

  /**
   * What the fields of a section point to once the module is loaded: by the field's offset, of one that lies in the
   * module.
   */
  pointers(section: RawSection): ReadonlyMap<number, Target> {
    const found = new Map<number, Target>();
    const table = this.relocationsOf(section);
    const { symbols } = this;
    for (let index = 0; index < (table?.count ?? 0); index++) {
      const symbol = table?.symbol(index) ?? 0;
      if (!table || !symbols.has(symbol)) continue;
      const home = symbols.home(symbol);
      if (!home) continue;
      found.set(table.offset(index), {
        section: home,
        offset: symbols.value(symbol) + table.addendNumber(index),
        symbol,
      });
    }
    return found;
  }

  /** The text that a pointer leads to; undefined where that is not in the image. */
  textAt(target: Target | undefined, most = 4096): string | undefined {
    const range = target?.section.range;
    if (!target || !range || target.offset < 0 || target.offset >= range.size) return undefined;
    const from = range.offset + target.offset;
    return this.bytes.text(from, Math.min(range.offset + range.size, from + most));
  }
}

/** Opens the bytes of a file, or those that a capture kept. Never throws on any bytes. */
export async function openImage(stored: Uint8Array, most?: number): Promise<ModuleImage> {
  return new ModuleImage(await openContainer(stored, most));
}
