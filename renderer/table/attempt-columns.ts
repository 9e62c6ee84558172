/** The columns of the table of attempts, and their cells as texts. */
import type { Attempt } from '#contract/attempt.ts';
import type { EXPORT_COLUMNS } from '#contract/row-export.ts';
import { originOf, returnedOf, startedBy } from '../format/attempts.ts';
import { duration } from '../format/numbers.ts';
import { durationHandle, handleOf, returnHandle, type Handle } from '../filter/handles.ts';
import { VERDICT_LOOKS } from '../format/verdicts.ts';
import type { TextColumn } from './column.ts';

export type AttemptTableColumn = keyof (typeof EXPORT_COLUMNS)['attempts'];

type AttemptTextColumn = TextColumn<Attempt, AttemptTableColumn>;

const text = (value: string | number | undefined): string => (value === undefined ? '' : String(value));

/** The first of an image's 64 digits. */
export const shortHash = (attempt: Attempt): string => attempt.image?.sha256?.slice(0, 12) ?? '';

const COLUMNS: readonly AttemptTextColumn[] = [
  { name: 'time', heading: 'time', width: '106px', mono: true, text: ({ time }) => time },
  { name: 'verdict', heading: 'verdict', width: '122px', text: ({ verdict }) => VERDICT_LOOKS[verdict].word },
  {
    ...{ name: 'module', heading: 'module', width: 'minmax(122px, 1.2fr)', mono: true },
    text: ({ module }) => text(module?.name),
  },
  {
    ...{ name: 'by', heading: 'by', width: 'minmax(84px, 0.8fr)', about: 'name of the process that called' },
    text: ({ process }) => text(process?.comm),
  },
  {
    ...{ name: 'from', heading: 'from', width: 'minmax(96px, 2fr)', mono: true, keepsEnd: true },
    about: 'where the bytes came from',
    text: originOf,
  },
  { name: 'returned', heading: 'returned', width: '100px', mono: true, text: returnedOf },
  {
    ...{ name: 'startedBy', heading: 'started by', width: 'minmax(86px, 1.4fr)' },
    about: 'the user, and the processes that led to the caller',
    text: startedBy,
  },
  {
    ...{ name: 'callId', heading: 'call', width: '64px', mono: true, hidden: true, about: 'the call’s number' },
    text: ({ callId }) => text(callId),
  },
  { name: 'kind', heading: 'kind', width: '110px', hidden: true, text: ({ kind }) => kind },
  {
    ...{ name: 'errno', heading: 'errno', width: '108px', mono: true, hidden: true },
    text: ({ errno }) => text(errno),
  },
  {
    ...{ name: 'duration', heading: 'duration', width: '80px', mono: true, hidden: true },
    text: ({ durationNs }) => (durationNs === undefined ? '' : duration(Number(durationNs))),
  },
  {
    ...{ name: 'pid', heading: 'pid', width: '72px', mono: true, hidden: true },
    text: ({ process }) => text(process?.pid),
  },
  {
    ...{ name: 'uid', heading: 'uid', width: '64px', mono: true, hidden: true },
    text: ({ process }) => text(process?.uid),
  },
  {
    ...{ name: 'exe', heading: 'program', width: 'minmax(110px, 1.4fr)', mono: true, keepsEnd: true, hidden: true },
    text: ({ process }) => text(process?.exe),
  },
  {
    ...{ name: 'image', heading: 'image', width: '108px', mono: true, hidden: true },
    about: 'SHA-256 of the bytes',
    text: ({ image }) => text(image?.sha256),
  },
  {
    ...{ name: 'taints', heading: 'taints', width: 'minmax(80px, 1fr)', hidden: true },
    text: ({ module }) => module?.taints?.join(' ') ?? '',
  },
  {
    ...{ name: 'contradictions', heading: 'contradictions', width: 'minmax(100px, 1.4fr)', hidden: true },
    text: ({ contradictions }) => contradictions.map(({ code }) => code).join(' '),
  },
];

/** What the cells of each column are filtered by. */
const HANDLES: Readonly<Record<AttemptTableColumn, (row: Attempt) => Handle | undefined>> = {
  time: ({ time }) => handleOf('time', time),
  verdict: ({ verdict }) => handleOf('verdict', verdict),
  module: ({ module }) => handleOf('module.name', module?.name),
  by: ({ process }) => handleOf('process.comm', process?.comm),
  from: ({ file }) => handleOf('file.path', file?.path),
  returned: returnHandle,
  startedBy: ({ process }) => handleOf('process.ancestor', process?.ancestors[0]?.comm),
  callId: ({ callId }) => handleOf('call.id', callId),
  kind: ({ kind }) => handleOf('kind', kind),
  errno: ({ errno }) => handleOf('errno', errno),
  duration: ({ durationNs }) => durationHandle(durationNs),
  pid: ({ process }) => handleOf('process.pid', process?.pid),
  uid: ({ process }) => handleOf('process.uid', process?.uid),
  exe: ({ process }) => handleOf('process.exe', process?.exe),
  image: ({ image }) => handleOf('image.sha256', image?.sha256),
  taints: ({ module }) => handleOf('module.taints', module?.taints?.[0], 'contains'),
  contradictions: ({ contradictions }) => handleOf('contradiction', contradictions[0]?.code),
};

export const ATTEMPT_TABLE_COLUMNS: readonly AttemptTextColumn[] = COLUMNS.map((column) => ({
  ...column,
  handle: HANDLES[column.name],
}));
