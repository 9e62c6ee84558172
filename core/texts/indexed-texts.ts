/**
 * Which processes a condition means, found by the indexes of a capture: of a program's name each distinct one is asked about
 * once. For as long as the texts are not in memory.
 */
import type Database from 'better-sqlite3';
import { readable } from '../capture/columns.ts';
import { Members, type IdSet } from '../filter/members.ts';
import { passing, type Probe, type TextTest } from '../filter/text-test.ts';

/** Files up to so many are looked up one by one. */
const MOST_FILES = 20_000;

/** Longer names are no recorder's, in characters. */
const LONGEST = 1024;

/** Looks into an index at a stretch. */
const STRETCH = 512;

export class IndexedTexts {
  readonly #firstName: Database.Statement<[], unknown>;
  readonly #nextName: Database.Statement<[unknown], unknown>;
  readonly #named: Database.Statement<[unknown], number>;
  readonly #running: Database.Statement<[bigint], number>;

  /** @param database of a capture that has the indexes */
  constructor(database: Database.Database) {
    const ids = <Key>(column: string): Database.Statement<[Key], number> =>
      database.prepare<[Key], number>(`SELECT id FROM process WHERE ${column} = ?`).pluck().safeIntegers(false);
    this.#firstName = database.prepare<[], unknown>('SELECT comm FROM process ORDER BY comm LIMIT 1').pluck();
    this.#nextName = database
      .prepare<[unknown], unknown>('SELECT comm FROM process WHERE comm > ? ORDER BY comm LIMIT 1')
      .pluck();
    this.#named = ids('comm');
    this.#running = ids('exe_file_id');
  }

  /** Ids of the processes that pass; undefined, also at the end, where only SQL is to answer. */
  find(probe: Probe): Generator<void, IdSet | undefined> | undefined {
    if (probe.source === 'process.exe') return probe.files.size <= MOST_FILES ? this.#programs(probe.files) : undefined;
    return probe.source === 'process.comm' ? this.#names(probe.test) : undefined;
  }

  *#programs(files: IdSet): Generator<void, IdSet> {
    const found = new Members();
    let looks = 0;
    for (const file of files.values()) {
      for (const id of this.#running.all(file)) found.addNumber(id);
      if (++looks % STRETCH === 0) yield;
    }
    return found;
  }

  *#names(test: TextTest): Generator<void, IdSet | undefined> {
    const passes = passing(test);
    if (!passes) return undefined;
    const found = new Members();
    let looks = 0;
    for (let name = this.#firstName.get(); name !== undefined; name = this.#nextName.get(name)) {
      const text = textOf(name);
      if (text === undefined) return undefined;
      if (passes(text)) for (const id of this.#named.all(name)) found.addNumber(id);
      if (++looks % STRETCH === 0) yield;
    }
    return found;
  }
}

/** As people see it; undefined where SQL may take it for something else: what is no text, and what no recorder takes for one. */
function textOf(name: unknown): string | undefined {
  if (typeof name !== 'string' && !Buffer.isBuffer(name)) return undefined;
  if (name.length > LONGEST) return undefined;
  const text = readable(name);
  return text.includes('\0') || text.includes('\uFFFD') ? undefined : text;
}
