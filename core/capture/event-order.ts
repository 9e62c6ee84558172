/** Which event is in which row of a sorted table. */
import type { EventColumn, RowOrder } from '#contract/page.ts';
import type Database from 'better-sqlite3';
import type { WhereOf } from './orders.ts';
import { boundsOf } from './interval.ts';

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

/** The seqs in order; absent values come last in both directions. */
export function eventOrder(database: Database.Database, order: RowOrder<EventColumn>, whereOf: WhereOf): Float64Array {
  const { sort, descending, within } = order;
  const direction = descending ? 'DESC' : 'ASC';
  const { from, to } = boundsOf(within);
  const { where, params } = whereOf(order.filter ?? '');
  const found = database
    .prepare<unknown[], bigint>(
      `SELECT event.seq FROM event ${JOINS[sort] ?? ''} WHERE event.ns BETWEEN ? AND ? AND (${where})
       ORDER BY ${KEYS[sort]} ${direction} NULLS LAST, event.seq ${direction}`,
    )
    .pluck()
    .all(from, to, ...params);
  return Float64Array.from(found, Number);
}
