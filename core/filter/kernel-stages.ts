/**
 * What the kernel loaded and freed within calls, asked of few of them by the indexes of a capture: for as long as the survey does
 * not know it of all. The rules are those of the judge (core/attempt/judge.ts).
 */
import type Database from 'better-sqlite3';
import { BRIEF, briefCells, IS_CALL } from '../attempt/calls.ts';
import { Sharing } from '../attempt/sharing.ts';
import { RETURNED } from '../capture/events.ts';
import type { IdSet } from './members.ts';

/** Calls on files on which shared loads are looked for; with more, reading everything is not slower. */
const MOST_CALLS = 1_000_000;

const kindOf = (loads: boolean): string => (loads ? 'module_load' : 'module_free');

/** Whether the kernel loaded, or freed, anything within the call of an event. */
const hasChange = (loads: boolean): string =>
  `EXISTS (SELECT 1 FROM event AS stage JOIN module_fact ON module_fact.seq = stage.seq
    WHERE stage.call_id = event.call_id AND +stage.kind = '${kindOf(loads)}')`;

/** Numbers of events as one parameter. */
const LISTED = '(SELECT value FROM json_each(?))';

/** Calls that may have shared a load: those without one of their own, which have read no file themselves. */
const MAY_SHARE = `event.kind = 'finit_module' AND event.repeat = 1 AND event.file_id IS NOT NULL AND ${RETURNED} IS NOT NULL
  AND NOT ${hasChange(true)}
  AND NOT EXISTS (SELECT 1 FROM event AS reading WHERE reading.call_id = event.call_id AND +reading.kind = 'image_read')`;

export class KernelStages {
  readonly #database: Database.Database;
  readonly #statements = new Map<string, Database.Statement<[string], bigint>>();
  readonly #lastNs: Database.Statement<[], bigint>;
  readonly #firstLoad: Database.Statement<[number], number>;
  readonly #sharing: Sharing;
  readonly #brief: Database.Statement<[string], unknown[]>;

  /** @param database of a capture that has the indexes */
  constructor(database: Database.Database) {
    this.#database = database;
    this.#sharing = new Sharing(database);
    this.#lastNs = database.prepare<[], bigint>('SELECT max(ns) FROM event').pluck();
    this.#firstLoad = database
      .prepare<[number], number>(
        `SELECT stage.seq FROM event AS stage JOIN module_fact ON module_fact.seq = stage.seq
         WHERE stage.call_id = ? AND +stage.kind = 'module_load' ORDER BY stage.ns, stage.seq LIMIT 1`,
      )
      .pluck()
      .safeIntegers(false);
    this.#brief = database
      .prepare<[string], unknown[]>(`SELECT ${BRIEF} FROM event WHERE event.seq IN ${LISTED} AND ${MAY_SHARE}`)
      .raw();
  }

  /** What a statement finds with those numbers. */
  #ask(text: string, numbers: readonly (number | bigint)[]): bigint[] {
    const statement = this.#statements.get(text) ?? this.#database.prepare<[string], bigint>(text).pluck();
    this.#statements.set(text, statement);
    return statement.all(`[${numbers.join()}]`);
  }

  /** Events of the calls in which one of those changes of modules is the first of its sort. */
  callsOf(changes: readonly bigint[], loads: boolean): number[] {
    const found = this.#ask(
      `SELECT of_call.seq FROM event AS stage CROSS JOIN event AS of_call ON of_call.call_id = stage.call_id
       WHERE stage.seq IN ${LISTED} AND +stage.kind = '${kindOf(loads)}' AND +of_call.${IS_CALL}
         AND NOT EXISTS (SELECT 1 FROM event AS other JOIN module_fact ON module_fact.seq = other.seq
           WHERE other.call_id = stage.call_id AND +other.kind = stage.kind AND (other.ns, other.seq) < (stage.ns, stage.seq))`,
      changes,
    );
    return found.map(Number);
  }

  /** Those of some calls' events in whose call the kernel loaded, or freed, anything. */
  withChange(seqs: readonly number[], loads: boolean): number[] {
    const found = this.#ask(`SELECT event.seq FROM event WHERE event.seq IN ${LISTED} AND ${hasChange(loads)}`, seqs);
    return found.map(Number);
  }

  /** Files of calls that may have shared a load. */
  filesOf(seqs: readonly number[]): bigint[] {
    return this.#ask(`SELECT DISTINCT event.file_id FROM event WHERE event.seq IN ${LISTED} AND ${MAY_SHARE}`, seqs);
  }

  /** Files of the calls of those loads. */
  filesOfLoads(changes: readonly bigint[]): bigint[] {
    return this.#ask(
      `SELECT DISTINCT of_call.file_id FROM event AS stage CROSS JOIN event AS of_call ON of_call.call_id = stage.call_id
       WHERE stage.seq IN ${LISTED} AND +stage.kind = 'module_load' AND +of_call.kind = 'finit_module'
         AND of_call.file_id IS NOT NULL`,
      changes,
    );
  }

  /** All rows of `file` that are the same file as one of those. Stops after each piece. */
  *alike(files: ReadonlySet<bigint>): Generator<void, bigint[]> {
    return yield* this.#sharing.alike(files);
  }

  /** What can be known of shared loads on files; undefined where that is too much. Stops after each piece. */
  *sharingOn(files: ReadonlySet<bigint>): Generator<void, Sharing | undefined> {
    const sharing = new Sharing(this.#database);
    const ids = yield* sharing.alike(files);
    return (yield* sharing.readOn(ids, MOST_CALLS)) ? sharing : undefined;
  }

  /** Those of some events whose call shared a load, of some or of any. */
  shared(seqs: readonly number[], sharing: Sharing, members: IdSet | undefined): number[] {
    const lastNs = this.#lastNs.get() ?? 0n;
    return this.#brief.all(`[${seqs.join()}]`).flatMap((cells) => {
      const call = briefCells(cells);
      const loader = sharing.loaderFor(call, lastNs);
      const load = loader && this.#firstLoad.get(loader.callId);
      return load !== undefined && (members?.hasNumber(load) ?? true) ? [Number(call.seq)] : [];
    });
  }
}
