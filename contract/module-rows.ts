/** Rows of the inspector's lists. A list may be long, so that it is asked for a page at a time. */
import type { StringMark } from './inspect-facts.ts';

/** What each list can be sorted by; the first column is its natural order. */
export const MODULE_LISTS = {
  symbols: ['index', 'name', 'kind', 'gives', 'type', 'section', 'value', 'size', 'crc'],
  sections: ['index', 'name', 'type', 'flags', 'size', 'offset', 'entropy'],
  relocations: ['section', 'at', 'type', 'symbol', 'addend'],
  functions: ['offset', 'name', 'role', 'section', 'size'],
  strings: ['offset', 'text', 'section', 'encoding', 'marks'],
  types: ['index', 'name', 'kind', 'size', 'members'],
} as const;

export type ModuleList = keyof typeof MODULE_LISTS;
export type ListColumn<List extends ModuleList = ModuleList> = (typeof MODULE_LISTS)[List][number];

/** What every row has. */
interface RowBase {
  /** Its number in the list's natural order. */
  readonly id: number;
  /** Its bytes in the image; absent where it has none there. */
  readonly offset?: number;
  readonly size?: number;
}

export interface SymbolRow extends RowBase {
  readonly name: string;
  /** import: undefined here, the kernel or another module gives it. */
  readonly kind: 'import' | 'export' | 'global' | 'local';
  /**
   * What the import gives the module, by the table of capabilities; absent where nothing is known of it. Of an export, who
   * may use it.
   */
  readonly gives?: string;
  readonly type: string;
  readonly section?: string;
  /** Hexadecimal. */
  readonly value: string;
  readonly bytes: number;
  readonly crc?: string;
}

export interface SectionRow extends RowBase {
  readonly index: number;
  readonly name: string;
  readonly type: string;
  /** As readelf writes them: "WAX". */
  readonly flags: string;
  readonly bytes: number;
  /** Bits a byte; absent where the section has no bytes in the file. */
  readonly entropy?: number;
  /** For the picture's colours. */
  readonly role: SectionRole;
}

export const SECTION_ROLES = [
  'code',
  'data',
  'constant',
  'module',
  'symbols',
  'relocations',
  'debug',
  'other',
] as const;
export type SectionRole = (typeof SECTION_ROLES)[number];

export interface RelocationRow extends RowBase {
  /** The section that is changed, and where in it. */
  readonly section: string;
  readonly at: string;
  readonly type: string;
  readonly symbol: string;
  readonly addend: string;
}

export interface FunctionRow extends RowBase {
  readonly name: string;
  /** 'init' or 'exit' of the module; absent otherwise. */
  readonly role?: 'init' | 'exit';
  readonly section: string;
  readonly bytes: number;
  /** Its symbol's row. */
  readonly symbol: number;
}

export interface StringRow extends RowBase {
  readonly text: string;
  readonly section?: string;
  readonly encoding: string;
  readonly marks: readonly StringMark[];
}

export interface TypeRow extends RowBase {
  readonly kind: 'struct' | 'union' | 'enum';
  /** Empty where it has none, or the kernel's BTF holds it. */
  readonly name: string;
  readonly bytes: number;
  /** How many. */
  readonly members: number;
  /** As C would have it, with the place of each member. */
  readonly definition: string;
}

export interface ModuleRows {
  readonly symbols: SymbolRow;
  readonly sections: SectionRow;
  readonly relocations: RelocationRow;
  readonly functions: FunctionRow;
  readonly strings: StringRow;
  readonly types: TypeRow;
}

export type ModuleRow = ModuleRows[ModuleList];

/** Which rows, in which order. */
export interface ListOrder {
  readonly sort: ListColumn;
  readonly descending: boolean;
  /** Only rows in which this text occurs, in upper or lower case. */
  readonly filter?: string;
  /** Only rows of this kind: a symbol's kind, a string's mark. */
  readonly only?: string;
}

export interface ListRequest extends ListOrder {
  readonly start: number;
  /** 1 to 1000. */
  readonly limit: number;
}
