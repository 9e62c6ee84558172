/** Which attempt is in which row of a table, as the seqs of their calls. */
import { VERDICTS, type Verdict } from '#contract/attempt.ts';
import type { AttemptColumn, RowOrder } from '#contract/page.ts';
import type Database from 'better-sqlite3';
import { readable } from '../capture/columns.ts';
import { RETURNED } from '../capture/events.ts';
import { boundsOf } from '../capture/interval.ts';
import { CONTRADICTION_CODES, DIGEST_OF_CALL } from '../filter/places.ts';
import { errnoName } from '../reference/errno.ts';
import { taintNames } from '../reference/taints.ts';
import { ofProcess, SHARED_KEYS } from '../survey/event-order.ts';
import type { OrderQuery, RowList, StepwiseCondition } from '../survey/order-build.ts';
import type { CallList } from './call-list.ts';
import { IS_CALL, JOIN_FILE, TEXT_SEQ } from './calls.ts';

/** A module's name from its file's: hyphens are underscores in the kernel (kmod's rule). */
export function nameOfFile(path: string | undefined): string | undefined {
  const match = /([^/]+)\.ko(?:\.(?:gz|xz|zst))?$/.exec(path ?? '');
  return match?.[1]?.replaceAll('-', '_');
}

/** The name that a table shows: the kernel's own word, that of a load that was shared, the argument, the file's name. */
const MODULE = `CASE event.kind WHEN 'delete_module'
  THEN coalesce(kernels_name(event.call_id, 0), (SELECT bytes FROM argument_text WHERE argument_text.seq = ${TEXT_SEQ}
    AND argument_text.argument = 0 AND argument_text.phase = 'entry'))
  ELSE coalesce(kernels_name(event.call_id, 1), shared_name(event.seq), name_of_file(file.path)) END`;

const PARENT = 'CROSS JOIN process AS parent ON parent.id = process.parent_id';

/** seq of what the kernel said of the module: the load in the call, or the one that was shared, or the free. */
const MODULE_FACT = 'coalesce(kernels_seq(event.call_id, 1), shared_load(event.seq), kernels_seq(event.call_id, 0))';

interface KeySource extends Pick<OrderQuery, 'key' | 'lookup'> {
  readonly joins?: string;
}

const KEYS: Readonly<Record<AttemptColumn, KeySource>> = {
  ...SHARED_KEYS,
  // The list is in order of time.
  time: { key: 'NULL' },
  verdict: { key: 'verdict_rank(event.seq)' },
  module: { key: MODULE, joins: JOIN_FILE },
  by: ofProcess('process.comm'),
  from: SHARED_KEYS.file,
  startedBy: ofProcess('parent.comm', PARENT),
  // As briefCells has it.
  callId: { key: 'coalesce(event.call_id, -event.seq)' },
  errno: { key: `errno_name(${RETURNED})` },
  pid: ofProcess('process.pid'),
  image: { key: DIGEST_OF_CALL },
  taints: { key: `(SELECT taint_names(taints) FROM module_fact WHERE module_fact.seq = ${MODULE_FACT})` },
  contradictions: { key: CONTRADICTION_CODES },
};

/** What the orders call: they cannot ask the database while they are being made. */
export interface OrderFacts {
  verdictAt(seq: number): Verdict | undefined;
  /** The name that a call has from the load that it shared. */
  sharedName(seq: number): string | undefined;
  /** seq of what the kernel loaded, or freed, in a call. */
  kernelsSeq(callId: number, loaded: boolean): bigint | undefined;
}

/** Functions that the orders call; the filters' own are there besides. */
export function addFunctions(database: Database.Database, facts: OrderFacts): void {
  database.function('shared_name', (seq: unknown) => facts.sharedName(Number(seq)) ?? null);
  database.function('verdict_rank', (seq: unknown) => {
    const verdict = facts.verdictAt(Number(seq));
    return verdict === undefined ? null : BigInt(VERDICTS.indexOf(verdict));
  });
  database.function('kernels_seq', (callId: unknown, loaded: unknown) =>
    typeof callId === 'bigint' ? (facts.kernelsSeq(Number(callId), loaded === 1n) ?? null) : null,
  );
  database.function('errno_name', { deterministic: true }, (returned: unknown) =>
    typeof returned === 'bigint' ? (errnoName(returned) ?? null) : null,
  );
  database.function('taint_names', { deterministic: true }, (mask: unknown) =>
    typeof mask === 'bigint' && mask !== 0n ? taintNames(mask).join(' ') : null,
  );
  database.function('name_of_file', { deterministic: true }, (path: unknown) =>
    typeof path === 'string' || Buffer.isBuffer(path) ? (nameOfFile(readable(path)) ?? null) : null,
  );
}

/** The query of an order: equal rows keep the order of time, which turns with the direction. */
export function attemptOrder(
  order: RowOrder<AttemptColumn>,
  filter: StepwiseCondition | undefined,
  list: CallList,
): OrderQuery {
  const { sort, descending, within } = order;
  const { joins = '', ...source } = KEYS[sort];
  const { from, to } = boundsOf(within);
  const during = within ? ' AND event.ns BETWEEN ? AND ?' : '';
  return {
    from: `event ${joins}`,
    where: { where: `+event.${IS_CALL}${during}`, params: within ? [from, to] : [] },
    filter,
    // Where not all calls have a place in the order of time yet, their moments put them there.
    ...(sort === 'time' && !list.isWhole ? { key: 'event.ns' } : { ...source, ties: list }),
    descending,
  };
}

/** All attempts of an interval in order of time: nothing needs to be read for it. */
export function timeOrder(list: CallList, order: RowOrder<AttemptColumn>, progress: RowList['progress']): RowList {
  const { from, to } = boundsOf(order.within);
  const first = list.firstAtOrAfter(from);
  const end = Math.max(first, list.firstAfter(to, first));
  const placeOf = (index: number): number => (order.descending ? end - 1 - index : first + index);
  return {
    size: end - first,
    progress,
    at: (index) => (index < end - first ? list.seqAt(placeOf(index)) : undefined),
    indexOf: (seq) => {
      const place = list.indexOf(seq) ?? -1;
      return place < first || place >= end ? -1 : order.descending ? end - 1 - place : place - first;
    },
  };
}

/**
 * All attempts of an interval by their verdict: the list holds all that is needed.
 * @param stays whether it is to be the same while others are judged
 */
export function verdictOrder(
  list: CallList,
  order: RowOrder<AttemptColumn>,
  progress: RowList['progress'],
  stays: boolean,
): RowList {
  const { from, to } = boundsOf(order.within);
  const first = list.firstAtOrAfter(from);
  const end = Math.max(first, list.firstAfter(to, first));
  const size = end - first;
  const { placeAt, indexOf } = list.byVerdict(first, end);
  const listed = stays ? list.listByVerdict(first, end) : undefined;
  const turned = (index: number): number => (order.descending ? size - 1 - index : index);
  return {
    size,
    progress,
    at: (index) => {
      const place = index < size ? (listed?.[turned(index)] ?? placeAt(turned(index))) : undefined;
      return place === undefined ? undefined : list.seqAt(place);
    },
    indexOf: (seq) => {
      const index = indexOf(list.indexOf(seq) ?? -1);
      return index < 0 ? -1 : turned(index);
    },
  };
}
