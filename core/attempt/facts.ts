/**
 * All facts that attempts are made of, read once in the order of time: small, so that a hundred thousand calls fit.
 * Texts, files and processes are fetched later, for the attempts that are looked at.
 */
import type { CallKind, EventKind } from '#contract/event.ts';
import { CALLS_WITH_RETURN } from '../capture/events.ts';
import {
  anyText,
  bytesOrNone,
  integer,
  integerOrNone,
  plainText,
  readable,
  small,
  word,
  type Row,
} from '../capture/columns.ts';
import type { Capture } from '../capture/open.ts';

export interface CallFact {
  readonly callId: number;
  readonly seq: bigint;
  readonly ns: bigint;
  readonly kind: CallKind;
  readonly tid: bigint | undefined;
  readonly processId: bigint | undefined;
  readonly fileId: bigint | undefined;
  readonly fileKey: string | undefined;
  readonly filePath: string | undefined;
  readonly comm: string;
  readonly flags: bigint | undefined;
  readonly returned: bigint | undefined;
  readonly took: bigint | undefined;
  readonly repeat: number;
  /** delete_module's name, as first read, or failing that as read at return. */
  readonly name: string | undefined;
}

export interface StageFact {
  readonly seq: bigint;
  readonly ns: bigint;
  readonly callId: number | undefined;
}

export interface ModuleChange extends StageFact {
  readonly loads: boolean;
  readonly address: bigint;
  readonly name: string;
}

export interface RequestFact extends StageFact {
  readonly name: string;
}

export interface LossInterval {
  readonly seq: bigint;
  readonly source: string;
  readonly lost: number;
  readonly fromNs: bigint;
  readonly toNs: bigint;
}

/** Which parts of the kernel were watched; what was not watched proves nothing by its absence. */
export type Watched = ReadonlySet<string>;

export interface Facts {
  readonly calls: readonly CallFact[];
  readonly modules: readonly ModuleChange[];
  readonly images: readonly (StageFact & { readonly size: bigint })[];
  readonly requests: readonly RequestFact[];
  readonly losses: readonly LossInterval[];
  readonly watched: Watched;
  /** Names in /proc/modules when the recording ended; undefined where that is not recorded. */
  readonly loadedAtStop: ReadonlySet<string> | undefined;
  readonly loadedAtStart: ReadonlySet<string> | undefined;
  readonly lastNs: bigint;
}

const CALLS = `
  SELECT call.*, file.dev_major AS f_major, file.dev_minor AS f_minor, file.inode AS f_inode, file.path AS f_path,
         process.comm AS comm,
         coalesce((SELECT bytes FROM argument_text t WHERE t.seq = call.seq AND t.phase = 'entry'),
                  (SELECT bytes FROM argument_text t WHERE t.seq = call.seq AND t.phase = 'return')) AS text
  FROM (${CALLS_WITH_RETURN} WHERE event.kind IN ('finit_module', 'init_module', 'delete_module')) AS call
  LEFT JOIN file ON file.id = call.file_id LEFT JOIN process ON process.id = call.process_id
  ORDER BY call.ns, call.seq`;

function fileKey(row: Row): string | undefined {
  const inode = integerOrNone(row, 'f_inode');
  return inode === undefined ? undefined : `${String(row['f_major'])}:${String(row['f_minor'])}:${inode.toString()}`;
}

function readCall(row: Row): CallFact {
  const kind = word(row, 'kind', ['finit_module', 'init_module', 'delete_module'] as const);
  const text = kind === 'delete_module' ? bytesOrNone(row, 'text') : undefined;
  return {
    callId: Number(integerOrNone(row, 'call_id') ?? -integer(row, 'seq')),
    seq: integer(row, 'seq'),
    ns: integer(row, 'ns'),
    kind,
    tid: integerOrNone(row, 'tid'),
    processId: integerOrNone(row, 'process_id'),
    fileId: integerOrNone(row, 'file_id'),
    fileKey: fileKey(row),
    filePath: anyText(row, 'f_path'),
    comm: anyText(row, 'comm') ?? '',
    flags:
      kind === 'finit_module'
        ? integerOrNone(row, 'arg2')
        : kind === 'delete_module'
          ? integerOrNone(row, 'arg1')
          : undefined,
    returned: integerOrNone(row, 'returned'),
    took: integerOrNone(row, 'took'),
    repeat: small(row, 'repeat'),
    name: text === undefined ? undefined : readable(text),
  };
}

function stage(row: Row): StageFact {
  const callId = integerOrNone(row, 'call_id');
  return {
    seq: integer(row, 'seq'),
    ns: integer(row, 'ns'),
    callId: callId === undefined ? undefined : Number(callId),
  };
}

function snapshotNames(capture: Capture, reason: string): ReadonlySet<string> | undefined {
  const snapshot = capture.database
    .prepare<[string], Row>(
      "SELECT seq FROM snapshot_fact WHERE reason = ? AND proc_modules_state = 'whole' ORDER BY seq DESC LIMIT 1",
    )
    .get(reason);
  if (!snapshot) return undefined;
  const rows = capture.database
    .prepare<[bigint], Row>("SELECT name FROM snapshot_module WHERE seq = ? AND view = 'proc_modules'")
    .all(integer(snapshot, 'seq'));
  return new Set(rows.map((row) => anyText(row, 'name') ?? ''));
}

function watched(capture: Capture): Watched {
  const rows = capture.database.prepare<[], Row>("SELECT purpose, target FROM hook WHERE state = 'attached'").all();
  return new Set(rows.flatMap((row) => [plainText(row, 'purpose'), plainText(row, 'target')]));
}

/** Reads all facts of a capture. */
export function readFacts(capture: Capture): Facts {
  const all = (sql: string): Row[] => capture.database.prepare<[], Row>(sql).all();
  const ofKind = (table: string, kinds: readonly EventKind[]): Row[] =>
    all(
      `SELECT event.seq, event.ns, event.kind, event.call_id, fact.* FROM event JOIN ${table} AS fact ON fact.seq = event.seq
       WHERE event.kind IN (${kinds.map((kind) => `'${kind}'`).join(',')}) ORDER BY event.ns, event.seq`,
    );
  return {
    calls: all(CALLS).map(readCall),
    modules: ofKind('module_fact', ['module_load', 'module_free']).map((row) => ({
      ...stage(row),
      loads: row['kind'] === 'module_load',
      address: integer(row, 'address'),
      name: anyText(row, 'name') ?? '',
    })),
    images: ofKind('image_fact', ['image_read']).map((row) => ({ ...stage(row), size: integer(row, 'size') })),
    requests: ofKind('request_fact', ['module_request']).map((row) => ({
      ...stage(row),
      name: anyText(row, 'name') ?? '',
    })),
    losses: ofKind('loss_fact', ['loss']).map((row) => ({
      seq: integer(row, 'seq'),
      source: plainText(row, 'source'),
      lost: small(row, 'lost'),
      fromNs: integer(row, 'from_ns'),
      toNs: integer(row, 'to_ns'),
    })),
    watched: watched(capture),
    loadedAtStop: snapshotNames(capture, 'stop'),
    loadedAtStart: snapshotNames(capture, 'start'),
    lastNs: integerOrNone(all('SELECT max(ns) AS ns FROM event')[0] ?? {}, 'ns') ?? 0n,
  };
}
