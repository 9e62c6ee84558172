/**
 * The facts that attempts are made of besides the calls: what the kernel did, what it asked for, what was lost, and what
 * was watched at all. Read a piece at a time, in the order in which they were recorded, and what was added since goes on
 * where the reading ended.
 */
import { bytesOrNone, integerOrNone, integer, plainText, readable, small, type Row } from '../capture/columns.ts';
import { LEAST_INTEGER as FIRST } from '../capture/integers.ts';
import type { Capture } from '../capture/open.ts';
import { Snapshots } from '../capture/snapshots.ts';
import { lossesOfStages } from './losses.ts';
import { ModuleChanges } from './module-changes.ts';
import { Removals } from './removals.ts';
import { Requests } from './requests.ts';
import { Sharing } from './sharing.ts';

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
  readonly version?: string | undefined;
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
  readonly modules: ModuleChanges;
  readonly requests: Requests;
  readonly sharing: Sharing;
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

function lastSeq(rows: readonly Row[]): bigint | undefined {
  const last = rows.at(-1);
  return last && integer(last, 'seq');
}

const PIECE = 1000;

/** Joined in this order: from the events' kinds SQLite would have to sort them all for each piece. */
const CHANGES = `SELECT event.seq, event.ns, event.call_id, event.kind, fact.address, fact.name, fact.version, fact.base
  FROM module_fact AS fact CROSS JOIN event ON event.seq = fact.seq
  WHERE fact.seq > ? AND +event.kind IN ('module_load', 'module_free') ORDER BY fact.seq LIMIT ${String(PIECE)}`;

const REQUESTS = `SELECT event.seq, event.ns, event.call_id, fact.name
  FROM request_fact AS fact CROSS JOIN event ON event.seq = fact.seq
  WHERE fact.seq > ? AND +event.kind = 'module_request' ORDER BY fact.seq LIMIT ${String(PIECE)}`;

const LOSSES = `SELECT event.seq, fact.source, fact.lost, fact.from_ns, fact.to_ns
  FROM loss_fact AS fact JOIN event ON event.seq = fact.seq WHERE event.kind = 'loss' ORDER BY event.ns, event.seq`;

function moduleList(snapshots: Snapshots, reason: 'start' | 'stop'): ModuleList | undefined {
  const last = snapshots.last(reason, 'proc_modules');
  return last && { seq: last.seq, ns: last.ns, names: snapshots.names(last.viewId) };
}

function watched(capture: Capture): Watched {
  const rows = capture.database.prepare<[], Row>("SELECT purpose, target FROM hook WHERE state = 'attached'").all();
  return new Set(rows.flatMap((row) => [plainText(row, 'purpose'), plainText(row, 'target')]));
}

function readLosses(capture: Capture): LossInterval[] {
  return capture.database
    .prepare<[], Row>(LOSSES)
    .all()
    .map((row) => ({
      seq: integer(row, 'seq'),
      source: plainText(row, 'source'),
      lost: small(row, 'lost'),
      fromNs: integer(row, 'from_ns'),
      toNs: integer(row, 'to_ns'),
    }));
}

/** Names are few, rows are many: what was read once is not made again. */
class Names {
  readonly #known = new Map<string, string>();

  of(value: string | Buffer): string {
    if (typeof value === 'string') return value;
    const key = value.toString('latin1');
    const known = this.#known.get(key) ?? readable(value);
    this.#known.set(key, known);
    return known;
  }
}

export class FactReader {
  readonly #capture: Capture;
  readonly #modules = new ModuleChanges();
  readonly #requests = new Requests();
  readonly #sharing: Sharing;
  readonly #removals: Removals;
  readonly #changes;
  readonly #requestRows;
  readonly #names = new Names();
  #lastChange = FIRST;
  #lastRequest = FIRST;
  /** How much was known when lives were last ended by what removed them. */
  #removedBy = '';

  constructor(capture: Capture) {
    this.#capture = capture;
    this.#sharing = new Sharing(capture.database);
    this.#removals = new Removals(capture.database);
    this.#changes = capture.database.prepare<[bigint], Row>(CHANGES);
    this.#requestRows = capture.database.prepare<[bigint], Row>(REQUESTS);
  }

  /** Reads what was not read yet; stops after each piece. */
  *read(): Generator<void> {
    for (let more = true; more; yield) more = this.#readChanges();
    for (let more = true; more; yield) more = this.#readRequests();
    yield* this.#sharing.read();
    this.#modules.settle();
    yield* this.#readRemovals();
  }

  /** Where every free is recorded there are none to be read. */
  *#readRemovals(): Generator<void> {
    const losses = readLosses(this.#capture);
    const isWatched = watched(this.#capture).has('module_free');
    const hiding = isWatched ? lossesOfStages(losses) : undefined;
    if (hiding?.isEmpty || this.#modules.size === 0) return;
    yield* this.#removals.read(this.#modules, hiding, this.#lastNs());
    const by = [this.#modules.size, this.#removals.size, losses.length].join(' ');
    if (by !== this.#removedBy) yield* this.#removals.assign(this.#modules, hiding);
    this.#removedBy = by;
  }

  /** What was read so far. */
  facts(): Facts {
    const snapshots = new Snapshots(this.#capture.database);
    return {
      modules: this.#modules,
      requests: this.#requests,
      sharing: this.#sharing,
      losses: readLosses(this.#capture),
      watched: watched(this.#capture),
      loadedAtStart: moduleList(snapshots, 'start'),
      loadedAtStop: moduleList(snapshots, 'stop'),
      lastNs: this.#lastNs(),
    };
  }

  #lastNs(): bigint {
    const last = this.#capture.database.prepare<[], Row>('SELECT max(ns) AS ns FROM event').get() ?? {};
    return integerOrNone(last, 'ns') ?? 0n;
  }

  /** Up to which seq the changes of modules are read. */
  get readTo(): bigint {
    return this.#lastChange;
  }

  #readChanges(): boolean {
    const rows = this.#changes.all(this.#lastChange);
    for (const row of rows) {
      this.#modules.add({
        ...stage(row),
        loads: row['kind'] === 'module_load',
        address: integer(row, 'address'),
        name: this.#names.of(bytesOrNone(row, 'name') ?? ''),
        version: this.#versionOf(row),
        base: integerOrNone(row, 'base'),
      });
    }
    this.#lastChange = lastSeq(rows) ?? this.#lastChange;
    return rows.length === PIECE;
  }

  /** What is no text is none; whoever shows the event says that it is damaged. */
  #versionOf({ version }: Row): string | undefined {
    return typeof version === 'string' || Buffer.isBuffer(version) ? this.#names.of(version) : undefined;
  }

  #readRequests(): boolean {
    const rows = this.#requestRows.all(this.#lastRequest);
    for (const row of rows) this.#requests.add({ ...stage(row), name: this.#names.of(bytesOrNone(row, 'name') ?? '') });
    this.#lastRequest = lastSeq(rows) ?? this.#lastRequest;
    return rows.length === PIECE;
  }
}
