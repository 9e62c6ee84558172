/** What processes are called and what they were told, by their ids: 6 bytes each, and each distinct text once. */
import type Database from 'better-sqlite3';
import { Members, type IdSet } from '../filter/members.ts';
import { argvText } from '../capture/processes.ts';
import type { TextSource, TextTest } from '../filter/text-test.ts';
import { IdColumn } from '../survey/event-rows.ts';
import { NarrowColumn } from '../survey/narrow-column.ts';
import { endsIn, isOdd, numbersIn, PIECE, textOf } from './piece.ts';
import { TextPool } from './text-pool.ts';

/** Before a text that is there. */
const THERE = 0x3d;

const there = (column: string, text = textOf(column)): string => `iif(${column} IS NULL, '', '=' || ${text})`;

/** Three texts of each process: arguments, which have NULs between, in hexadecimal. */
const PROCESSES = `SELECT max(id), count(*), CAST(group_concat(texts, char(0)) AS BLOB),
    CAST(group_concat(id || ' ' || ifnull(exe_file_id + 1, 0), ' ') AS BLOB), total(odd)
  FROM (SELECT id, exe_file_id, ${there('comm')} || char(0) || ${there('cgroup')} || char(0) || ${there('argv', 'hex(argv)')} AS texts,
      ${isOdd('comm')} OR ${isOdd('cgroup')} OR ${isOdd('argv')} AS odd
    FROM process WHERE id > ? ORDER BY id LIMIT ${String(PIECE)})`;

/** Ids up to here are kept in columns. */
const MOST_IDS = 1 << 26;

const SOURCES = ['process.comm', 'process.cgroup', 'process.argv'] as const satisfies readonly TextSource[];

/** Ids that are looked at at a stretch. */
const STRETCH = 1 << 18;

const decoded = (argv: string): string => argvText(Buffer.from(argv, 'hex')) ?? '';

export class ProcessTexts {
  readonly #numbers = new Float64Array(PIECE * 2);
  readonly #ends = new Uint32Array(PIECE * SOURCES.length);
  readonly #pieces: Database.Statement<[number], unknown[]>;
  readonly #pools = SOURCES.map(() => new TextPool());
  /** By id: codes, 0 where there is no text. */
  readonly #codes = SOURCES.map(() => new NarrowColumn());
  readonly #files = new IdColumn();
  #last = Number.MIN_SAFE_INTEGER;
  #ids = 0;
  /** False where there is what no recorder writes, or too much: then SQL is asked. */
  isHeld = true;

  constructor(database: Database.Database) {
    this.#pieces = database.prepare<[number], unknown[]>(PROCESSES).raw().safeIntegers(false);
  }

  /** Reads what was not read yet; stops after each piece. */
  *read(): Generator<void> {
    for (const pool of this.#pools) yield* pool.open();
    for (let more = true; more && this.isHeld; yield) more = this.#readPiece();
  }

  /** Nothing more comes for now. */
  settle(): void {
    for (const pool of this.#pools) pool.settle();
  }

  #readPiece(): boolean {
    const [last, count, texts, ids, odd] = this.#pieces.get(this.#last) ?? [];
    if (typeof last !== 'number') return false;
    this.#last = last;
    if (odd === 0 && last < MOST_IDS && typeof count === 'number' && Buffer.isBuffer(texts) && Buffer.isBuffer(ids)) {
      this.#take(count, texts, ids);
    } else this.isHeld = false;
    return true;
  }

  #take(count: number, texts: Buffer, ids: Buffer): void {
    const numbers = numbersIn(ids, count * 2, this.#numbers);
    const ends = endsIn(texts, count * SOURCES.length, this.#ends);
    this.isHeld = numbers !== undefined && ends !== undefined;
    if (!numbers || !ends) return;
    let start = 0;
    for (let at = 0; at < count * SOURCES.length; at++) {
      const [end, which] = [ends[at] ?? start, at % SOURCES.length];
      const place = ((at - which) / SOURCES.length) * 2;
      const id = numbers[place] ?? 0;
      const file = numbers[place + 1] ?? 0;
      if (which === 0 && file > 0) this.#files.take(id, file - 1);
      if (texts[start] === THERE && start < end) {
        this.#codes[which]?.put(id, this.#pools[which]?.codeOf(texts, start + 1, end) ?? 0);
      }
      start = end + 1;
      this.#ids = Math.max(this.#ids, id + 1);
    }
    this.isHeld = this.#files.isHeld && this.#pools.every(({ isFull }) => !isFull);
  }

  /** Ids of the processes whose text passes; undefined where only SQL is to answer. */
  find(source: (typeof SOURCES)[number], test: TextTest): Generator<void, Members> | undefined {
    const which = SOURCES.indexOf(source);
    const finding = this.#pools[which]?.find(test, source === 'process.argv' ? decoded : undefined);
    return finding && this.#ofCodes(which, finding);
  }

  /** Ids of the processes whose program is one of those files. */
  *ofFiles(files: IdSet): Generator<void, Members> {
    const members = new Members();
    for (let id = 0; id < this.#ids; id++) {
      const file = this.#files.at(id);
      if (file > 0 && files.hasNumber(file)) members.addNumber(id);
      if (id % STRETCH === STRETCH - 1) yield;
    }
    return members;
  }

  *#ofCodes(which: number, finding: Generator<void, Uint8Array>): Generator<void, Members> {
    const answers = yield* finding;
    const members = new Members();
    if (!answers.includes(1)) return members;
    const codes = this.#codes[which];
    for (let id = 0; codes && id < this.#ids; id++) {
      if (answers[codes.at(id)] === 1) members.addNumber(id);
      if (id % STRETCH === STRETCH - 1) yield;
    }
    return members;
  }
}
