/** The inspector's list of symbols. A row's number is that of the table's entry less one: the first entry is empty. */
import type { ModuleExport } from '#contract/inspect.ts';
import type { ListColumn, SymbolRow } from '#contract/module-rows.ts';
import type { RawSection } from '../elf/sections.ts';
import type { SymbolTable } from '../elf/symbols.ts';
import type { RowSource } from './listing.ts';

/** elf(5), STT_*. */
const TYPES = ['none', 'object', 'function', 'section', 'file', 'common', 'tls'] as const;
const FILE = 4;
const LOCAL = 0;

/** Sorts what has no value after all that have one. */
const LAST = '~';

/** What is known of symbols beside their entries. */
export interface SymbolFacts {
  readonly exports: ReadonlyMap<string, ModuleExport>;
  /** CRCs that imports were built against. */
  readonly crcs: ReadonlyMap<string, string>;
  /** What an import gives the module, and in which group of capabilities. */
  readonly gives: ReadonlyMap<string, { readonly group: string; readonly words: string }>;
}

export class SymbolRows implements RowSource<SymbolRow> {
  readonly count: number;
  readonly #symbols: SymbolTable;
  readonly #facts: () => SymbolFacts;

  /** @param facts - asked for when the first row is */
  constructor(symbols: SymbolTable, facts: () => SymbolFacts) {
    this.#symbols = symbols;
    this.#facts = facts;
    this.count = Math.max(symbols.count - 1, 0);
  }

  #kind(index: number): SymbolRow['kind'] {
    const symbols = this.#symbols;
    if (symbols.isUndefined(index) && symbols.type(index) !== FILE) return 'import';
    if (symbols.binding(index) === LOCAL) return 'local';
    return this.#facts().exports.has(symbols.name(index)) ? 'export' : 'global';
  }

  /** Who may use an export. */
  #offer(kind: SymbolRow['kind'], name: string): string | undefined {
    const found = kind === 'export' ? this.#facts().exports.get(name) : undefined;
    if (!found) return undefined;
    const who = found.gplOnly ? 'to GPL modules' : 'to all modules';
    return found.namespace === undefined ? who : `${who} that import ${found.namespace}`;
  }

  #home(index: number): RawSection | undefined {
    return this.#symbols.home(index);
  }

  row(id: number): SymbolRow {
    const index = id + 1;
    const symbols = this.#symbols;
    const name = symbols.name(index);
    const kind = this.#kind(index);
    const { crcs, gives } = this.#facts();
    const crc = kind === 'import' ? crcs.get(name) : undefined;
    const given = kind === 'import' ? gives.get(name)?.words : this.#offer(kind, name);
    const home = this.#home(index);
    return {
      ...{ id, name, kind, bytes: symbols.size(index) },
      type: TYPES[symbols.type(index)] ?? String(symbols.type(index)),
      value: `0x${symbols.value(index).toString(16)}`,
      ...(home ? { section: home.name } : {}),
      ...(given === undefined ? {} : { gives: given }),
      ...(crc === undefined ? {} : { crc: `0x${crc}` }),
      // What has no bytes of its own, an import, is shown where the table names it.
      ...(symbols.range(index) ?? symbols.entry(index)),
    };
  }

  key(id: number, column: ListColumn): number | string {
    const index = id + 1;
    const name = (): string => this.#symbols.name(index);
    switch (column) {
      case 'kind':
        return this.#kind(index);
      case 'gives':
        return (this.#kind(index) === 'import' ? this.#facts().gives.get(name())?.words : undefined) ?? LAST;
      case 'type':
        return this.#symbols.type(index);
      case 'section':
        return this.#home(index)?.name ?? LAST;
      case 'value':
        return this.#symbols.value(index);
      case 'size':
        return this.#symbols.size(index);
      case 'crc':
        return this.#facts().crcs.get(name()) ?? LAST;
      case 'name':
        return name();
      default:
        return id;
    }
  }

  words(id: number): string {
    return this.#symbols.name(id + 1);
  }

  is(id: number, kind: string): boolean {
    const own = this.#kind(id + 1);
    if (!kind.startsWith('gives:')) return own === kind;
    return own === 'import' && this.#facts().gives.get(this.words(id))?.group === kind.slice('gives:'.length);
  }
}
