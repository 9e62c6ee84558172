/** Which event is in which row of a table. */
import { CALL_KINDS } from '#contract/event.ts';
import type { EventColumn, RowOrder } from '#contract/page.ts';
import { RETURNED, TOOK } from '../capture/events.ts';
import { boundsOf } from '../capture/interval.ts';
import type { LookupQuery } from './key-lookup.ts';
import type { OrderQuery, RowList, StepwiseCondition } from './order-build.ts';

const LOADS = "event.kind IN ('module_load', 'module_free')";

/** What the column shows, asked only where an event of that kind can have it. */
const WHAT = `CASE WHEN ${LOADS} THEN (SELECT name FROM module_fact WHERE module_fact.seq = event.seq)
  WHEN event.kind = 'module_request' THEN (SELECT name FROM request_fact WHERE request_fact.seq = event.seq)
  WHEN event.kind = 'delete_module' THEN (SELECT bytes FROM argument_text
    WHERE argument_text.seq = coalesce(event.like_seq, event.seq) AND argument_text.phase = 'entry')
  ELSE (SELECT path FROM file WHERE file.id = coalesce(event.file_id,
    (SELECT file_id FROM event AS alike WHERE alike.seq = event.like_seq))) END`;

const FILE_ID = 'coalesce(event.file_id, (SELECT file_id FROM event AS alike WHERE alike.seq = event.like_seq))';

/** Of what only calls show. */
const ofCall = (value: string): string =>
  `CASE WHEN event.kind IN (${CALL_KINDS.map((kind) => `'${kind}'`).join(', ')}) THEN ${value} END`;

/** What stands in a table's row that an event names by its id. */
interface Source {
  readonly key: string;
  readonly lookup?: LookupQuery;
}

const lookedUp = (key: string, from: string, id: string, value: string): Source => ({
  key,
  lookup: { id, key: value, from },
});

/** Of the process that an event has. */
export const ofProcess = (value: string, joins = ''): Source =>
  lookedUp('event.process_id', `process ${joins}`, 'process.id', value);

const EXE = 'LEFT JOIN file ON file.id = process.exe_file_id';

/** Keys of columns that both tables have. */
export const SHARED_KEYS = {
  kind: { key: 'event.kind' },
  callId: { key: 'event.call_id' },
  returned: { key: ofCall(RETURNED) },
  duration: { key: ofCall(TOOK) },
  uid: ofProcess('process.uid'),
  exe: ofProcess('file.path', EXE),
  file: lookedUp(ofCall(FILE_ID), 'file', 'file.id', 'file.path'),
} as const satisfies Readonly<Record<string, Source>>;

/** Every order is total: rows that compare equal keep the order of seq. */
const KEYS: Readonly<Record<EventColumn, Source>> = {
  ...SHARED_KEYS,
  seq: { key: 'NULL' },
  time: { key: 'event.ns' },
  process: ofProcess('process.comm'),
  what: { key: WHAT },
  pid: { key: 'coalesce(event.pid, (SELECT pid FROM process WHERE process.id = event.process_id))' },
  tid: { key: 'event.tid' },
  repeat: { key: 'event.repeat' },
};

/** The query of an order; absent values come last in both directions. */
export function eventOrder(order: RowOrder<EventColumn>, filter: StepwiseCondition | undefined): OrderQuery {
  const { sort, descending, within } = order;
  const { from, to } = boundsOf(within);
  return {
    from: 'event',
    where: within ? { where: 'event.ns BETWEEN ? AND ?', params: [from, to] } : { where: 'TRUE', params: [] },
    filter,
    ...KEYS[sort],
    descending,
  };
}

/** All events as they were recorded, where their numbers follow each other without a gap: nothing needs to be read. */
export function naturalOrder(first: number, last: number, descending: boolean): RowList {
  const size = last - first + 1;
  return {
    size,
    progress: undefined,
    at: (index) => (index < size ? (descending ? last - index : first + index) : undefined),
    indexOf: (seq) => (seq < first || seq > last ? -1 : descending ? last - seq : seq - first),
  };
}
