/** The calls of a capture: briefly for all of them, and each with what its attempt says of it. */
import { CALL_KINDS, type CallKind } from '#contract/event.ts';
import type Database from 'better-sqlite3';
import { anyText, bytesOrNone, integerOrNone, readable, type Row } from '../capture/columns.ts';
import { RETURNED, TOOK } from '../capture/events.ts';
import { CaptureError } from '../capture/failure.ts';

/** What a verdict depends on. */
export interface BriefCall {
  readonly seq: bigint;
  /** Boot time of the entry. */
  readonly ns: bigint;
  readonly kind: CallKind;
  readonly callId: number;
  readonly fileId: bigint | undefined;
  readonly returned: bigint | undefined;
  /** Nanoseconds from entry to return. */
  readonly took: bigint | undefined;
  /** How many identical failing calls the row stands for. */
  readonly repeat: number;
  /** Boot time of the last of them. */
  readonly lastNs: bigint | undefined;
}

export interface Call extends BriefCall {
  /** Boot time of the first one, where the row stands for several. */
  readonly firstNs: bigint | undefined;
  /** seq of the single call that they are identical to. */
  readonly likeSeq: bigint | undefined;
  readonly tid: bigint | undefined;
  readonly processId: bigint | undefined;
  readonly filePath: string | undefined;
  /** Whether the file is a regular one; undefined where there is no file, or its type is not recorded. */
  readonly fileIsRegular: boolean | undefined;
  readonly flags: bigint | undefined;
  /** delete_module's name, as first read, or failing that as read at return. */
  readonly name: string | undefined;
}

export const IS_CALL = `kind IN (${CALL_KINDS.map((kind) => `'${kind}'`).join(',')})`;

/** The same, 1 or 0, as the indexes have it, to the letter. */
export const INDEXED_IS_CALL = `(${CALL_KINDS.map((kind) => `kind = '${kind}'`).join(' OR ')})`;
export const INDEXED_ARE_CALLS = `${INDEXED_IS_CALL} = 1`;

/** Columns of a BriefCall; the name `event` is the call's row. */
export const BRIEF = `event.seq, event.ns, event.kind, event.call_id, event.file_id, ${RETURNED} AS returned,
  ${TOOK} AS took, event.repeat, event.last_ns`;

/** The file of a call, of coalesced ones that of the call that they are identical to. Put after `event`. */
export const JOIN_FILE = `LEFT JOIN event AS alike ON alike.seq = event.like_seq
  LEFT JOIN file ON file.id = coalesce(event.file_id, alike.file_id)`;

/** Whose texts are a call's. */
export const TEXT_SEQ = 'coalesce(event.like_seq, event.seq)';

/** delete_module's name as it was read first. */
const readName = (phase: 'entry' | 'return'): string =>
  `(SELECT bytes FROM argument_text t WHERE t.seq = ${TEXT_SEQ} AND t.argument = 0 AND t.phase = '${phase}')`;

/** The same, or failing that as it was read at return. */
export const READ_NAME = `coalesce(${readName('entry')}, ${readName('return')})`;

const WHOLE = `
  SELECT ${BRIEF}, event.first_ns, event.like_seq, event.tid, event.process_id, file.id AS known_file,
    coalesce(event.arg1, alike.arg1) AS arg1, coalesce(event.arg2, alike.arg2) AS arg2,
    file.path AS file_path, file.mode AS file_mode, ${READ_NAME} AS text
  FROM event ${JOIN_FILE} WHERE event.seq = ? AND event.${IS_CALL}`;

const KINDS: ReadonlyMap<unknown, CallKind> = new Map(CALL_KINDS.map((kind) => [kind, kind]));

/** A row of BRIEF, cell by cell: a million rows are read this way at once. Safe integers may come as numbers. */
export function briefCells(cells: readonly unknown[]): BriefCall {
  const [seq, ns, kind, callId, fileId, returned, took, repeat, lastNs] = cells;
  const known = KINDS.get(kind);
  const some = (cell: unknown): bigint | undefined =>
    typeof cell === 'bigint' ? cell : Number.isSafeInteger(cell) ? BigInt(cell as number) : undefined;
  const [number, moment, calls] = [some(seq), some(ns), some(repeat)];
  if (number === undefined || moment === undefined || known === undefined || calls === undefined) {
    throw new CaptureError('damaged', 'the capture is damaged: a call does not hold what calls hold');
  }
  return {
    seq: number,
    ns: moment,
    kind: known,
    // A call without a number, which no recorder writes, gets one that no other has.
    callId: Number(some(callId) ?? -number),
    fileId: some(fileId),
    returned: some(returned),
    took: some(took),
    repeat: Number(calls),
    lastNs: some(lastNs),
  };
}

const CELLS = ['seq', 'ns', 'kind', 'call_id', 'file_id', 'returned', 'took', 'repeat', 'last_ns'] as const;

/** A row that begins with BRIEF. */
export function briefCall(row: Row): BriefCall {
  return briefCells(CELLS.map((name) => row[name]));
}

/** S_IFMT and S_IFREG (inode(7)). */
const TYPE_BITS = 0o170000n;
const REGULAR = 0o100000n;

/** Which argument holds a call's flags. */
const FLAGS: Partial<Readonly<Record<CallKind, string>>> = { finit_module: 'arg2', delete_module: 'arg1' };

export class Calls {
  readonly #whole: Database.Statement<[bigint], Row>;
  readonly #brief: Database.Statement<[bigint], Row>;
  readonly #seq: Database.Statement<[number], bigint>;

  constructor(database: Database.Database) {
    this.#whole = database.prepare<[bigint], Row>(WHOLE);
    this.#brief = database.prepare<[bigint], Row>(`SELECT ${BRIEF} FROM event WHERE event.seq = ?`);
    this.#seq = database
      .prepare<[number], bigint>(`SELECT seq FROM event WHERE call_id = ? AND ${IS_CALL} ORDER BY seq LIMIT 1`)
      .pluck();
  }

  /** seq of a call's event; undefined where there is no such call. */
  seqOf(callId: number): bigint | undefined {
    const unnumbered = callId < 0 && Number.isSafeInteger(callId) ? BigInt(-callId) : undefined;
    return this.#seq.get(callId) ?? unnumbered;
  }

  /** The call with that seq, which must be one. */
  brief(seq: bigint): BriefCall | undefined {
    const row = this.#brief.get(seq);
    return row && briefCall(row);
  }

  get(seq: bigint): Call | undefined {
    const row = this.#whole.get(seq);
    if (!row) return undefined;
    const brief = briefCall(row);
    const text = brief.kind === 'delete_module' ? bytesOrNone(row, 'text') : undefined;
    const flags = FLAGS[brief.kind];
    const mode = integerOrNone(row, 'file_mode');
    return {
      ...brief,
      fileId: integerOrNone(row, 'known_file'),
      firstNs: integerOrNone(row, 'first_ns'),
      likeSeq: integerOrNone(row, 'like_seq'),
      tid: integerOrNone(row, 'tid'),
      processId: integerOrNone(row, 'process_id'),
      filePath: anyText(row, 'file_path'),
      fileIsRegular: mode === undefined ? undefined : (mode & TYPE_BITS) === REGULAR,
      flags: flags === undefined ? undefined : integerOrNone(row, flags),
      name: text === undefined ? undefined : readable(text),
    };
  }
}
