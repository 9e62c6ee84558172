/** Columns of the inspector's lists, and what stands in their cells. */
import type {
  FunctionRow,
  ListColumn,
  RelocationRow,
  SectionRow,
  StringRow,
  SymbolRow,
  TypeRow,
} from '#contract/module-rows.ts';
import { count } from '../../format/numbers.ts';
import type { Column } from '../../table/column.ts';

const hex = (offset: number | undefined): string => (offset === undefined ? '' : `0x${offset.toString(16)}`);

export const SYMBOL_COLUMNS: readonly Column<ListColumn<'symbols'>>[] = [
  { name: 'index', heading: '#', width: '52px', mono: true },
  { name: 'name', heading: 'name', width: 'minmax(220px, 2fr)', mono: true },
  { name: 'kind', heading: 'kind', width: '62px' },
  { name: 'gives', heading: 'gives', width: 'minmax(200px, 1fr)' },
  { name: 'type', heading: 'type', width: '78px' },
  { name: 'section', heading: 'section', width: 'minmax(80px, 0.8fr)', mono: true },
  { name: 'value', heading: 'value', width: '78px', mono: true },
  { name: 'size', heading: 'size', width: '62px', mono: true },
  { name: 'crc', heading: 'CRC', width: '96px', mono: true },
];

export const symbolText = (row: SymbolRow, column: ListColumn<'symbols'>): string =>
  ({
    index: String(row.id + 1),
    name: row.name,
    kind: row.kind,
    gives: row.gives ?? '',
    type: row.type,
    section: row.section ?? '',
    value: row.kind === 'import' ? '' : row.value,
    size: row.bytes > 0 ? count(row.bytes) : '',
    crc: row.crc ?? '',
  })[column];

export const SECTION_COLUMNS: readonly Column<ListColumn<'sections'>>[] = [
  { name: 'index', heading: '#', width: '44px', mono: true },
  { name: 'name', heading: 'name', width: 'minmax(150px, 2fr)', mono: true },
  { name: 'type', heading: 'type', width: '96px' },
  { name: 'flags', heading: 'flags', width: '60px', mono: true },
  { name: 'offset', heading: 'offset', width: '92px', mono: true },
  { name: 'size', heading: 'bytes', width: '96px', mono: true },
  { name: 'entropy', heading: 'entropy', width: '76px', mono: true },
];

export const sectionText = (row: SectionRow, column: ListColumn<'sections'>): string =>
  ({
    index: String(row.index),
    name: row.name,
    type: row.type,
    flags: row.flags,
    offset: hex(row.offset),
    size: count(row.bytes),
    entropy: row.entropy === undefined ? '' : row.entropy.toFixed(2),
  })[column];

export const RELOCATION_COLUMNS: readonly Column<ListColumn<'relocations'>>[] = [
  { name: 'section', heading: 'changes', width: 'minmax(110px, 1fr)', mono: true },
  { name: 'at', heading: 'at', width: '96px', mono: true },
  { name: 'type', heading: 'type', width: 'minmax(120px, 1fr)', mono: true },
  { name: 'symbol', heading: 'to', width: 'minmax(140px, 2fr)', mono: true },
  { name: 'addend', heading: 'addend', width: '92px', mono: true },
];

export const relocationText = (row: RelocationRow, column: ListColumn<'relocations'>): string => row[column];

export const FUNCTION_COLUMNS: readonly Column<ListColumn<'functions'>>[] = [
  { name: 'offset', heading: 'offset', width: '92px', mono: true },
  { name: 'name', heading: 'name', width: 'minmax(180px, 2fr)', mono: true },
  { name: 'role', heading: 'role', width: '64px' },
  { name: 'section', heading: 'section', width: 'minmax(90px, 1fr)', mono: true },
  { name: 'size', heading: 'bytes', width: '76px', mono: true },
];

export const functionText = (row: FunctionRow, column: ListColumn<'functions'>): string =>
  ({ name: row.name, role: row.role ?? '', section: row.section, offset: hex(row.offset), size: count(row.bytes) })[
    column
  ];

export const STRING_COLUMNS: readonly Column<ListColumn<'strings'>>[] = [
  { name: 'offset', heading: 'offset', width: '92px', mono: true },
  { name: 'text', heading: 'text', width: 'minmax(180px, 4fr)', mono: true },
  { name: 'marks', heading: 'marks', width: '104px' },
  { name: 'section', heading: 'section', width: 'minmax(90px, 1fr)', mono: true },
  { name: 'encoding', heading: 'as', width: '66px' },
];

export const stringText = (row: StringRow, column: ListColumn<'strings'>): string =>
  ({
    offset: hex(row.offset),
    text: row.text,
    marks: row.marks.join(', '),
    section: row.section ?? '',
    encoding: row.encoding,
  })[column];

export const TYPE_COLUMNS: readonly Column<ListColumn<'types'>>[] = [
  { name: 'index', heading: '#', width: '52px', mono: true },
  { name: 'name', heading: 'name', width: 'minmax(180px, 2fr)', mono: true },
  { name: 'kind', heading: 'kind', width: '72px' },
  { name: 'size', heading: 'bytes', width: '76px', mono: true },
  { name: 'members', heading: 'members', width: '84px', mono: true },
];

export const typeText = (row: TypeRow, column: ListColumn<'types'>): string =>
  ({
    index: String(row.id + 1),
    name: row.name === '' ? 'without a name of its own' : row.name,
    kind: row.kind,
    size: count(row.bytes),
    members: count(row.members),
  })[column];

export const TYPE_KINDS = { struct: 'structures', union: 'unions', enum: 'enumerations' } as const;
export const SYMBOL_KINDS = { import: 'imports', export: 'exports', global: 'global', local: 'local' } as const;
export const FUNCTION_KINDS = { init: 'init', exit: 'exit' } as const;
export const STRING_KINDS = {
  url: 'URLs',
  path: 'paths',
  device: 'devices',
  address: 'addresses',
  domain: 'domains',
  command: 'commands',
} as const;
export const SECTION_KINDS = {
  code: 'code',
  data: 'data',
  constant: 'constants',
  module: 'the module itself',
  symbols: 'symbols',
  relocations: 'relocations',
  debug: 'debugging',
} as const;
