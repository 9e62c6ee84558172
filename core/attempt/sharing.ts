/**
 * Calls that shared another call's load. From 6.5 on, the first finit_module on an inode does the work, and calls on the
 * same inode at the same moment wait and return its result (kernel/module/main.c, idempotent_init_module).
 */
import type Database from 'better-sqlite3';
import { integer, integerOrNone, type Row } from '../capture/columns.ts';
import { RETURNED, TOOK } from '../capture/events.ts';
import { LEAST_INTEGER } from '../capture/integers.ts';
import { withRoom } from '../survey/growing.ts';
import { NarrowColumn } from '../survey/narrow-column.ts';
import { WholeColumn } from '../survey/whole-column.ts';
import { INDEXED_ARE_CALLS, type BriefCall } from './calls.ts';

/** How many calls that loaded from one file are looked at: they follow each other, so that the last ones suffice. */
const LOOKED_AT = 16;

const PIECE = 1000;

/** Calls that loaded a module from a file and have returned. Those that have not share their result with nobody. */
const LOADERS = `SELECT load.seq AS load_seq, event.seq, event.call_id, event.ns, ${RETURNED} AS returned, ${TOOK} AS took,
    file.dev_major, file.dev_minor, file.inode
  FROM event AS load
    LEFT JOIN event ON event.call_id = load.call_id AND event.kind = 'finit_module'
    LEFT JOIN file ON file.id = event.file_id
  WHERE load.kind = 'module_load' AND load.seq > ? ORDER BY load.seq LIMIT ${String(PIECE)}`;

/** The same of some calls. */
const LOADERS_AMONG = `SELECT load.seq AS load_seq, event.seq, event.call_id, event.ns, ${RETURNED} AS returned, ${TOOK} AS took,
    file.dev_major, file.dev_minor, file.inode
  FROM event JOIN file ON file.id = event.file_id CROSS JOIN event AS load ON load.call_id = event.call_id
  WHERE event.seq IN (SELECT value FROM json_each(?)) AND +event.kind = 'finit_module' AND +load.kind = 'module_load'`;

/** Calls on one file. */
const CALLS_ON = `SELECT seq FROM event
  WHERE file_id = ? AND ${INDEXED_ARE_CALLS} AND seq > ?
  ORDER BY seq LIMIT ${String(PIECE)}`;

const FILES = `SELECT id, dev_major, dev_minor, inode FROM file WHERE id > ? ORDER BY id LIMIT ${String(PIECE)}`;

/** A call's last moment as far as known. */
export function endNs(call: BriefCall, lastNs: bigint): bigint {
  if (call.repeat !== 1) return call.lastNs ?? call.ns;
  return call.took === undefined ? lastNs : call.ns + call.took;
}

function inodeKey(row: Row): string | undefined {
  const inode = integerOrNone(row, 'inode');
  const [major, minor] = [integerOrNone(row, 'dev_major'), integerOrNone(row, 'dev_minor')];
  if (inode === undefined || major === undefined || minor === undefined) return undefined;
  return [major, minor, inode].join(':');
}

/** A call whose load others shared. */
export interface Loader {
  readonly seq: bigint;
  readonly callId: number;
}

export class Sharing {
  readonly #database: Database.Database;
  readonly #loaders: Database.Statement<[bigint], Row>;
  readonly #files: Database.Statement<[bigint], Row>;
  #size = 0;
  readonly #seqs = new WholeColumn();
  readonly #callIds = new WholeColumn();
  #ns = new BigInt64Array();
  #ends = new BigInt64Array();
  readonly #returned = new NarrowColumn();
  /** Codes of what calls returned, from 1 on. */
  readonly #returnCodes = new Map<bigint, number>();
  /** By inode: indexes of the calls that loaded from it, in order of time. */
  readonly #byInode = new Map<string, number[]>();
  /** Inodes of the rows of `file`; one inode can have many. */
  readonly #inodes = new Map<bigint, string>();
  #lastFile = LEAST_INTEGER;
  /** The last load that was looked at, and loads whose call had not returned then. */
  #last = LEAST_INTEGER;
  #waiting: bigint[] = [];

  constructor(database: Database.Database) {
    this.#database = database;
    this.#loaders = database.prepare<[bigint], Row>(LOADERS);
    this.#files = database.prepare<[bigint], Row>(FILES);
  }

  /** Calls that loaded from a file and have returned. */
  get size(): number {
    return this.#size;
  }

  /** Reads the calls of loads that were not read yet; stops after each piece. */
  *read(): Generator<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const seq of waiting) {
      const row = this.#loaders.get(seq - 1n);
      if (row) this.#add(row);
      yield;
    }
    for (let more = true; more; yield) {
      const rows = this.#loaders.all(this.#last);
      for (const row of rows) this.#add(row);
      const last = rows.at(-1);
      if (last) this.#last = integer(last, 'load_seq');
      more = rows.length === PIECE;
    }
    yield* this.#readFiles();
  }

  *#readFiles(): Generator<void> {
    for (let more = true; more; yield) {
      const rows = this.#files.all(this.#lastFile);
      for (const row of rows) {
        const key = inodeKey(row);
        if (key !== undefined) this.#inodes.set(integer(row, 'id'), key);
      }
      const last = rows.at(-1);
      if (last) this.#lastFile = integer(last, 'id');
      more = rows.length === PIECE;
    }
  }

  /** Ids of all rows of `file` that are the same file as one of those. Stops after each piece. */
  *alike(files: ReadonlySet<bigint>): Generator<void, bigint[]> {
    yield* this.#readFiles();
    const keys = new Set([...files].map((id) => this.#inodes.get(id)));
    return [...this.#inodes].flatMap(([id, key]) => (keys.has(key) ? [id] : []));
  }

  /**
   * Reads the calls of loads on some files, and no others; stops after each piece. Of a capture that has the indexes.
   * @param files all that `alike` finds
   * @returns false where there are more calls than so many
   */
  *readOn(files: readonly bigint[], most: number): Generator<void, boolean> {
    const calls = this.#database.prepare<[bigint, bigint], bigint>(CALLS_ON).pluck();
    const loaders = this.#database.prepare<[string], Row>(LOADERS_AMONG);
    const found: Row[] = [];
    let left = most;
    for (const file of files) {
      for (let last = LEAST_INTEGER; ;) {
        const seqs = calls.all(file, last);
        for (const row of loaders.all(`[${seqs.join()}]`)) found.push(row);
        yield;
        left -= seqs.length;
        if (left < 0) return false;
        if (seqs.length < PIECE) break;
        last = seqs.at(-1) ?? last;
      }
    }
    // As they are read when all are.
    found.sort((a, b) => Number(integer(a, 'load_seq') - integer(b, 'load_seq')));
    for (const row of found) this.#add(row);
    return true;
  }

  #add(row: Row): void {
    const seq = integerOrNone(row, 'seq');
    const [returned, took] = [integerOrNone(row, 'returned'), integerOrNone(row, 'took')];
    if (returned === undefined || took === undefined) {
      this.#waiting.push(integer(row, 'load_seq'));
      return;
    }
    const key = inodeKey(row);
    if (seq === undefined || key === undefined) return;
    const at = this.#size++;
    this.#ns = withRoom(this.#ns, this.#size);
    this.#ends = withRoom(this.#ends, this.#size);
    const ns = integer(row, 'ns');
    this.#seqs.put(at, Number(seq));
    this.#callIds.put(at, Number(integer(row, 'call_id')));
    this.#ns[at] = ns;
    this.#ends[at] = ns + took;
    const code = this.#returnCodes.get(returned) ?? this.#returnCodes.size + 1;
    this.#returnCodes.set(returned, code);
    this.#returned.put(at, code);
    const group = this.#byInode.get(key);
    if (group) group.splice(this.#upTo(group, ns), 0, at);
    else this.#byInode.set(key, [at]);
  }

  /** How many of a group's calls began up to that moment. */
  #upTo(group: readonly number[], ns: bigint): number {
    let low = 0;
    let high = group.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#ns[group[middle] ?? 0] ?? 0n) <= ns) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #groupOf(fileId: bigint): readonly number[] | undefined {
    const key = this.#inodes.get(fileId);
    return key === undefined ? undefined : this.#byInode.get(key);
  }

  /** Whether any call loaded from that file. */
  hasLoaders(fileId: bigint): boolean {
    return this.#groupOf(fileId) !== undefined;
  }

  /** The call whose load a call without one shared: same file, same result, at the same moment. Answers from memory. */
  loaderFor(call: BriefCall, lastNs: bigint): Loader | undefined {
    // A row that stands for several calls is of calls that each did nothing but fail.
    if (call.kind !== 'finit_module' || call.repeat !== 1 || call.fileId === undefined) return undefined;
    const group = this.#groupOf(call.fileId);
    if (!group) return undefined;
    const returned = call.returned === undefined ? undefined : this.#returnCodes.get(call.returned);
    if (returned === undefined) return undefined;
    const low = this.#upTo(group, endNs(call, lastNs));
    for (let place = low - 1; place >= Math.max(0, low - LOOKED_AT); place--) {
      const at = group[place] ?? 0;
      if (this.#returned.at(at) !== returned || this.#seqs.at(at) === Number(call.seq)) continue;
      if ((this.#ends[at] ?? 0n) >= call.ns) return { seq: BigInt(this.#seqs.at(at)), callId: this.#callIds.at(at) };
    }
    return undefined;
  }
}
