/**
 * Calls that shared another call's load. From 6.5 on, the first finit_module on an inode does the work, and calls on the
 * same inode at the same moment wait and return its result (kernel/module/main.c, idempotent_init_module).
 */
import type Database from 'better-sqlite3';
import { integer, integerOrNone, type Row } from '../capture/columns.ts';
import { BRIEF, briefCall, type BriefCall } from './calls.ts';

/** How many calls that loaded from one file are looked at: they follow each other, so that the last ones suffice. */
const LOOKED_AT = 16;

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

export class Sharing {
  /** By row of `file`: calls that loaded from that inode, in order of time. One inode can have many rows. */
  readonly #byFile = new Map<bigint, readonly BriefCall[]>();
  readonly #lastNs: bigint;

  constructor(database: Database.Database, lastNs: bigint) {
    this.#lastNs = lastNs;
    const byInode = new Map<string, BriefCall[]>();
    const loaders = database.prepare<[], Row>(
      `SELECT ${BRIEF}, file.dev_major, file.dev_minor, file.inode FROM event AS load
         JOIN event ON event.call_id = load.call_id AND event.kind = 'finit_module'
         JOIN file ON file.id = event.file_id
       WHERE load.kind = 'module_load' ORDER BY event.ns, event.seq`,
    );
    for (const row of loaders.iterate()) {
      const key = inodeKey(row);
      if (key === undefined) continue;
      const group = byInode.get(key);
      if (group) group.push(briefCall(row));
      else byInode.set(key, [briefCall(row)]);
    }
    if (byInode.size === 0) return;
    for (const row of database.prepare<[], Row>('SELECT id, dev_major, dev_minor, inode FROM file').iterate()) {
      const group = byInode.get(inodeKey(row) ?? '');
      if (group) this.#byFile.set(integer(row, 'id'), group);
    }
  }

  /** The call whose load a call without one shared: same file, same result, at the same moment. */
  loaderFor(call: BriefCall): BriefCall | undefined {
    const group = call.fileId === undefined ? undefined : this.#byFile.get(call.fileId);
    // A row that stands for several calls is of calls that each did nothing but fail.
    if (!group || call.kind !== 'finit_module' || call.repeat !== 1) return undefined;
    const end = endNs(call, this.#lastNs);
    let low = 0;
    let high = group.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((group[middle]?.ns ?? 0n) <= end) low = middle + 1;
      else high = middle;
    }
    for (let at = low - 1; at >= Math.max(0, low - LOOKED_AT); at--) {
      const other = group[at];
      if (!other || other.seq === call.seq || other.returned !== call.returned) continue;
      if (endNs(other, this.#lastNs) >= call.ns) return other;
    }
    return undefined;
  }
}
