/** The columns of the table of modules, and their cells as texts. */
import { ROSTER_COLUMNS, type RosterColumn, type RosterGrouping, type RosterRow } from '#contract/roster.ts';
import { handleOf, type Handle } from '../filter/handles.ts';
import { count } from '../format/numbers.ts';
import { liveWords, nameWords, severalWords, signerWords } from '../format/roster.ts';
import { verdictCountWords } from '../format/verdicts.ts';
import type { TextColumn } from './column.ts';

export type RosterTableColumn = RosterColumn | 'calls' | 'images' | 'size';

type RosterTextColumn = TextColumn<RosterRow, RosterTableColumn>;

const text = (value: string | number | undefined): string => (value === undefined ? '' : String(value));

type Facts = Omit<RosterTextColumn, 'name' | 'handle'>;

const FACTS: Readonly<Record<RosterTableColumn, Facts>> = {
  name: { heading: 'module', width: 'minmax(120px, 1.1fr)', mono: true, text: ({ names }) => severalWords(names) },
  attempts: {
    ...{ heading: 'attempts', width: 'minmax(200px, 1.4fr)', about: 'by verdict; sorted by how many' },
    text: ({ verdicts }) => verdictCountWords(verdicts),
  },
  first: { heading: 'first seen', width: '106px', mono: true, text: ({ firstTime }) => text(firstTime) },
  last: { heading: 'last seen', width: '106px', mono: true, text: ({ lastTime }) => text(lastTime) },
  live: {
    ...{ heading: 'now', width: '92px', about: 'whether it was there at the last moment of the capture' },
    text: liveWords,
  },
  signer: {
    ...{ heading: 'signer', width: 'minmax(90px, 1fr)', about: 'as its bytes say; the inspector tells if it holds' },
    text: (row) => text(signerWords(row)),
  },
  taints: { heading: 'taints', width: 'minmax(70px, 0.9fr)', text: ({ taints }) => taints?.join(', ') ?? '' },
  by: {
    ...{ heading: 'loaded by', width: 'minmax(100px, 0.8fr)', about: 'programs that called' },
    text: ({ programs }) => severalWords(programs),
  },
  from: {
    ...{ heading: 'from', width: 'minmax(110px, 1.5fr)', mono: true, keepsEnd: true },
    text: ({ paths }) => severalWords(paths),
  },
  sha256: { heading: 'SHA-256', width: '96px', mono: true, text: ({ sha256 }) => text(sha256) },
  calls: {
    ...{ heading: 'calls', width: '80px', mono: true, hidden: true, about: 'identical failing calls are one attempt' },
    text: ({ calls }) => count(calls),
  },
  images: {
    ...{ heading: 'images', width: '72px', mono: true, hidden: true, about: 'distinct images with a hash' },
    text: ({ images }) => count(images),
  },
  size: {
    ...{ heading: 'bytes', width: '96px', mono: true, hidden: true, about: 'of its only image' },
    text: ({ size }) => (size === undefined ? '' : count(size)),
  },
};

/** What the cells of each column are filtered by: the attempts, whose table comes into sight then. */
const HANDLES: Readonly<Partial<Record<RosterTableColumn, (row: RosterRow) => Handle | undefined>>> = {
  name: ({ names, rest }) => (rest ? undefined : handleOf('module.name', names.first[0])),
  first: ({ firstTime }) => handleOf('time', firstTime),
  last: ({ lastTime }) => handleOf('time', lastTime),
  taints: ({ taints }) => handleOf('module.taints', taints?.[0], 'contains'),
  by: ({ programs }) => handleOf('process.comm', programs.first[0]),
  from: ({ paths }) => handleOf('file.path', paths.first[0]),
  sha256: ({ sha256 }) => handleOf('image.sha256', sha256),
};

const ALL = Object.keys(FACTS) as RosterTableColumn[];
const SORTED: ReadonlySet<string> = new Set(ROSTER_COLUMNS);

/** @param grouping - what a row of that kind is called depends on it */
export const rosterTableColumns = (grouping: () => RosterGrouping): readonly RosterTextColumn[] =>
  ALL.map((name) => ({
    ...{ name, ...FACTS[name] },
    ...(HANDLES[name] ? { handle: HANDLES[name] } : {}),
    ...(name === 'name' ? { text: (row: RosterRow) => nameWords(row, grouping()).words } : {}),
    ...(SORTED.has(name) ? {} : { unsorted: true }),
  }));
