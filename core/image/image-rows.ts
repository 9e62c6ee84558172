/** Distinct images of a capture: how often, when, from where, and what became of them. */
import type { ImageRow } from '#contract/image.ts';
import type Database from 'better-sqlite3';
import { CALL_KINDS } from '#contract/event.ts';
import { anyText, integer, integerOrNone, type Row } from '../capture/columns.ts';
import type { ClockMap } from '../capture/clock-map.ts';
import { DECOMPRESSED, READING, readReading, type ImageReading } from '../capture/images.ts';
import type { Work } from '../tally/stepped.ts';

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

/** How much is kept of each image, and how many images are told apart; the command line keeps all. */
export interface Bounds {
  readonly images: number;
  /** Events, calls, names and paths of each, the first ones of many. */
  readonly ofEach: number;
}

const ALL: Bounds = { images: Infinity, ofEach: Infinity };

/** Readings, and events, that are looked at in one step. */
const PIECE = 250;
const EVENTS = 16_384;

const READINGS = `SELECT ${READING}, event.call_id FROM image_fact JOIN event ON event.seq = image_fact.seq
  WHERE image_fact.seq > ? AND image_fact.seq <= ? AND image_fact.reason IS NOT ?
  ORDER BY event.seq LIMIT ${String(PIECE)}`;

/** Calls that were coalesced, and the event that they are identical to. */
const ALIKE = `SELECT like_seq, repeat, last_ns FROM event WHERE seq > ? AND seq <= ? AND like_seq IS NOT NULL`;

/** What is known of a call: its file, and the names that the kernel gave to what it loaded. */
const OF_CALL = `SELECT event.kind, event.file_id, module_fact.name FROM event
  LEFT JOIN module_fact ON module_fact.seq = event.seq WHERE event.call_id = ? ORDER BY event.seq`;

interface Alike {
  times: bigint;
  lastNs: bigint | undefined;
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

/** Counts the images of a capture up to one of its events, a piece at a time. */
export class ImageCounting {
  /** Readings of images that are not told apart. */
  beyond = 0;
  readonly #groups = new Map<string, Group>();
  readonly #bounds: Bounds;
  readonly #end: bigint;
  readonly #alike = new Map<bigint, Alike>();
  readonly #pathOf = new Map<bigint, string | undefined>();
  readonly #statements;

  constructor(database: Database.Database, end: bigint, bounds: Bounds) {
    this.#end = end;
    this.#bounds = bounds;
    this.#statements = {
      first: database.prepare<[], Row>('SELECT min(seq) AS seq FROM event'),
      readings: database.prepare<[bigint, bigint, string], Row>(READINGS),
      alike: database.prepare<[bigint, bigint], Row>(ALIKE),
      callOf: database.prepare<[bigint], bigint | null>('SELECT call_id FROM event WHERE seq = ?').pluck(),
      ofCall: database.prepare<[bigint], Row>(OF_CALL),
      path: database.prepare<[bigint], Row>('SELECT path FROM file WHERE id = ?'),
    };
  }

  get size(): number {
    return this.#groups.size;
  }

  /** In order of their first reading, so many of them. */
  rows(clock: ClockMap, most = Infinity): ImageRow[] {
    const found: ImageRow[] = [];
    for (const group of this.#groups.values()) {
      if (found.length >= most) break;
      found.push(finished(group, clock));
    }
    return found;
  }

  row(sha256: string, clock: ClockMap): ImageRow | undefined {
    const group = this.#groups.get(sha256);
    return group && finished(group, clock);
  }

  /** Each half of the way counts as if it went over all events. */
  *steps(): Generator<number> {
    const first = integerOrNone(this.#statements.first.get() ?? {}, 'seq') ?? 1n;
    for (let from = first - 1n; from < this.#end; from += BigInt(EVENTS)) {
      this.#readAlike(from, from + BigInt(EVENTS));
      yield Number(from) / 2;
    }
    for (let last = first - 1n; ;) {
      const rows = this.#statements.readings.all(last, this.#end, DECOMPRESSED);
      for (const row of rows) this.#reading(row);
      const end = rows.at(-1);
      if (!end) return;
      last = integer(end, 'seq');
      yield Number(this.#end + last) / 2;
    }
  }

  #readAlike(from: bigint, to: bigint): void {
    for (const row of this.#statements.alike.all(from, to < this.#end ? to : this.#end)) {
      const callId = this.#statements.callOf.get(integer(row, 'like_seq'));
      if (typeof callId !== 'bigint') continue;
      const found = this.#alike.get(callId) ?? { times: 0n, lastNs: undefined };
      found.times += integer(row, 'repeat');
      const lastNs = integerOrNone(row, 'last_ns');
      if (lastNs !== undefined && (found.lastNs === undefined || lastNs > found.lastNs)) found.lastNs = lastNs;
      this.#alike.set(callId, found);
    }
  }

  /** What has no hash cannot be told to be the same, and has a row for each reading. */
  #reading(row: Row): void {
    const reading = readReading(row);
    const key = reading.fact.sha256 ?? String(reading.seq);
    const known = this.#groups.get(key);
    if (!known && this.#groups.size >= this.#bounds.images) {
      this.beyond++;
      return;
    }
    const group = known ?? newGroup(reading);
    if (!known) this.#groups.set(key, group);
    if (reading.fact.complete && !group.best.fact.complete) group.best = reading;
    if (reading.ns > group.lastNs) group.lastNs = reading.ns;
    if (group.seqs.length < this.#bounds.ofEach) group.seqs.push(Number(reading.seq));
    group.loads++;
    const callId = integerOrNone(row, 'call_id');
    if (callId !== undefined) this.#ofCall(callId, group);
  }

  #ofCall(callId: bigint, group: Group): void {
    this.#add(group.callIds, Number(callId));
    const others = this.#alike.get(callId);
    if (others) {
      group.loads += others.times;
      if (others.lastNs !== undefined && others.lastNs > group.lastNs) group.lastNs = others.lastNs;
    }
    const events = this.#statements.ofCall.all(callId);
    const loaded = events.findLast(({ kind }) => kind === 'module_load');
    const call = events.find(({ kind }) => (CALL_KINDS as readonly unknown[]).includes(kind));
    this.#add(group.names, loaded && anyText(loaded, 'name'));
    const file = call && integerOrNone(call, 'file_id');
    if (file !== undefined) this.#add(group.paths, this.#path(file));
  }

  #add<Value>(into: Set<Value>, value: Value | undefined): void {
    if (value !== undefined && into.size < this.#bounds.ofEach) into.add(value);
  }

  #path(file: bigint): string | undefined {
    if (this.#pathOf.has(file)) return this.#pathOf.get(file);
    if (this.#pathOf.size >= KEPT_PATHS) this.#pathOf.clear();
    const path = anyText(this.#statements.path.get(file) ?? {}, 'path');
    this.#pathOf.set(file, path);
    return path;
  }
}

/** Paths that are at hand. */
const KEPT_PATHS = 10_000;

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

const lastOf = (database: Database.Database): bigint =>
  database.prepare<[], bigint | null>('SELECT max(seq) FROM event').pluck().get() ?? 0n;

/** All of them, in order of their first reading. */
export function imageRows(database: Database.Database, clock: ClockMap): ImageRow[] {
  const counting = new ImageCounting(database, lastOf(database), ALL);
  const steps = counting.steps();
  while (steps.next().done !== true);
  return counting.rows(clock);
}

export function countImages(database: Database.Database, bounds: Bounds): Work<ImageCounting> {
  const end = lastOf(database);
  const counting = new ImageCounting(database, end, bounds);
  const size = (): number => counting.size;
  return { value: counting, steps: counting.steps(), of: Number(end), preview: false, size };
}
