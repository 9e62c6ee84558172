/**
 * The facts that attempts are made of besides the calls: what the kernel did, what it asked for, what was lost, and what
 * was watched at all. Read once; a kernel loads and frees few modules, however many calls there are.
 */
import type { EventKind } from '#contract/event.ts';
import { anyText, integer, integerOrNone, plainText, small, type Row } from '../capture/columns.ts';
import type { Capture } from '../capture/open.ts';
import { Snapshots } from '../capture/snapshots.ts';

export interface StageFact {
  readonly seq: bigint;
  /** Boot time. */
  readonly ns: bigint;
  readonly callId: number | undefined;
}

export interface ModuleChange extends StageFact {
  /** module_load, otherwise module_free. */
  readonly loads: boolean;
  /** Of the kernel's structure: a load and the free of the same module carry the same. */
  readonly address: bigint;
  readonly name: string;
  /** Where its code lies. */
  readonly base: bigint | undefined;
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

/** The list of modules as /proc/modules showed it. */
export interface ModuleList {
  readonly seq: bigint;
  readonly ns: bigint;
  readonly names: ReadonlySet<string>;
}

/** Which hooks were attached, by purpose and by target; what was not watched proves nothing by its absence. */
export type Watched = ReadonlySet<string>;

export interface Facts {
  /** In order of time. */
  readonly modules: readonly ModuleChange[];
  readonly requests: readonly RequestFact[];
  readonly losses: readonly LossInterval[];
  readonly watched: Watched;
  /** undefined where that is not recorded. */
  readonly loadedAtStart: ModuleList | undefined;
  readonly loadedAtStop: ModuleList | undefined;
  /** Last moment that any event speaks of. */
  readonly lastNs: bigint;
}

function stage(row: Row): StageFact {
  const callId = integerOrNone(row, 'call_id');
  return {
    seq: integer(row, 'seq'),
    ns: integer(row, 'ns'),
    callId: callId === undefined ? undefined : Number(callId),
  };
}

function moduleList(snapshots: Snapshots, reason: 'start' | 'stop'): ModuleList | undefined {
  const last = snapshots.last(reason, 'proc_modules');
  return last && { seq: last.seq, ns: last.ns, names: snapshots.names(last.viewId) };
}

function watched(capture: Capture): Watched {
  const rows = capture.database.prepare<[], Row>("SELECT purpose, target FROM hook WHERE state = 'attached'").all();
  return new Set(rows.flatMap((row) => [plainText(row, 'purpose'), plainText(row, 'target')]));
}

/** Reads all facts of a capture but its calls. */
export function readFacts(capture: Capture): Facts {
  const all = (sql: string): Row[] => capture.database.prepare<[], Row>(sql).all();
  const ofKind = (table: string, columns: string, kinds: readonly EventKind[]): Row[] =>
    all(
      `SELECT event.seq, event.ns, event.kind, event.call_id, ${columns} FROM event JOIN ${table} AS fact
         ON fact.seq = event.seq
       WHERE event.kind IN (${kinds.map((kind) => `'${kind}'`).join(',')}) ORDER BY event.ns, event.seq`,
    );
  const snapshots = new Snapshots(capture.database);
  return {
    modules: ofKind('module_fact', 'fact.address, fact.name, fact.base', ['module_load', 'module_free']).map((row) => ({
      ...stage(row),
      loads: row['kind'] === 'module_load',
      address: integer(row, 'address'),
      name: anyText(row, 'name') ?? '',
      base: integerOrNone(row, 'base'),
    })),
    requests: ofKind('request_fact', 'fact.name', ['module_request']).map((row) => ({
      ...stage(row),
      name: anyText(row, 'name') ?? '',
    })),
    losses: ofKind('loss_fact', 'fact.source, fact.lost, fact.from_ns, fact.to_ns', ['loss']).map((row) => ({
      seq: integer(row, 'seq'),
      source: plainText(row, 'source'),
      lost: small(row, 'lost'),
      fromNs: integer(row, 'from_ns'),
      toNs: integer(row, 'to_ns'),
    })),
    watched: watched(capture),
    loadedAtStart: moduleList(snapshots, 'start'),
    loadedAtStop: moduleList(snapshots, 'stop'),
    lastNs: integerOrNone(all('SELECT max(ns) AS ns FROM event')[0] ?? {}, 'ns') ?? 0n,
  };
}
