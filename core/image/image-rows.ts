/** Distinct images of a capture: how often, when, from where, and what became of them. */
import type { ImageRow } from '#contract/image.ts';
import type Database from 'better-sqlite3';
import { IS_CALL, JOIN_FILE } from '../attempt/calls.ts';
import { anyText, integer, integerOrNone, small, type Row } from '../capture/columns.ts';
import type { ClockMap } from '../capture/clock-map.ts';
import { DECOMPRESSED, READING, readReading, type ImageReading } from '../capture/images.ts';

interface Group {
  readonly first: ImageReading;
  /** The reading that says most of the bytes: one that was kept, if there is one. */
  best: ImageReading;
  lastNs: bigint;
  loads: bigint;
  readonly seqs: number[];
  readonly callIds: Set<number>;
  readonly names: Set<string>;
  readonly paths: Set<string>;
}

const READINGS = `SELECT ${READING}, event.call_id FROM image_fact JOIN event ON event.seq = image_fact.seq
  WHERE image_fact.reason IS NOT ? ORDER BY event.seq`;

/** Calls that were coalesced, by the call that they are identical to. */
const ALIKE = `SELECT alike.call_id, sum(event.repeat) AS times, max(event.last_ns) AS last_ns
  FROM event JOIN event AS alike ON alike.seq = event.like_seq WHERE event.like_seq IS NOT NULL GROUP BY alike.call_id`;

const LOADED = `SELECT event.call_id, module_fact.name FROM event JOIN module_fact ON module_fact.seq = event.seq
  WHERE event.kind = 'module_load' AND event.call_id IS NOT NULL`;

const FILE = `SELECT file.path FROM event ${JOIN_FILE} WHERE event.call_id = ? AND event.${IS_CALL} LIMIT 1`;

function byCall(database: Database.Database, sql: string): Map<bigint, Row> {
  const found = new Map<bigint, Row>();
  for (const row of database.prepare<[], Row>(sql).iterate()) {
    const callId = integerOrNone(row, 'call_id');
    if (callId !== undefined) found.set(callId, row);
  }
  return found;
}

function newGroup(reading: ImageReading): Group {
  return {
    first: reading,
    best: reading,
    lastNs: reading.ns,
    loads: 0n,
    seqs: [],
    callIds: new Set(),
    names: new Set(),
    paths: new Set(),
  };
}

function finished({ first, best, lastNs, loads, seqs, callIds, names, paths }: Group, clock: ClockMap): ImageRow {
  return {
    ...best.fact,
    seqs,
    callIds: [...callIds],
    loads: Number(loads),
    firstTime: clock.time(first.ns),
    lastTime: clock.time(lastNs),
    names: [...names],
    paths: [...paths],
  };
}

/** In order of their first reading. What has no hash cannot be told to be the same, and has a row for each reading. */
export function imageRows(database: Database.Database, clock: ClockMap): ImageRow[] {
  const alike = byCall(database, ALIKE);
  const loaded = byCall(database, LOADED);
  const file = database.prepare<[bigint], Row>(FILE);
  const groups = new Map<string, Group>();
  for (const row of database.prepare<[string], Row>(READINGS).iterate(DECOMPRESSED)) {
    const reading = readReading(row);
    const key = reading.fact.sha256 ?? String(reading.seq);
    const group = groups.get(key) ?? newGroup(reading);
    groups.set(key, group);
    if (reading.fact.complete && !group.best.fact.complete) group.best = reading;
    if (reading.ns > group.lastNs) group.lastNs = reading.ns;
    group.seqs.push(Number(reading.seq));
    group.loads++;
    const callId = integerOrNone(row, 'call_id');
    if (callId === undefined) continue;
    group.callIds.add(small(row, 'call_id'));
    const others = alike.get(callId);
    if (others) {
      group.loads += integer(others, 'times');
      const lastNs = integerOrNone(others, 'last_ns');
      if (lastNs !== undefined && lastNs > group.lastNs) group.lastNs = lastNs;
    }
    const module = loaded.get(callId);
    const name = module && anyText(module, 'name');
    if (name !== undefined) group.names.add(name);
    const path = anyText(file.get(callId) ?? {}, 'path');
    if (path !== undefined) group.paths.add(path);
  }
  return Array.from(groups.values(), (group) => finished(group, clock));
}
