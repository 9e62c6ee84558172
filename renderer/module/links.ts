/** The ways between the tabs, and from a tab to the bytes. */
import type { CodeTarget } from '#contract/inspect-code.ts';
import type { Area, Evidence, PartName, Range } from '#contract/inspect.ts';
import type { ModuleRow } from '#contract/module-rows.ts';
import type { ModuleTab, ModuleThing } from '#contract/module.ts';
import {
  useFunctionRows,
  useRelocationRows,
  useSectionRows,
  useStringRows,
  useSymbolRows,
  useTypeRows,
} from '../stores/module/lists.ts';
import { useModuleParts } from '../stores/module/parts.ts';
import { useModulePlace } from '../stores/module/place.ts';

/** Where each part is shown. */
const TAB_OF: Readonly<Record<PartName, ModuleTab>> = {
  elf: 'overview',
  sections: 'sections',
  modinfo: 'overview',
  parameters: 'parameters',
  notes: 'overview',
  versions: 'symbols',
  imports: 'symbols',
  exports: 'symbols',
  signature: 'signature',
  identity: 'overview',
  capabilities: 'overview',
  verdict: 'overview',
  relocations: 'relocations',
  symbols: 'symbols',
  functions: 'functions',
  types: 'types',
  layout: 'overview',
  strings: 'strings',
};

/** What a row is called where its bytes are lit. */
export const rowWords = (row: ModuleRow): string =>
  'text' in row ? row.text : 'name' in row ? row.name : `${row.type} to ${row.symbol}`;

/** A row of the list of functions, or a symbol that is one and lies in the image. */
function isFunction(row: ModuleRow): boolean {
  if ('crc' in row || 'value' in row) return row.type === 'function' && row.kind !== 'import';
  return 'symbol' in row && typeof row.symbol === 'number';
}

export interface ModuleLinks {
  show(thing: ModuleThing): void;
  showEvidence(evidence: Evidence, words: string): void;
  showImport(name: string): void;
  showCapability(id: string): void;
  showArea(area: Area): void;
  light(range: Range, words: string, row?: string): void;
  choose(row: ModuleRow): void;
  /** A list with one kind of rows alone. */
  showKind(list: 'symbols', kind: string): void;
  /** The code of a function or of a symbol that is one; whether there is any. */
  openCode(row: ModuleRow): boolean;
  /** What an operand leads to: code, bytes, or an import. */
  follow(target: CodeTarget): void;
}

export function useModuleLinks(): ModuleLinks {
  const place = useModulePlace();
  const { parts } = useModuleParts();
  const lists = {
    symbols: useSymbolRows(),
    sections: useSectionRows(),
    relocations: useRelocationRows(),
    functions: useFunctionRows(),
    strings: useStringRows(),
    types: useTypeRows(),
  };

  /** What a list was narrowed down to would hide where a link leads. */
  function show(thing: ModuleThing): void {
    if (thing.row !== undefined && thing.tab in lists) {
      const list = lists[thing.tab as keyof typeof lists];
      list.filter = list.only = '';
    }
    place.goTo(thing);
  }

  const rowOf = (tab: ModuleTab, name: string | undefined): string | undefined => {
    if (name === undefined) return undefined;
    if (tab === 'parameters') return name;
    if (tab === 'sections') return parts.sections?.entries.find((section) => section.name === name)?.index.toString();
    const found =
      parts.imports?.entries.find((one) => one.name === name) ??
      parts.exports?.entries.find((one) => one.name === name);
    // Rows of symbols leave the empty one out.
    return tab === 'symbols' && found?.symbol !== undefined ? String(found.symbol - 1) : undefined;
  };

  function showEvidence({ part, name, range }: Evidence, words: string): void {
    const tab = TAB_OF[part];
    const row = rowOf(tab, name);
    show({ tab, kind: part, words, ...(row === undefined ? {} : { row }), ...range });
  }

  return {
    show,
    showEvidence,
    showImport: (name) => {
      showEvidence({ part: 'imports', name }, name);
    },
    showCapability: (id) => {
      lists.symbols.filter = '';
      lists.symbols.only = `gives:${id}`;
      place.showTab('symbols');
    },
    showArea: ({ section, range, name }) => {
      if (section !== undefined) {
        show({ tab: 'sections', row: String(section), kind: 'section', words: name, ...range });
      } else place.light({ ...range, words: name });
    },
    showKind: (list, kind) => {
      lists[list].filter = '';
      lists[list].only = kind;
      place.showTab(list);
    },
    openCode: (row) => {
      if (!isFunction(row) || row.offset === undefined) return false;
      place.showCode(row.offset, rowWords(row));
      return true;
    },
    follow: ({ at, section, symbol, text, kind }) => {
      if (at === undefined) {
        if (symbol !== undefined) showEvidence({ part: 'imports', name: symbol }, symbol);
        return;
      }
      const isCode = parts.sections?.entries[section ?? -1]?.flags.includes('X') ?? kind !== 'data';
      if (isCode) place.showCode(at, text);
      else place.light({ offset: at, size: 1, words: text });
    },
    light: (range, words, row) => {
      place.light({ offset: range.offset, size: Math.max(range.size, 1), words }, row);
    },
    choose: (row) => {
      const words = rowWords(row);
      if (row.offset === undefined) place.go({ tab: place.place.tab, row: String(row.id) });
      else place.light({ offset: row.offset, size: Math.max(row.size ?? 1, 1), words }, String(row.id));
    },
  };
}
