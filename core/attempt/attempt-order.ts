/** Which attempt is in which row of a sorted table, as the seqs of their calls. */
import { VERDICTS } from '#contract/attempt.ts';
import type { AttemptColumn, RowOrder } from '#contract/page.ts';
import type Database from 'better-sqlite3';
import { readable } from '../capture/columns.ts';
import { RETURNED } from '../capture/events.ts';
import { boundsOf, type Bounds } from '../capture/interval.ts';
import type { WhereOf } from '../capture/orders.ts';
import type { CallList } from './call-list.ts';
import { IS_CALL, JOIN_FILE, TEXT_SEQ } from './calls.ts';

/** A module's name from its file's: hyphens are underscores in the kernel (kmod's rule). */
export function nameOfFile(path: string | undefined): string | undefined {
  const match = /([^/]+)\.ko(?:\.(?:gz|xz|zst))?$/.exec(path ?? '');
  return match?.[1]?.replaceAll('-', '_');
}

/** What the kernel loaded or freed in each call. */
const KERNELS_WORD = `(SELECT stage.call_id, stage.kind, module_fact.name FROM event AS stage
  JOIN module_fact ON module_fact.seq = stage.seq
  WHERE stage.kind IN ('module_load', 'module_free') AND stage.call_id IS NOT NULL
  GROUP BY stage.call_id, stage.kind)`;

/** The name that a table shows: the kernel's own word, the argument, the file's name. */
const MODULE = `coalesce(kernel.name, shared_name(event.seq),
  CASE event.kind WHEN 'delete_module' THEN argument_text.bytes ELSE name_of_file(file.path) END)`;

const JOIN_PROCESS = 'LEFT JOIN process ON process.id = event.process_id';

const SQL_ORDERS: Readonly<Record<Exclude<AttemptColumn, 'time' | 'verdict'>, { key: string; joins: string }>> = {
  module: {
    key: MODULE,
    joins: `${JOIN_FILE}
      LEFT JOIN argument_text ON argument_text.seq = ${TEXT_SEQ} AND argument_text.argument = 0
        AND argument_text.phase = 'entry'
      LEFT JOIN ${KERNELS_WORD} AS kernel ON kernel.call_id = event.call_id
        AND kernel.kind = CASE event.kind WHEN 'delete_module' THEN 'module_free' ELSE 'module_load' END`,
  },
  by: { key: 'process.comm', joins: JOIN_PROCESS },
  from: { key: 'file.path', joins: JOIN_FILE },
  returned: { key: RETURNED, joins: '' },
  startedBy: {
    key: 'parent.comm',
    joins: `${JOIN_PROCESS} LEFT JOIN process AS parent ON parent.id = process.parent_id`,
  },
};

/** Functions that the orders call. */
export function addFunctions(database: Database.Database, calls: () => CallList): void {
  database.function('shared_name', (seq: unknown) => calls().sharedName(Number(seq)) ?? null);
  database.function('name_of_file', { deterministic: true }, (path: unknown) =>
    typeof path === 'string' || Buffer.isBuffer(path) ? (nameOfFile(readable(path)) ?? null) : null,
  );
}

function byVerdict(calls: CallList, first: number, end: number): Float64Array {
  const seqs = new Float64Array(end - first);
  let at = 0;
  for (const verdict of VERDICTS) {
    for (let position = first; position < end; position++) {
      if (calls.verdictAt(position) === verdict) seqs[at++] = calls.seqs[position] ?? 0;
    }
  }
  return seqs;
}

function bySql(
  database: Database.Database,
  order: { key: string; joins: string },
  down: boolean,
  bounds: Bounds,
  { where, params }: ReturnType<WhereOf>,
) {
  const direction = down ? 'DESC' : 'ASC';
  const found = database
    .prepare<unknown[], bigint>(
      `SELECT event.seq FROM event ${order.joins} WHERE event.${IS_CALL} AND event.ns BETWEEN ? AND ? AND (${where})
       ORDER BY ${order.key} ${direction} NULLS LAST, event.ns ${direction}, event.seq ${direction}`,
    )
    .pluck()
    .all(bounds.from, bounds.to, ...params);
  return Float64Array.from(found, Number);
}

/** Equal rows keep the order of time, which turns with the direction; absent values come last in both directions. */
export function attemptOrder(
  database: Database.Database,
  calls: CallList,
  order: RowOrder<AttemptColumn>,
  whereOf: WhereOf,
) {
  const bounds = boundsOf(order.within);
  const condition = whereOf(order.filter ?? '');
  const { sort, descending } = order;
  if (sort !== 'time' && sort !== 'verdict') return bySql(database, SQL_ORDERS[sort], descending, bounds, condition);
  const first = calls.firstAtOrAfter(bounds.from);
  let end = Math.max(first, calls.firstAtOrAfter(bounds.to));
  while (end < calls.size && calls.ns[end] === bounds.to) end++;
  let seqs = sort === 'time' ? calls.seqs.slice(first, end) : byVerdict(calls, first, end);
  if (order.filter) {
    const kept = new Set(bySql(database, { key: 'event.ns', joins: '' }, false, bounds, condition));
    seqs = seqs.filter((seq) => kept.has(seq));
  }
  return descending ? seqs.reverse() : seqs;
}
