/**
 * Sets of rows of other tables that a condition asks for, found once and kept, a piece at a time: a statement that goes
 * through the events in pieces would find them anew for each.
 */
import type Database from 'better-sqlite3';
import { DECOMPRESSED } from '../capture/images.ts';
import type { PageFile } from '../capture/page-file.ts';
import { firstTable, waysThrough, type Ahead, type Way } from '../capture/read-ahead.ts';
import { inShares, type Helper } from '../helper/errand.ts';
import type { RowsJob } from '../helper/jobs.ts';
import { rangeOf } from '../helper/works.ts';
import { CALLS_INDEX, callsOfReadings, READING_KIND, without } from './calls-of-readings.ts';
import { KINDS_INDEX } from './events-by-kind.ts';
import { Members, type IdSet } from './members.ts';
import { bound, constant, FALSE, listed, sql, type Param, type Sql } from './sql.ts';
import { inBytes, lowered, type Probe, type TextSource } from './text-test.ts';

/** The set of the values `key` of those rows of `from` that fulfil `condition`. */
export interface SetQuery {
  readonly key: Sql;
  readonly from: Sql;
  readonly condition: Sql;
}

interface Pending {
  readonly name: string;
  readonly query: SetQuery;
}

/** Sets up to this size are written into the condition; up to the next one, SQLite is handed them. */
const WRITTEN = 64;
const HANDED = 20_000;

/** Rows that are looked at at a stretch. */
const PIECE = 10_000;

/** What is asked of this table tells whether the condition depends on more than rows; it is found in a moment. */
const EARLY = 'module_fact';

/** By which column each table is gone through. */
const DRIVES: Readonly<Record<string, string>> = {
  process: 'process.id',
  file: 'file.id',
  module_fact: 'module_fact.seq',
  request_fact: 'request_fact.seq',
  image_fact: 'image_fact.seq',
  argument_text: 'argument_text.id',
};

/** What the kernel unpacked counts as no reading of a call's image. */
const UNPACKED = constant(`image_fact.reason IS '${DECOMPRESSED}'`);

/** All sets of one connection by their numbers, for the functions that ask for them. */
export class SetRegister {
  readonly #sets = new Map<bigint, IdSet>();
  #last = 0n;

  /** Adds the functions to a connection. */
  constructor(database: Database.Database) {
    const sets = this.#sets;
    database.function('in_set', (set: unknown, value: unknown) => {
      if (typeof value !== 'bigint') return null;
      return sets.get(set as bigint)?.has(value) === true ? 1n : 0n;
    });
    database.table('set_values', {
      columns: ['value'],
      parameters: ['number'],
      *rows(number: unknown) {
        for (const value of sets.get(number as bigint)?.values() ?? []) yield [value];
      },
    });
  }

  add(members: IdSet): bigint {
    this.#sets.set(++this.#last, members);
    return this.#last;
  }

  remove(number: bigint): void {
    this.#sets.delete(number);
  }
}

/** A set that was found, and its number for the functions. */
export interface KnownSet {
  readonly members: IdSet;
  readonly number: bigint;
}

const asked = ({ key, from, condition }: SetQuery): Sql => sql`SELECT ${key} FROM ${from} WHERE ${condition}`;

/** Whether a value is in a set that was found; over a column where one holds the value. */
export function within(outer: Sql, { members, number }: KnownSet): Sql {
  if (members.size === 0) return FALSE;
  const scan = {
    ...(outer.column ? { scan: { kind: 'member', column: outer.column, members } as const } : {}),
    ...(outer.source === 'process.exe' ? { probe: { source: outer.source, files: members } as const } : {}),
  };
  if (members.size <= WRITTEN) return { ...sql`${outer} IN (${listed([...members.values()].map(bound))})`, ...scan };
  if (members.size <= HANDED) {
    return { ...sql`${outer} IN (SELECT value FROM set_values(${bound(number)}))`, ...scan };
  }
  return { ...sql`in_set(${bound(number)}, ${outer})`, ...scan };
}

/** Texts that are known without a way through their table: the ids whose text passes, or nothing where SQL is to find them. */
export interface Texts {
  find(probe: Probe): Generator<void, IdSet | undefined> | undefined;
}

/** A part of texts, in small letters; rest: what of it stands in the bytes of each text that has it. */
export interface PartOf {
  readonly source: TextSource;
  readonly part: string;
  readonly rest: string;
}

export interface FoundTexts {
  readonly members: Members;
  /** Numbers of rows that only SQL can tell of. */
  readonly unclear: readonly number[];
  /** How many rows there are. */
  readonly rows: number;
}

/** Texts that are found by the bytes of the pages that they lie on; nothing where SQL is to find them. */
export interface Pages {
  find(part: PartOf): Generator<void, FoundTexts | undefined> | undefined;
}

/** How sets are found otherwise than by SQL, and what helps it. */
export interface Help {
  /** The capture's file, where its indexes may be gone through by their pages. */
  readonly file?: PageFile | undefined;
  readonly texts?: Texts | undefined;
  readonly pages?: Pages | undefined;
  readonly ahead?: Ahead | undefined;
  readonly helper?: Helper | undefined;
}

/** Rows that are asked about at a stretch, where only some are in question: up to one in so many. */
const SOME = 512;
const FEW = 16;

/** What can be looked for in the bytes of texts. */
function partOf(probe: Probe): PartOf | undefined {
  if (!('test' in probe) || probe.test.kind !== 'contains') return undefined;
  const rest = inBytes(probe.test.part);
  if (rest === undefined) return undefined;
  const part = lowered(probe.test.part);
  // What else there is in bytes is asked of SQL.
  return { source: probe.source, part, rest: probe.source.startsWith('process') ? rest : part };
}

export class StoredSets {
  readonly #database: Database.Database;
  readonly #register: SetRegister;
  readonly #help: Help;
  readonly #known = new Map<string, KnownSet>();
  readonly #pending = new Map<string, Pending>();

  constructor(database: Database.Database, register: SetRegister, help: Help = {}) {
    this.#database = database;
    this.#register = register;
    this.#help = help;
  }

  /** Whether a value is in a set. One that was not found yet is noted, and found within the statement. */
  member(outer: Sql, query: SetQuery): Sql {
    const set = this.#get(query);
    return set ? within(outer, set) : sql`${outer} IN (${asked(query)})`;
  }

  /** A set itself; undefined where it was not found yet: it is noted, and the condition is to be made again. */
  known(query: SetQuery): KnownSet | undefined {
    return this.#get(query);
  }

  #get(query: SetQuery): KnownSet | undefined {
    const name = nameOf(query);
    const set = this.#known.get(name);
    if (!set) this.#pending.set(name, { name, query });
    return set;
  }

  /** How many sets conditions were made with that are not found yet. */
  get pending(): number {
    return this.#pending.size;
  }

  /**
   * Finds some of the sets that a condition asked for, the innermost first, and forgets the others: it is to be made again,
   * and may ask for less.
   */
  *find(): Generator<void> {
    const pending = [...this.#pending.values()];
    this.#pending.clear();
    const isInner = (query: SetQuery): boolean =>
      !pending.some((other) => other.query !== query && holds(query, other.query));
    const inner = pending.filter(({ query }) => isInner(query));
    const next = inner.length > 0 ? inner : pending;
    const early = next.filter(({ query }) => query.from.text === EARLY);
    const found = early.length > 0 ? early : next;
    for (const [at, { name, query }] of found.entries()) {
      const later = found.slice(at + 1).filter((other) => !other.query.condition.probe);
      yield* this.#find(
        name,
        query,
        later.flatMap(({ query: { from } }) => waysThrough(from.text)),
      );
    }
  }

  /** @param later what is gone through for others then */
  *#find(name: string, query: SetQuery, later: readonly Way[]): Generator<void> {
    if (this.#known.has(name)) return;
    const { probe } = query.condition;
    const held = probe && this.#help.texts?.find(probe);
    const members =
      (held && (yield* held)) ??
      (yield* this.#seek(query, later)) ??
      (yield* this.#ofReadings(query, later)) ??
      (yield* this.#ask(query, later));
    this.#keep(name, members);
  }

  /** By the bytes of the table's pages. */
  *#seek({ key, from, condition }: SetQuery, later: readonly Way[]): Generator<void, IdSet | undefined> {
    const drive = DRIVES[from.text];
    const part = condition.probe && partOf(condition.probe);
    const finding = part && this.#help.pages?.find(part);
    if (drive === undefined || !finding) return undefined;
    this.#help.ahead?.bring([...waysThrough(from.text), ...later]);
    const found = yield* finding;
    if (!found || found.unclear.length * FEW > found.rows) return undefined;
    if (found.unclear.length === 0) return found.members;
    const { text, params } =
      sql`SELECT ${key} FROM ${from} WHERE (${condition}) AND ${constant(drive)} IN (SELECT value FROM json_each(${bound('')}))`;
    const statement = this.#database.prepare<unknown[], unknown>(text).pluck();
    const members = found.members.copy();
    for (let at = 0; at < found.unclear.length; at += SOME) {
      const rows = statement.all(...params.slice(0, -1), `[${found.unclear.slice(at, at + SOME).join()}]`);
      for (const value of rows) if (typeof value === 'bigint') members.add(value);
      yield;
    }
    return members;
  }

  /** By the readings themselves and the index of calls. */
  *#ofReadings({ key, condition }: SetQuery, later: readonly Way[]): Generator<void, IdSet | undefined> {
    const { reading } = condition;
    const { file, ahead, helper } = this.#help;
    if (!reading || !file) return undefined;
    const ways = [{ tree: KINDS_INDEX, key: READING_KIND }, { tree: CALLS_INDEX }, ...later];
    const chosen = yield* this.#facts(reading.condition, ways);
    const unpacked = yield* this.#facts(UNPACKED, ways);
    ahead?.bring(ways);
    const { text, params } = sql`SELECT ${key} FROM ${reading.from} WHERE (${condition})
      AND reading.call_id IN (SELECT value FROM json_each(${bound('')}))`;
    const statement = this.#database.prepare<unknown[], bigint>(text).pluck();
    return yield* callsOfReadings({ file, helper }, without(chosen, unpacked), (some) =>
      statement.all(...params.slice(0, -1), `[${some.join()}]`),
    );
  }

  /** Rows of image_fact, which other sets are made of: found once. */
  *#facts(condition: Sql, later: readonly Way[]): Generator<void, Members> {
    const query = { key: constant('image_fact.seq'), from: constant('image_fact'), condition };
    const name = nameOf(query);
    const known = this.#known.get(name)?.members;
    return known instanceof Members ? known : this.#keep(name, yield* this.#ask(query, later));
  }

  #keep<Set extends IdSet>(name: string, members: Set): Set {
    this.#known.set(name, { members, number: this.#register.add(members) });
    return members;
  }

  *#ask({ key, from, condition }: SetQuery, later: readonly Way[]): Generator<void, Members> {
    const members = new Members();
    const table = firstTable(from.text);
    const drive = DRIVES[table];
    this.#help.ahead?.bring([...waysThrough(from.text), ...later]);
    const take = (rows: readonly unknown[]): void => {
      for (const value of rows) if (typeof value === 'bigint') members.add(value);
    };
    if (drive === undefined) {
      const { text, params } = sql`SELECT ${key} FROM ${from} WHERE ${condition}`;
      take(
        this.#database
          .prepare<unknown[], unknown>(text)
          .pluck()
          .all(...params),
      );
      yield;
    } else {
      const column = drive.slice(drive.indexOf('.') + 1);
      const range = sql`${constant(drive)} BETWEEN ${bound(0n)} AND ${bound(0n)}`;
      const { text, params } = sql`SELECT ${key} FROM ${from} WHERE (${condition}) AND ${range}`;
      const statement = this.#database.prepare<unknown[], unknown>(text).pluck();
      const [first, last] = this.#database
        .prepare<[], unknown[]>(`SELECT (SELECT min(${column}) FROM ${table}), (SELECT max(${column}) FROM ${table})`)
        .raw()
        .get() ?? [null, null];
      if (typeof first === 'bigint' && typeof last === 'bigint') {
        // Ids that lie far apart are no recorder's: then everything is looked at at once.
        const length = (last - first) / BigInt(PIECE) > 100_000n ? last - first + 1n : BigInt(PIECE);
        const job: RowsJob = {
          kind: 'rows',
          sql: text,
          params: params.slice(0, -2),
          first,
          last,
          length,
          isMixed: true,
        };
        const own = (piece: number): void => {
          take(statement.all(...job.params, ...rangeOf(job, piece)));
        };
        yield* inShares<'rows'>(this.#help.helper, job, own, (found) => {
          for (const value of found) members.addNumber(value);
        });
      }
    }
    return members;
  }

  /** Lets go of the sets. */
  end(): void {
    for (const { number } of this.#known.values()) this.#register.remove(number);
    this.#known.clear();
  }
}

/** Whether a set's condition asks for the other set. */
function holds(query: SetQuery, other: SetQuery): boolean {
  return query.condition.text.includes(`FROM ${other.from.text} WHERE ${other.condition.text}`);
}

function nameOf(query: SetQuery): string {
  const { text, params } = asked(query);
  return JSON.stringify([text, params.map(written)]);
}

const written = (param: Param): string =>
  typeof param === 'bigint'
    ? `n${param.toString()}`
    : typeof param === 'string'
      ? `t${param}`
      : `b${param.toString('hex')}`;
