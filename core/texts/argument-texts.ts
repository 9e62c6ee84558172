/**
 * The texts that calls were given, by the row of their event: 3 bytes a call, and each distinct text once. A call has one
 * text at entry; other readings of it are kept only where they say something else.
 */
import type Database from 'better-sqlite3';
import { Members, type IdSet } from '../filter/members.ts';
import { inPieces } from '../filter/in-pieces.ts';
import { IS_CHANGED } from '../filter/places.ts';
import type { TextTest } from '../filter/text-test.ts';
import { Bits } from '../survey/bits.ts';
import { KIND_CODES, KIND_MASK, type EventRows } from '../survey/event-rows.ts';
import { NarrowColumn } from '../survey/narrow-column.ts';
import { SparseColumn } from '../survey/sparse-column.ts';
import { WholeColumn } from '../survey/whole-column.ts';
import { endsIn, isOdd, isUnusual, numbersIn, PIECE, textOf } from './piece.ts';
import { TextPool } from './text-pool.ts';

/** As a digit of a reading's number. */
const [ENTRY, KERNEL, RETURN] = [0, 1, 2] as const;
const DIGITS = 4;

/** How far a piece goes, and how much of it is more than plain text. */
const LOOK = `SELECT max(id), count(bytes), total(${isUnusual('bytes')})
  FROM (SELECT id, bytes FROM argument_text WHERE id > ? ORDER BY id LIMIT ${String(PIECE)})`;

/** Readings that have a text, each as one number: event, argument, phase. */
const readings = (text: string, odd: string): string => `
  SELECT CAST(group_concat(${text}, char(0)) AS BLOB), CAST(group_concat((seq * ${String(DIGITS)} + argument) * ${String(DIGITS)}
      + CASE phase WHEN 'entry' THEN ${String(ENTRY)} WHEN 'kernel' THEN ${String(KERNEL)} ELSE ${String(RETURN)} END, ' ')
    AS BLOB), ${odd} FROM argument_text WHERE id > ? AND id <= ? AND bytes IS NOT NULL`;

/** Which argument of a call is a text, by code of its kind. */
const ARGUMENTS: ReadonlyMap<number | undefined, number> = new Map([
  [KIND_CODES.get('delete_module'), 0],
  [KIND_CODES.get('finit_module'), 1],
  [KIND_CODES.get('init_module'), 2],
]);

/** Rows that are looked through at a stretch. */
const STRETCH = 1 << 17;

const REMOVAL = KIND_CODES.get('delete_module');

/** Readings that are no text are few in what is recorded. */
const MOST_WRITTEN_OUT = 100_000;

export class ArgumentTexts {
  readonly #rows: EventRows;
  readonly #look: Database.Statement<[number], unknown[]>;
  readonly #plain: Database.Statement<[number, number], unknown[]>;
  readonly #unusual: Database.Statement<[number, number], unknown[]>;
  readonly #bytes: Database.Statement<[number, number], number>;
  readonly #differ: Database.Statement<[string], number>;
  readonly #pool = new TextPool();
  readonly #numbers = new Float64Array(PIECE);
  readonly #ends = new Uint32Array(PIECE);
  /** By row of a call: the text at entry, of the argument that the call has as a text. */
  readonly #codes = new SparseColumn();
  /** Rows that were looked through for calls. */
  #looked = 0;
  /** All other readings. */
  readonly #otherRows = new WholeColumn();
  readonly #otherKinds = new NarrowColumn();
  readonly #otherCodes = new NarrowColumn();
  #others = 0;
  /** Numbers of events with a reading that is no text: written out, it may look like another one that is. */
  readonly #writtenOut: number[] = [];
  #last = Number.MIN_SAFE_INTEGER;
  /** False where there is what no recorder writes, or too much: then SQL is asked. */
  isHeld = true;

  constructor(database: Database.Database, rows: EventRows) {
    this.#rows = rows;
    const prepared = (text: string, odd: string): Database.Statement<[number, number], unknown[]> =>
      database.prepare<[number, number], unknown[]>(readings(text, odd)).raw().safeIntegers(false);
    this.#look = database.prepare<[number], unknown[]>(LOOK).raw().safeIntegers(false);
    this.#plain = prepared('bytes', '0');
    this.#bytes = database
      .prepare<[number, number], number>(
        `SELECT seq FROM argument_text WHERE id > ? AND id <= ? AND typeof(bytes) NOT IN ('null', 'text')`,
      )
      .pluck()
      .safeIntegers(false);
    this.#differ = database
      .prepare<[string], number>(
        `SELECT DISTINCT argument_text.seq FROM argument_text
         WHERE argument_text.seq IN (SELECT value FROM json_each(?)) AND ${IS_CHANGED.text}`,
      )
      .pluck()
      .safeIntegers(false);
    this.#unusual = prepared(textOf('bytes'), `total(${isOdd('bytes')})`);
  }

  /** Reads what was not read yet; stops after each piece. */
  *read(): Generator<void> {
    this.#codes.expect(this.#rows.size);
    for (; this.#looked < this.#rows.size; this.#looked++) {
      if (ARGUMENTS.has(this.#kindOf(this.#looked))) this.#codes.append(this.#looked);
      if (this.#looked % STRETCH === STRETCH - 1) yield;
    }
    yield* this.#pool.open(this.#rows.size >> 4);
    for (let more = true; more && this.isHeld; yield) more = this.#readPiece();
  }

  /** Nothing more comes for now. */
  settle(): void {
    this.#pool.settle();
  }

  #readPiece(): boolean {
    const [last, count, unusual] = this.#look.get(this.#last) ?? [];
    if (typeof last !== 'number') return false;
    if (typeof count === 'number' && count > 0) {
      if (unusual !== 0 && this.#writtenOut.length < MOST_WRITTEN_OUT) {
        for (const seq of this.#bytes.all(this.#last, last)) this.#writtenOut.push(seq);
      }
      const [texts, numbers, odd] = (unusual === 0 ? this.#plain : this.#unusual).get(this.#last, last) ?? [];
      this.isHeld =
        odd === 0 && Buffer.isBuffer(texts) && Buffer.isBuffer(numbers) && this.#take(count, texts, numbers);
    }
    this.#last = last;
    return true;
  }

  #take(count: number, texts: Buffer, readings: Buffer): boolean {
    const numbers = numbersIn(readings, count, this.#numbers);
    const ends = endsIn(texts, count, this.#ends);
    if (!numbers || !ends) return false;
    for (let at = 0, start = 0; at < count; at++) {
      const end = ends[at] ?? start;
      const code = this.#pool.codeOf(texts, start, end);
      const number = numbers[at] ?? 0;
      const row = this.#rows.rowOf(Math.floor(number / (DIGITS * DIGITS)));
      if (row !== undefined) {
        this.#put(row, Math.floor(number / DIGITS) % DIGITS, number % DIGITS, code);
      }
      start = end + 1;
    }
    return !this.#pool.isFull;
  }

  #kindOf(row: number): number {
    return (this.#rows.kinds[row] ?? 0) & KIND_MASK;
  }

  #put(row: number, argument: number, phase: number, code: number): void {
    const known = this.#codes.at(row);
    const isCalls = ARGUMENTS.get(this.#kindOf(row)) === argument;
    if (isCalls && phase === ENTRY && known === 0) this.#codes.put(row, code);
    else if (!isCalls || known !== code) {
      this.#otherRows.put(this.#others, row);
      this.#otherKinds.put(this.#others, argument * DIGITS + phase);
      this.#otherCodes.put(this.#others++, code);
    }
  }

  /** Numbers of the events of which any reading passes. */
  any(test: TextTest): Generator<void, IdSet> | undefined {
    const finding = this.#pool.find(test);
    return finding && this.#set(finding, undefined, () => true);
  }

  /** Numbers of the removals that were asked for a name which passes: the first reading of it counts. */
  asked(test: TextTest): Generator<void, IdSet> | undefined {
    const finding = this.#pool.find(test);
    if (!finding) return undefined;
    // All readings that are not the one at entry are few, and looked through.
    const early = new Set<number>();
    for (let at = 0; at < this.#others; at++) {
      if (this.#otherKinds.at(at) === ENTRY) early.add(this.#otherRows.at(at));
    }
    const isFirst = (row: number): boolean =>
      !early.has(row) && !(this.#kindOf(row) === REMOVAL && this.#codes.at(row) > 0);
    return this.#set(finding, REMOVAL, (kind, row) => kind === ENTRY || (kind === RETURN && isFirst(row)));
  }

  /**
   * Numbers of the events of which any two readings differ: asked only of those that do not say all the same. Undefined where
   * that may be many.
   */
  differing(): Generator<void, IdSet> | undefined {
    return this.#writtenOut.length < MOST_WRITTEN_OUT ? this.#differing() : undefined;
  }

  *#differing(): Generator<void, IdSet> {
    const seqs = new Set(this.#writtenOut);
    for (let at = 0; at < this.#others; at++) seqs.add(this.#rows.seqAt(this.#otherRows.at(at)));
    const members = new Members();
    for (const piece of inPieces(seqs, PIECE)) {
      for (const found of this.#differ.all(`[${piece.join()}]`)) members.addNumber(found);
      yield;
    }
    return members;
  }

  /** @param only the kind of the events whose text at entry counts */
  *#set(
    finding: Generator<void, Uint8Array>,
    only: number | undefined,
    counts: (kind: number, row: number) => boolean,
  ): Generator<void, IdSet> {
    const answers = yield* finding;
    let others: Bits | undefined;
    for (let at = 0; at < this.#others; at++) {
      const row = this.#otherRows.at(at);
      if (answers[this.#otherCodes.at(at)] !== 1 || !counts(this.#otherKinds.at(at), row)) continue;
      others ??= new Bits(this.#rows.size);
      others.set(row);
    }
    const some = others !== undefined || answers.includes(1);
    return some ? new TextRows(this.#rows, this.#codes, answers, only, others) : new Members();
  }
}

/** Events by what their text is, and others. How many that are is not known. */
class TextRows implements IdSet {
  readonly size = Infinity;
  readonly #rows: EventRows;
  readonly #codes: SparseColumn;
  readonly #answers: Uint8Array;
  readonly #only: number | undefined;
  readonly #others: Bits | undefined;

  constructor(
    rows: EventRows,
    codes: SparseColumn,
    answers: Uint8Array,
    only: number | undefined,
    others: Bits | undefined,
  ) {
    this.#rows = rows;
    this.#codes = codes;
    this.#answers = answers;
    this.#only = only;
    this.#others = others;
  }

  has(seq: bigint): boolean {
    const number = Number(seq);
    return Number.isSafeInteger(number) && this.hasNumber(number);
  }

  hasNumber(seq: number): boolean {
    const row = this.#rows.rowOf(seq);
    if (row === undefined) return false;
    const isCounted = this.#only === undefined || ((this.#rows.kinds[row] ?? 0) & KIND_MASK) === this.#only;
    return (isCounted && this.#answers[this.#codes.at(row)] === 1) || this.#others?.has(row) === true;
  }

  *values(): Generator<bigint> {
    for (let row = 0; row < this.#rows.size; row++) {
      const seq = this.#rows.seqAt(row);
      if (this.hasNumber(seq)) yield BigInt(seq);
    }
  }

  markRows(first: number, end: number, marks: Uint8Array): void {
    const answers = this.#answers;
    const only = this.#only;
    const { kinds } = this.#rows;
    this.#codes.mark(first, end, marks, (code) => answers[code] ?? 0);
    for (let row = first; only !== undefined && row < end; row++) {
      if (((kinds[row] ?? 0) & KIND_MASK) !== only) marks[row - first] = 0;
    }
    const others = this.#others;
    for (let row = first; others && row < end; row++) if (others.has(row)) marks[row - first] = 1;
  }
}
