/** Which event is in which row of a table. */
import type { EventColumn, RowOrder } from '#contract/page.ts';
import { boundsOf } from '../capture/interval.ts';
import type { Condition, OrderQuery, RowList } from './order-build.ts';

/** Every order is total: rows that compare equal keep the order of seq. */
const KEYS: Readonly<Record<EventColumn, string>> = {
  seq: 'event.seq',
  time: 'event.ns',
  kind: 'event.kind',
  process: 'process.comm',
  what: 'coalesce(file.path, module_fact.name, request_fact.name, argument_text.bytes)',
  returned: 'coalesce(event.return_value, call_return.return_value)',
  callId: 'event.call_id',
};

const JOINS: Partial<Readonly<Record<EventColumn, string>>> = {
  process: 'LEFT JOIN process ON process.id = event.process_id',
  what: `LEFT JOIN event AS alike ON alike.seq = event.like_seq
         LEFT JOIN file ON file.id = coalesce(event.file_id, alike.file_id) LEFT JOIN module_fact ON module_fact.seq = event.seq
         LEFT JOIN request_fact ON request_fact.seq = event.seq
         LEFT JOIN argument_text ON argument_text.seq = coalesce(event.like_seq, event.seq) AND argument_text.phase = 'entry'
           AND event.kind = 'delete_module'`,
  returned: 'LEFT JOIN call_return ON call_return.seq = event.seq',
};

/** The query of an order; absent values come last in both directions. */
export function eventOrder(order: RowOrder<EventColumn>, filter: Condition | undefined): OrderQuery {
  const { sort, descending, within } = order;
  const { from, to } = boundsOf(within);
  return {
    from: `event ${JOINS[sort] ?? ''}`,
    where:
      [...(within ? ['event.ns BETWEEN ? AND ?'] : []), ...(filter ? [`(${filter.where})`] : [])].join(' AND ') ||
      'TRUE',
    params: [...(within ? [from, to] : []), ...(filter?.params ?? [])],
    key: KEYS[sort],
    byTime: false,
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
