/** Distinct images of a capture: how often, when, from where, and what became of them. */
import type { ImageRow } from '#contract/image.ts';
import type Database from 'better-sqlite3';
import { IS_CALL } from '../attempt/calls.ts';
import { anyText, digestOrNone, integer, integerOrNone, small, type Row } from '../capture/columns.ts';
import type { ClockMap } from '../capture/clock-map.ts';
import { DECOMPRESSED, READING, readReading, type ImageReading } from '../capture/images.ts';
import { LEAST_INTEGER as BEFORE_ALL } from '../capture/integers.ts';
import type { Work } from '../tally/stepped.ts';

interface Group {
  /** The reading that says most of the bytes: one that was kept, if there is one. */
  best: ImageReading;
  /** Boot times of the earliest and of the latest reading, which need not be the ones recorded first and last. */
  firstNs: bigint;
  lastNs: bigint;
  loads: bigint;
  readonly seqs: number[];
  readonly callIds: Set<number>;
  readonly names: Set<string>;
  readonly paths: Set<string>;
  fromMemory: boolean;
}

/** How much is kept of each image, and how many images are told apart; the command line keeps all. */
export interface Bounds {
  readonly images: number;
  /** Events, calls, names and paths of each, the first ones of many. */
  readonly ofEach: number;
}

const ALL: Bounds = { images: Infinity, ofEach: Infinity };

/** How many events and calls, and how many names and paths, of each image are told. */
export interface Told {
  readonly ids: number;
  readonly texts: number;
}

const WHOLE: Told = { ids: Infinity, texts: Infinity };

/** Readings, and events, that are looked at in one step. */
const PIECE = 250;
const EVENTS = 8192;

/** Events of one call that are looked at: a recorder writes a few, a made capture may hold any number. */
const MOST_OF_CALL = 1000;

/** Calls whose readings are looked up in one step. */
const CALLS = 32;

/** Events of a reading's call. */
const OF_CALL = `(SELECT part.seq, part.kind, part.file_id, part.like_seq FROM event AS part
  WHERE part.call_id = event.call_id ORDER BY part.seq LIMIT ${String(MOST_OF_CALL)})`;

/** The name that the kernel gave to what the call loaded last. */
const NAME = `(SELECT module_fact.name FROM ${OF_CALL} AS own CROSS JOIN module_fact ON module_fact.seq = own.seq
  WHERE own.kind = 'module_load' ORDER BY own.seq DESC LIMIT 1)`;

/** The file of the call, of coalesced ones that of the call that they are identical to. */
const FILE = `(SELECT coalesce(own.file_id, alike.file_id) FROM ${OF_CALL} AS own
  LEFT JOIN event AS alike ON alike.seq = own.like_seq WHERE own.${IS_CALL} LIMIT 1)`;

/** Whether the call handed the bytes over itself. */
const FROM_MEMORY = `(SELECT own.kind = 'init_module' FROM ${OF_CALL} AS own WHERE own.${IS_CALL} LIMIT 1)`;

const READINGS = `SELECT ${READING}, event.call_id, ${NAME} AS name, ${FILE} AS file_id, ${FROM_MEMORY} AS from_memory
  FROM image_fact CROSS JOIN event ON event.seq = image_fact.seq
  WHERE image_fact.seq > ? AND image_fact.seq <= ? ORDER BY image_fact.seq LIMIT ${String(PIECE)}`;

/** How far so many events go, whatever their numbers are. */
const STRETCH = `SELECT max(seq) FROM (SELECT seq FROM event WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ${String(EVENTS)})`;

/** What coalesced calls stand for, by the call that they are identical to. */
const ALIKE = `SELECT first.call_id, sum(event.repeat) AS times, max(event.last_ns) AS last_ns
  FROM event CROSS JOIN event AS first ON first.seq = event.like_seq
  WHERE event.seq > ? AND event.seq <= ? AND event.like_seq IS NOT NULL AND first.call_id IS NOT NULL
  GROUP BY first.call_id`;

const READ_IN = `SELECT image_fact.seq, image_fact.sha256, image_fact.reason
  FROM event CROSS JOIN image_fact ON image_fact.seq = event.seq
  WHERE event.call_id = ? ORDER BY event.seq LIMIT ${String(MOST_OF_CALL)}`;

function newGroup(reading: ImageReading): Group {
  return {
    best: reading,
    firstNs: reading.ns,
    lastNs: reading.ns,
    loads: 0n,
    seqs: [],
    callIds: new Set(),
    names: new Set(),
    paths: new Set(),
    fromMemory: false,
  };
}

/** What has no hash cannot be told to be the same, and has a row for each reading. */
const keyOf = (sha256: string | undefined, seq: bigint): string => sha256 ?? String(seq);

/** Paths that are at hand. */
const KEPT_PATHS = 10_000;

/** Counts the images of a capture up to one of its events, a piece at a time. */
export class ImageCounting {
  /** Readings of images that are not told apart. */
  beyond = 0;
  readonly #groups = new Map<string, Group>();
  readonly #bounds: Bounds;
  readonly #end: bigint;
  readonly #pathOf = new Map<bigint, string | undefined>();
  readonly #statements;

  constructor(database: Database.Database, end: bigint, bounds: Bounds) {
    this.#end = end;
    this.#bounds = bounds;
    this.#statements = {
      readings: database.prepare<[bigint, bigint], Row>(READINGS),
      stretch: database.prepare<[bigint, bigint], bigint | null>(STRETCH).pluck(),
      alike: database.prepare<[bigint, bigint], Row>(ALIKE),
      readIn: database.prepare<[bigint], Row>(READ_IN),
      path: database.prepare<[bigint], Row>('SELECT path FROM file WHERE id = ?'),
    };
  }

  get size(): number {
    return this.#groups.size;
  }

  /** In order of their first reading, so many of them. */
  rows(clock: ClockMap, most = Infinity, told = WHOLE): ImageRow[] {
    const found: ImageRow[] = [];
    for (const group of this.#groups.values()) {
      if (found.length >= most) break;
      found.push(finished(group, clock, told));
    }
    return found;
  }

  row(sha256: string, clock: ClockMap): ImageRow | undefined {
    const group = this.#groups.get(sha256);
    return group && finished(group, clock, WHOLE);
  }

  /** First what was read, then what coalesced calls add to it. Each half of the way counts as if it went over all events. */
  *steps(): Generator<number> {
    const half = (part: number, seq: bigint): number => Math.max(Number(BigInt(part) * this.#end + seq) / 2, 0);
    for (let last = BEFORE_ALL; ;) {
      const rows = this.#statements.readings.all(last, this.#end);
      for (const row of rows) if (row['reason'] !== DECOMPRESSED) this.#reading(row);
      const end = rows.at(-1);
      if (!end) break;
      last = integer(end, 'seq');
      yield half(0, last);
    }
    for (let last = BEFORE_ALL; ;) {
      const end = this.#statements.stretch.get(last, this.#end);
      if (typeof end !== 'bigint') return;
      for (const [at, row] of this.#statements.alike.all(last, end).entries()) {
        this.#alike(row);
        if (at % CALLS === CALLS - 1) yield half(1, last);
      }
      last = end;
      yield half(1, last);
    }
  }

  #reading(row: Row): void {
    const reading = readReading(row);
    const key = keyOf(reading.fact.sha256, reading.seq);
    const known = this.#groups.get(key);
    if (!known && this.#groups.size >= this.#bounds.images) {
      this.beyond++;
      return;
    }
    const group = known ?? newGroup(reading);
    if (!known) this.#groups.set(key, group);
    if (reading.fact.complete && !group.best.fact.complete) group.best = reading;
    if (reading.ns < group.firstNs) group.firstNs = reading.ns;
    if (reading.ns > group.lastNs) group.lastNs = reading.ns;
    if (group.seqs.length < this.#bounds.ofEach) group.seqs.push(Number(reading.seq));
    group.loads++;
    if (integerOrNone(row, 'call_id') === undefined) return;
    this.#add(group.callIds, small(row, 'call_id'));
    this.#add(group.names, anyText(row, 'name'));
    if (row['from_memory'] === 1n) group.fromMemory = true;
    const file = integerOrNone(row, 'file_id');
    if (file !== undefined) this.#add(group.paths, this.#path(file));
  }

  /** Calls that are identical to one had the kernel read what it read. */
  #alike(row: Row): void {
    const times = integer(row, 'times');
    const lastNs = integerOrNone(row, 'last_ns');
    for (const reading of this.#statements.readIn.all(integer(row, 'call_id'))) {
      if (reading['reason'] === DECOMPRESSED) continue;
      const group = this.#groups.get(keyOf(digestOrNone(reading, 'sha256')?.toString('hex'), integer(reading, 'seq')));
      if (!group) continue;
      group.loads += times;
      if (lastNs !== undefined && lastNs > group.lastNs) group.lastNs = lastNs;
    }
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

function finished(
  { firstNs, best, lastNs, loads, seqs, callIds, names, paths, fromMemory }: Group,
  clock: ClockMap,
  told: Told,
): ImageRow {
  return {
    ...best.fact,
    seqs: seqs.slice(0, told.ids),
    callIds: [...callIds].slice(0, told.ids),
    loads: Number(loads),
    firstTime: clock.time(firstNs),
    lastTime: clock.time(lastNs),
    names: [...names].slice(0, told.texts),
    paths: [...paths].slice(0, told.texts),
    ...(fromMemory ? { fromMemory } : {}),
  };
}

const lastOf = (database: Database.Database): bigint =>
  database.prepare<[], bigint | null>('SELECT max(seq) FROM event').pluck().get() ?? 0n;

/** All of them, in order of their first reading. */
export function imageRows(database: Database.Database, clock: ClockMap): ImageRow[] {
  const { value, steps } = countImages(database, ALL);
  while (steps.next().done !== true);
  return value.rows(clock);
}

export function countImages(database: Database.Database, bounds: Bounds): Work<ImageCounting> {
  const end = lastOf(database);
  const counting = new ImageCounting(database, end, bounds);
  const size = (): number => counting.size;
  return { value: counting, steps: counting.steps(), of: Math.max(Number(end), 0), preview: false, size };
}
