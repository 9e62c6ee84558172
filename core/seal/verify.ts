/** Walks the seal of a capture, commit by commit, and names the first row that does not fit (docs/seal.md). */
import type { SealProgress, SealVerdict, VerifyStep, WrongRow } from '#contract/seal.ts';
import { toWide } from '#contract/wide.ts';
import type { KeyObject } from 'node:crypto';
import type Database from 'better-sqlite3';
import { definedOnly } from '../capture/defined.ts';
import { LEAST_INTEGER as FIRST_KEY } from '../capture/integers.ts';
import type { Capture } from '../capture/open.ts';
import { commitDigest, partCursor, partsOf, sealCursor, type Part, type Seal } from './commits.ts';
import { diagnose } from './diagnosis.ts';
import { checkIndexes } from './indexes.ts';
import { RowReader, walkPart, type PartFinding } from './part-walk.ts';
import { isSignature, publicKey } from './signature.ts';
import { sealedTables } from './tables.ts';
import { verdictText } from './verdict-text.ts';

const DIGEST_BYTES = 32;

const SIGNATURE = `SELECT CASE WHEN octet_length(signature) = 64 THEN CAST(signature AS BLOB) ELSE x'' END
  FROM seal_signature WHERE id = ?`;

/** Where the rows end that are looked at: a recorder may go on writing. */
interface End {
  readonly seal: bigint;
  readonly part: bigint;
  readonly keys: ReadonlyMap<string, bigint>;
}

/** A row that does not fit ends the walk. */
class Wrong extends Error {
  readonly row: WrongRow;

  constructor(row: WrongRow) {
    super();
    this.row = row;
  }
}

function wrong(table: string, key: bigint, what: WrongRow['what']): never {
  throw new Wrong({ table, key: toWide(key), what });
}

export class SealWalk {
  readonly #capture: Capture;
  readonly #database: Database.Database;
  readonly #reader: RowReader;
  readonly #askedKey: Buffer | undefined;
  readonly #end: End;
  readonly #allRows: number;
  readonly #steps: Generator<undefined, SealVerdict>;
  readonly #signature: Database.Statement<[bigint], Buffer>;
  readonly #started = performance.now();
  /** By table: the last key that a commit covers. */
  readonly #covered = new Map<string, bigint>();
  #ownKey: Buffer | undefined;
  #commits = 0;
  #rows = 0;
  #head: Buffer | undefined;
  /** The row that is being read, for the case that it cannot be. */
  #place: { table: string; key: bigint } | undefined;

  /** @param key public key that the signatures must be of, 32 bytes */
  constructor(capture: Capture, key?: Buffer) {
    this.#capture = capture;
    this.#database = capture.database;
    this.#reader = new RowReader(capture.database);
    this.#askedKey = key;
    this.#signature = capture.database.prepare<[bigint], Buffer>(SIGNATURE).pluck();
    this.#end = this.#readEnd();
    this.#allRows = Number(this.#one(`SELECT total(rows) FROM seal WHERE id <= ${String(this.#end.seal)}`) ?? 0);
    this.#steps = this.#judge();
  }

  /** Goes on for that many milliseconds, or to the end. */
  step(milliseconds: number): VerifyStep {
    const until = performance.now() + milliseconds;
    for (;;) {
      const { done, value } = this.#steps.next();
      if (done) return { verdict: value };
      if (performance.now() >= until) return { progress: this.#progress() };
    }
  }

  #progress(): SealProgress {
    const seconds = (performance.now() - this.#started) / 1000;
    return { rows: this.#rows, allRows: Math.max(this.#rows, this.#allRows), seconds };
  }

  #one(sql: string): unknown {
    return this.#database.prepare<[], unknown>(sql).pluck().get();
  }

  #readEnd(): End {
    const last = (table: string): bigint => {
      const id = this.#one(`SELECT max(id) FROM ${table}`);
      return typeof id === 'bigint' ? id : 0n;
    };
    const keys = sealedTables().flatMap((table) => {
      const key = this.#reader.lastKey(table);
      return key === undefined ? [] : [[table.name, key] as const];
    });
    return { seal: last('seal'), part: last('seal_part'), keys: new Map(keys) };
  }

  /** The walk, and what it came to. What the database cannot read is damage, too. */
  *#judge(): Generator<undefined, SealVerdict> {
    try {
      yield* this.#walk();
      yield* checkIndexes(this.#database, (row) => {
        throw new Wrong(row);
      });
      return this.#verdict(undefined);
    } catch (error) {
      if (error instanceof Wrong) return this.#verdict(error.row);
      if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_'))) throw error;
      const place = this.#place;
      return this.#verdict(place && { table: place.table, key: toWide(place.key), what: 'changed' }, error.message);
    }
  }

  #verdict(firstWrong: WrongRow | undefined, damage?: string): SealVerdict {
    const { completeness } = this.#capture;
    const unsealed = this.#end.seal === 0n && this.#end.part === 0n;
    const broken = firstWrong !== undefined || damage !== undefined;
    const state = unsealed ? 'none' : broken ? 'broken' : completeness === 'finished' ? 'holds' : 'unfinished';
    const verdict = definedOnly<Omit<SealVerdict, 'text'>>({
      state,
      commits: this.#commits,
      rows: this.#rows,
      head: this.#head?.toString('hex'),
      signed: this.#signed(broken, firstWrong),
      key: this.#ownKey?.toString('hex'),
      firstWrong: unsealed ? undefined : firstWrong,
    });
    return { ...verdict, text: verdictText(verdict, completeness, damage) };
  }

  #signed(broken: boolean, firstWrong: WrongRow | undefined): SealVerdict['signed'] {
    if (!this.#ownKey) return this.#askedKey ? 'invalid' : 'no';
    if (firstWrong?.table === 'seal_signature') return 'invalid';
    if (this.#askedKey && !this.#askedKey.equals(this.#ownKey)) return 'invalid';
    return broken || !this.#askedKey ? 'unchecked' : 'valid';
  }

  *#walk(): Generator<undefined, void> {
    const seals = sealCursor(this.#database, this.#end.seal);
    const parts = partCursor(this.#database, this.#end.part);
    const key = this.#readKey();
    let previous = this.#previousDigest();
    let [sealId, partId] = [1n, 1n];
    for (let seal = seals.take(); seal; seal = seals.take(), sealId++) {
      if (seal.id < sealId) wrong('seal', seal.id, 'inserted');
      if (seal.id > sealId) this.#blameGap(sealId, seal.id, parts.peek());
      const own: Part[] = [];
      for (let next = parts.peek(); next; next = parts.peek()) {
        if (next.id < partId) wrong('seal_part', next.id, 'inserted');
        if (next.sealId !== sealId) break;
        own.push(next);
        parts.take();
      }
      const follow = own.every(({ id }, at) => id === partId + BigInt(at));
      if (!follow || !commitDigest(previous, seal, own).equals(seal.digest)) {
        throw new Wrong(this.#diagnose(previous, seal, own, partId));
      }
      for (const part of own) yield* this.#walkPart(part);
      if (own.reduce((sum, { rows }) => sum + rows, 0n) !== seal.rows) wrong('seal', sealId, 'changed');
      this.#checkSignature(key, seal);
      partId += BigInt(own.length);
      previous = this.#head = seal.digest;
      this.#commits++;
      yield undefined;
    }
    this.#checkEnd(sealId, parts.peek());
  }

  /** What a missing seal covered is still there; where nothing is, the seal after the gap was added. */
  #blameGap(expected: bigint, found: bigint, part: Part | undefined): never {
    if (part || this.#uncovered()) wrong('seal', expected, 'missing');
    wrong('seal', found, 'inserted');
  }

  *#walkPart(part: Part): Generator<undefined, void> {
    const before = this.#covered.get(part.table);
    const walk = walkPart(this.#reader, part, before === undefined ? FIRST_KEY : before + 1n);
    this.#place = { table: part.table, key: part.firstKey };
    const counted = this.#rows;
    for (;;) {
      const { done, value } = walk.next();
      if (!done) {
        this.#rows = counted + value;
        yield undefined;
        continue;
      }
      this.#place = undefined;
      this.#rows = counted + value.rows;
      if (value.fits && (value.fault || !value.sound)) wrong('seal_part', part.id, 'changed');
      if (!value.fits)
        throw new Wrong(value.fault ?? { table: part.table, key: toWide(part.firstKey), what: 'changed' });
      this.#covered.set(part.table, part.lastKey);
      return;
    }
  }

  /** A part's rows in one go; for a diagnosis. */
  #findingOf(part: Part): PartFinding {
    const before = this.#covered.get(part.table);
    const walk = walkPart(this.#reader, part, before === undefined ? FIRST_KEY : before + 1n);
    for (;;) {
      const { done, value } = walk.next();
      if (done) return value;
    }
  }

  #diagnose(previous: Buffer, seal: Seal, parts: readonly Part[], firstPart: bigint): WrongRow {
    const cursor = partCursor(this.#database, this.#end.part, (parts.at(-1)?.id ?? firstPart - 1n) + 1n);
    const following = sealedTables().flatMap(() => cursor.take() ?? []);
    return diagnose({
      previous,
      seal,
      parts,
      following,
      firstPart,
      named: partsOf(this.#database, seal.id, this.#end.part),
      isLast: seal.id === this.#end.seal,
      walk: (part) => this.#findingOf(part),
      uncovered: (own) => this.#uncovered(own) !== undefined,
    });
  }

  /** The first row that no commit covers, taking these parts for right. */
  #uncovered(parts: readonly Part[] = []): WrongRow | undefined {
    const covered = new Map([...this.#covered, ...parts.map(({ table, lastKey }) => [table, lastKey] as const)]);
    for (const table of sealedTables()) {
      const end = this.#end.keys.get(table.name);
      const last = covered.get(table.name);
      if (end === undefined || (last !== undefined && end <= last)) continue;
      for (const [key] of this.#reader.rows(table, last === undefined ? FIRST_KEY : last + 1n, end)) {
        return { table: table.name, key: toWide(key as bigint), what: 'inserted' };
      }
    }
    return undefined;
  }

  /** After the last commit there is nothing but what the recorder wrote: its last word, if it has ended. */
  #checkEnd(nextSeal: bigint, part: Part | undefined): void {
    const row = this.#uncovered();
    if (part && row && part.sealId === nextSeal) wrong('seal', nextSeal, 'missing');
    if (part) wrong('seal_part', part.id, 'inserted');
    if (row) throw new Wrong(row);
    const stray = this.#one(`SELECT id FROM seal_signature WHERE id < 1 OR id > ${String(this.#end.seal)} LIMIT 1`);
    if (typeof stray === 'bigint' && !this.#grows) wrong('seal_signature', stray, 'inserted');
    if (this.#capture.completeness === 'unfinished' && !this.#capture.log) wrong('capture_stop', 1n, 'missing');
  }

  get #grows(): boolean {
    return this.#capture.completeness === 'recording';
  }

  #cell(column: string): Buffer | undefined {
    const long = `octet_length(${column}) > ${String(DIGEST_BYTES)}`;
    const sql = `SELECT CASE WHEN ${long} THEN x'' ELSE CAST(${column} AS BLOB) END FROM capture`;
    const value = this.#one(sql);
    return Buffer.isBuffer(value) ? value : undefined;
  }

  /** What the first commit follows: nothing, or the last commit of the part before. */
  #previousDigest(): Buffer {
    return this.#cell('previous_digest') ?? Buffer.alloc(DIGEST_BYTES);
  }

  #readKey(): KeyObject | undefined {
    this.#ownKey = this.#cell('signing_key');
    return this.#ownKey && publicKey(this.#ownKey);
  }

  #checkSignature(key: KeyObject | undefined, { id, digest }: Seal): void {
    const signature = this.#signature.get(id);
    if (!this.#ownKey) {
      if (signature) wrong('seal_signature', id, 'inserted');
      return;
    }
    if (!signature) wrong('seal_signature', id, 'missing');
    if (!key || !isSignature(key, digest, signature)) wrong('seal_signature', id, 'changed');
  }
}
