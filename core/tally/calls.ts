/**
 * All calls of a capture in the order in which they were recorded, a piece at a time, for whoever counts them. Where
 * they come from can be exchanged; what is counted does not know.
 */
import { LEAST_INTEGER } from '../capture/integers.ts';
import type Database from 'better-sqlite3';
import { BRIEF, briefCells, JOIN_FILE, TEXT_SEQ, type BriefCall } from '../attempt/calls.ts';
import type { Judge, Judgement } from '../attempt/judge.ts';
import type { RowList } from '../survey/order-build.ts';

/** The process that called, as it was at the call. */
export interface Caller {
  readonly pid: bigint;
  /** Boot time. */
  readonly startNs: bigint;
  readonly comm: unknown;
  readonly uid: bigint | undefined;
  readonly exeFileId: bigint | undefined;
  readonly parentId: bigint | undefined;
  /** The recorder did not keep all of its parents. */
  readonly cut: boolean;
}

export interface CountedCall {
  readonly call: BriefCall;
  readonly judgement: Pick<Judgement, 'verdict' | 'life' | 'free'>;
  /** Undefined where it is not recorded. */
  readonly caller: Caller | undefined;
  /** seq of the single call that it is identical to. */
  readonly likeSeq: bigint | undefined;
  /** Of its file, or of that of the call that it is identical to. */
  readonly fileId: bigint | undefined;
  /** delete_module's name, as it was read first; only where names are asked for. */
  readonly argument: unknown;
}

/** Counted calls after one event, and the event that was read last; undefined at the end. */
export interface Piece {
  readonly calls: readonly CountedCall[];
  readonly last: bigint | undefined;
}

export interface CallSource {
  /** The last event there is. */
  readonly end: bigint;
  /** Asked with the last one of the piece before, from BEFORE_ALL on. */
  after(last: bigint): Piece;
}

/** Before every event: recorders count from 1, others may have begun anywhere. */
export const BEFORE_ALL = LEAST_INTEGER;

/** Events that are read at once: some milliseconds of work. */
const PIECE = 500;

const CALLS = new Set<unknown>(['finit_module', 'init_module', 'delete_module']);

const text = (phase: 'entry' | 'return'): string => `(SELECT bytes FROM argument_text AS t
  WHERE t.seq = ${TEXT_SEQ} AND t.argument = 0 AND t.phase = '${phase}')`;

const ARGUMENT = `CASE event.kind WHEN 'delete_module' THEN coalesce(${text('entry')}, ${text('return')}) END`;

/** Cells of BRIEF. */
const BRIEF_CELLS = 9;

const sql = (names: boolean, which: string): string => `
  SELECT ${BRIEF}, event.like_seq, file.id, process.pid, process.start_boot_ns, process.comm, process.uid,
    process.exe_file_id, process.parent_id, process.chain_state, ${names ? ARGUMENT : 'NULL'}
  FROM event ${JOIN_FILE} LEFT JOIN process ON process.id = event.process_id
  WHERE ${which}`;

const ALL = `event.seq > ? AND event.seq <= ? ORDER BY event.seq LIMIT ${String(PIECE)}`;
const ONE = 'event.seq = ?';

const some = (cell: unknown): bigint | undefined => (typeof cell === 'bigint' ? cell : undefined);

/** Most calls failed without a trace, which is found without looking at anything else. */
function judgementOf(call: BriefCall, judge: Judge): CountedCall['judgement'] {
  const verdict = judge.failedAlone(call);
  return verdict === undefined ? judge.judge(call) : { verdict, life: undefined, free: undefined };
}

function counted(cells: readonly unknown[], judge: Judge): CountedCall {
  const call = briefCells(cells);
  const [likeSeq, fileId, pid, startNs, comm, uid, exe, parent, chain, argument] = cells.slice(BRIEF_CELLS);
  const caller =
    typeof pid === 'bigint' && typeof startNs === 'bigint'
      ? {
          ...{ pid, startNs, comm, uid: some(uid), exeFileId: some(exe), parentId: some(parent) },
          cut: chain === 'cut',
        }
      : undefined;
  return { call, judgement: judgementOf(call, judge), caller, likeSeq: some(likeSeq), fileId: some(fileId), argument };
}

/** Which calls are counted. */
export interface Scope {
  readonly judge: Judge;
  /** The last event; absent where all are. */
  readonly end?: bigint;
  /** Only these calls, in this order; all up to `end` where absent. */
  readonly list?: RowList;
  /** True where these are only the first ones. */
  readonly preview?: boolean;
}

/** @param names - whether the names that delete_module was given are wanted */
export function callsOf(database: Database.Database, scope: Scope, names: boolean): CallSource {
  const { judge, list } = scope;
  const end = scope.end ?? database.prepare<[], bigint | null>('SELECT max(seq) FROM event').pluck().get() ?? 0n;
  if (list) {
    const one = database.prepare<[number], unknown[]>(sql(names, ONE)).raw();
    return listed(list, end, (seq) => counted(one.get(seq) ?? [], judge));
  }
  const statement = database.prepare<[bigint, bigint], unknown[]>(sql(names, ALL)).raw();
  return {
    end,
    after: (seq) => {
      const rows = statement.all(seq, end);
      const last = rows.at(-1)?.[0];
      const calls = rows.filter((cells) => CALLS.has(cells[2])).map((cells) => counted(cells, judge));
      return { calls, last: typeof last === 'bigint' ? last : undefined };
    },
  };
}

/** What is told of as the last event is the share of the list that was read: lists have an order of their own. */
function listed(list: RowList, end: bigint, callAt: (seq: number) => CountedCall): CallSource {
  let next = 0;
  return {
    end,
    after: (last) => {
      if (last === BEFORE_ALL) next = 0;
      const until = Math.min(next + PIECE, list.size);
      const calls: CountedCall[] = [];
      for (; next < until; next++) {
        const seq = list.at(next);
        if (seq !== undefined) calls.push(callAt(seq));
      }
      if (calls.length === 0) return { calls, last: undefined };
      return { calls, last: end > 0n ? (end * BigInt(next)) / BigInt(list.size) : 0n };
    },
  };
}
