/** The columns of the table of events, and their cells as texts. */
import type { Event } from '#contract/event.ts';
import type { EXPORT_COLUMNS } from '#contract/row-export.ts';
import { durationHandle, handleOf, returnHandle, type Handle } from '../filter/handles.ts';
import { nameOf } from '../format/attempts.ts';
import { returnedOf, subjectOf } from '../format/events.ts';
import { count, duration } from '../format/numbers.ts';
import type { TextColumn } from './column.ts';

export type EventTableColumn = keyof (typeof EXPORT_COLUMNS)['events'];

type EventTextColumn = TextColumn<Event, EventTableColumn>;

const text = (value: string | number | undefined): string => (value === undefined ? '' : String(value));

const COLUMNS: readonly EventTextColumn[] = [
  { name: 'seq', heading: 'seq', width: '60px', mono: true, text: ({ seq }) => text(seq) },
  { name: 'time', heading: 'time', width: '128px', mono: true, text: ({ time }) => time },
  { name: 'kind', heading: 'kind', width: '116px', text: ({ kind }) => kind },
  {
    ...{ name: 'process', heading: 'process', width: 'minmax(116px, 1fr)' },
    text: ({ process }) => (process ? nameOf(process) : ''),
  },
  { name: 'returned', heading: 'returned', width: '100px', mono: true, text: returnedOf },
  { name: 'what', heading: 'what', width: 'minmax(110px, 3fr)', mono: true, text: subjectOf },
  {
    ...{ name: 'callId', heading: 'call', width: '60px', mono: true, about: 'the call’s number' },
    text: ({ callId }) => text(callId),
  },
  {
    ...{ name: 'pid', heading: 'pid', width: '72px', mono: true, hidden: true },
    text: (event) => text(event.pid ?? event.process?.pid),
  },
  { name: 'tid', heading: 'tid', width: '72px', mono: true, hidden: true, text: ({ tid }) => text(tid) },
  {
    ...{ name: 'uid', heading: 'uid', width: '64px', mono: true, hidden: true },
    text: ({ process }) => text(process?.uid),
  },
  {
    ...{ name: 'exe', heading: 'program', width: 'minmax(110px, 1.4fr)', mono: true, keepsEnd: true, hidden: true },
    text: ({ process }) => text(process?.exe),
  },
  {
    ...{ name: 'file', heading: 'file', width: 'minmax(110px, 1.6fr)', mono: true, keepsEnd: true, hidden: true },
    text: ({ file }) => text(file?.path),
  },
  {
    ...{ name: 'duration', heading: 'duration', width: '80px', mono: true, hidden: true },
    text: ({ durationNs }) => (durationNs === undefined ? '' : duration(Number(durationNs))),
  },
  {
    ...{ name: 'repeat', heading: 'repeat', width: '72px', mono: true, hidden: true },
    about: 'how many identical failing calls the row stands for',
    text: ({ repeat }) => count(repeat),
  },
];

/** What the cells of each column are filtered by. */
const HANDLES: Readonly<Record<EventTableColumn, (row: Event) => Handle | undefined>> = {
  seq: ({ seq }) => handleOf('seq', seq),
  time: ({ time }) => handleOf('time', time),
  kind: ({ kind }) => handleOf('kind', kind),
  process: ({ process }) => handleOf('process.comm', process?.comm),
  returned: returnHandle,
  what: ({ module, request, file }) =>
    module
      ? handleOf('module.name', module.name)
      : request
        ? handleOf('request.name', request.name)
        : handleOf('file.path', file?.path),
  callId: ({ callId }) => handleOf('call.id', callId),
  // A row can have the number of a process of which nothing else is known.
  pid: ({ pid, process }) => (pid === undefined ? handleOf('process.pid', process?.pid) : handleOf('pid', pid)),
  tid: ({ tid }) => handleOf('tid', tid),
  uid: ({ process }) => handleOf('process.uid', process?.uid),
  exe: ({ process }) => handleOf('process.exe', process?.exe),
  file: ({ file }) => handleOf('file.path', file?.path),
  duration: ({ durationNs }) => durationHandle(durationNs),
  repeat: ({ repeat }) => handleOf('repeat', repeat),
};

export const EVENT_TABLE_COLUMNS: readonly EventTextColumn[] = COLUMNS.map((column) => ({
  ...column,
  handle: HANDLES[column.name],
}));
