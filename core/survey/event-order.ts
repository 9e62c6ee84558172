/** Which event is in which row of a table. */
import type { EventColumn, RowOrder } from '#contract/page.ts';
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

const PROCESS = { id: 'process.id', key: 'process.comm', from: 'process' };

/** Every order is total: rows that compare equal keep the order of seq. */
const KEYS: Readonly<Record<EventColumn, { readonly key: string; readonly lookup?: LookupQuery }>> = {
  seq: { key: 'NULL' },
  time: { key: 'event.ns' },
  kind: { key: 'event.kind' },
  process: { key: 'event.process_id', lookup: PROCESS },
  what: { key: WHAT },
  returned: {
    key: 'coalesce(event.return_value, (SELECT return_value FROM call_return WHERE call_return.seq = event.seq))',
  },
  callId: { key: 'event.call_id' },
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
