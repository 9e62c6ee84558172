/** The columns of the tree of processes, and their cells as texts. */
import type { LineageRow } from '#contract/lineage.ts';
import { handleOf, type Handle } from '../filter/handles.ts';
import { userWords } from '../format/processes.ts';
import { verdictCountWords } from '../format/verdicts.ts';
import type { TextColumn } from './column.ts';

export type LineageTableColumn = 'process' | 'pid' | 'tree' | 'own' | 'user' | 'started' | 'first' | 'last' | 'exe';

const text = (value: string | number | undefined): string => (value === undefined ? '' : String(value));

type LineageTextColumn = TextColumn<LineageRow, LineageTableColumn>;

const COLUMNS: readonly LineageTextColumn[] = [
  {
    ...{ name: 'process', heading: 'process', width: 'minmax(200px, 2.2fr)' },
    text: ({ comm, pid }) => `${comm ?? 'not recorded'} ${text(pid)}`.trim(),
  },
  { name: 'pid', heading: 'pid', width: '72px', mono: true, hidden: true, text: ({ pid }) => text(pid) },
  {
    ...{ name: 'tree', heading: 'attempts of its tree', width: 'minmax(272px, 1.3fr)', about: 'its own among them' },
    text: ({ tree }) => verdictCountWords(tree),
  },
  {
    ...{ name: 'own', heading: 'its own', width: 'minmax(136px, 0.9fr)', about: 'attempts that it made itself' },
    text: ({ own }) => verdictCountWords(own),
  },
  { name: 'user', heading: 'user', width: '72px', text: ({ uid }) => userWords(uid) },
  { name: 'started', heading: 'started', width: '106px', mono: true, text: ({ startTime }) => text(startTime) },
  {
    ...{ name: 'first', heading: 'first attempt', width: '106px', mono: true, about: 'of its tree' },
    text: ({ firstTime }) => firstTime,
  },
  {
    ...{ name: 'last', heading: 'last attempt', width: '106px', mono: true, about: 'of its tree' },
    text: ({ lastTime }) => lastTime,
  },
  {
    ...{ name: 'exe', heading: 'program', width: 'minmax(110px, 1.2fr)', mono: true, keepsEnd: true },
    text: ({ exe }) => text(exe),
  },
];

/** What the cells are filtered by: the attempts, whose table comes into sight then. */
const HANDLES: Readonly<Partial<Record<LineageTableColumn, (row: LineageRow) => Handle | undefined>>> = {
  process: ({ comm }) => handleOf('process.comm', comm),
  pid: ({ pid }) => handleOf('process.pid', pid),
  user: ({ uid }) => handleOf('process.uid', uid),
  first: ({ firstTime }) => handleOf('time', firstTime),
  last: ({ lastTime }) => handleOf('time', lastTime),
  exe: ({ exe }) => handleOf('process.exe', exe),
};

export const LINEAGE_TABLE_COLUMNS: readonly LineageTextColumn[] = COLUMNS.map((column) => ({
  ...column,
  unsorted: true,
  ...(HANDLES[column.name] ? { handle: HANDLES[column.name] } : {}),
}));
