/**
 * A thousand random changes of each kind: every one is found, and the first wrong row is named. MODTRAIL_SEED repeats a
 * run, MODTRAIL_TRIALS makes it longer.
 */
import type Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { SealVerdict } from '#contract/seal.ts';
import { removeFolders } from '../builder.ts';
import { inMemory, sealedCapture, verdictOn } from './sealed.ts';

const TRIALS = Number(process.env['MODTRAIL_TRIALS'] ?? 1000);
const SEED = Number(process.env['MODTRAIL_SEED'] ?? Date.now() % 1_000_000);

vi.setConfig({ testTimeout: 300_000 });

type Cell = bigint | string | Buffer | null;

/** xorshift32: the same numbers for the same seed. */
function numbers(seed: number): (below: number) => number {
  let state = seed * 2_654_435_761 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly keys: readonly bigint[];
}

let database: Database.Database;
let tables: readonly Table[];

beforeAll(() => {
  database = inMemory(sealedCapture({ signed: true }));
  const names = database.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  tables = names.map((name) => {
    const columns = (database.pragma(`table_info(${name})`) as { name: string }[]).map((column) => column.name);
    const keys = database
      .prepare<[], bigint>(`SELECT ${columns[0] ?? ''} FROM ${name} ORDER BY 1`)
      .pluck()
      .all();
    return { name, columns, keys };
  });
});
afterAll(() => {
  database.close();
  removeFolders();
});

const sql = (text: string, ...values: readonly Cell[]): number => database.prepare(text).run(...values).changes;

function rowOf({ name, columns }: Table, key: bigint): Cell[] {
  const found = database
    .prepare<[bigint], Cell[]>(`SELECT * FROM ${name} WHERE ${columns[0] ?? ''} = ?`)
    .raw()
    .get(key);
  if (!found) throw new Error(`${name} ${String(key)}`);
  return found;
}

/** Puts a row's cells, all but the key, where another row's are. */
function overwrite({ name, columns }: Table, key: bigint, cells: readonly Cell[]): void {
  const [first = '', ...others] = columns;
  sql(
    `UPDATE ${name} SET ${others.map((column) => `${column} = ?`).join(', ')} WHERE ${first} = ?`,
    ...cells.slice(1),
    key,
  );
}

/** What a trial changed: the keys of the rows that may be named, undefined where it came to nothing. */
interface Change {
  readonly table: string;
  readonly keys: readonly bigint[];
}

/** Runs one change after the other on the same rows. Returns what was not found, or wrongly named. */
function trials(
  change: (random: (below: number) => number) => Change | undefined,
  completeness: 'finished' | 'unfinished' = 'finished',
): string[] {
  const random = numbers(SEED);
  const failures: string[] = [];
  for (let done = 0; done < TRIALS;) {
    database.exec('SAVEPOINT trial');
    let changed: Change | undefined;
    let verdict: SealVerdict | undefined;
    try {
      changed = change(random);
      verdict = changed && verdictOn(database, { completeness });
    } catch (error) {
      // A value that must be unique is there already: it was no change that a file can hold.
      if (!String((error as { code?: unknown }).code).startsWith('SQLITE_CONSTRAINT')) throw error;
    }
    database.exec('ROLLBACK TO trial; RELEASE trial');
    if (!changed || !verdict) continue;
    done++;
    const { state, firstWrong } = verdict;
    const named = firstWrong?.table === changed.table && changed.keys.map(Number).includes(Number(firstWrong.key));
    if (state !== 'broken' || !named) failures.push(`${changed.table} ${changed.keys.join('/')}: ${verdict.text}`);
  }
  return failures.slice(0, 10).map((failure) => `seed ${String(SEED)}: ${failure}`);
}

function pick<T>(random: (below: number) => number, from: readonly T[]): T {
  return from[random(from.length)] as T;
}

/** Any row of any table, each table as likely as the other. */
function anyRow(random: (below: number) => number): { table: Table; key: bigint } {
  const table = pick(random, tables);
  return { table, key: pick(random, table.keys) };
}

const TEXT_AS_IT_IS = 'CAST(? AS TEXT)';

test('the capture holds as it is', () => {
  expect(tables.every(({ keys }) => keys.length > 0)).toBe(true);
  expect(verdictOn(database)).toMatchObject({ state: 'holds', signed: 'unchecked' });
});

test('a flipped bit in any cell', () => {
  const failures = trials((random) => {
    const { table, key } = anyRow(random);
    const at = random(table.columns.length);
    const [column = '', value] = [table.columns[at], rowOf(table, key)[at]];
    const where = `WHERE ${table.columns[0] ?? ''} = ?`;
    if (typeof value === 'bigint') {
      const other = BigInt.asIntN(64, value ^ (1n << BigInt(random(64))));
      sql(`UPDATE ${table.name} SET ${column} = ? ${where}`, other, key);
      return { table: table.name, keys: at === 0 ? [key, other] : [key] };
    }
    if (value === null || value === undefined || value.length === 0) return undefined;
    const bytes = Buffer.from(value as string);
    const place = random(bytes.length);
    bytes[place] = (bytes[place] ?? 0) ^ (1 << random(8));
    sql(`UPDATE ${table.name} SET ${column} = ${typeof value === 'string' ? TEXT_AS_IT_IS : '?'} ${where}`, bytes, key);
    return { table: table.name, keys: [key] };
  });
  expect(failures).toEqual([]);
});

test('a deleted row', () => {
  const failures = trials((random) => {
    const { table, key } = anyRow(random);
    sql(`DELETE FROM ${table.name} WHERE ${table.columns[0] ?? ''} = ?`, key);
    return { table: table.name, keys: [key] };
  });
  expect(failures).toEqual([]);
});

test('an inserted row', () => {
  const failures = trials((random) => {
    const { table, key } = anyRow(random);
    const last = Number(table.keys.at(-1) ?? 0n);
    const other = BigInt(random(2) === 0 ? random(last + 10) - 3 : last + 1 + random(1000));
    if (table.keys.includes(other)) return undefined;
    const cells = rowOf(table, key).slice(1);
    if (table.name === 'image') cells[0] = null;
    if (table.name === 'call_return') cells[0] = 1_000_000n;
    sql(`INSERT INTO ${table.name} VALUES (?${', ?'.repeat(cells.length)})`, other, ...cells);
    return { table: table.name, keys: [other] };
  });
  expect(failures).toEqual([]);
});

/** Moves the contents of some rows of one table around; the first that is not what it was is the one to be named. */
function moved(random: (below: number) => number, count: number): Change | undefined {
  const table = pick(random, tables);
  if (table.keys.length < count) return undefined;
  const keys = new Set<bigint>();
  while (keys.size < count) keys.add(pick(random, table.keys));
  const rows = [...keys].map((key) => ({ key, cells: rowOf(table, key) }));
  const said = (cells: readonly Cell[] | undefined): string => JSON.stringify(cells?.slice(1), (_, cell: unknown) => (typeof cell === 'bigint' ? String(cell) : cell)); // prettier-ignore
  const target = rows.map(({ key }, at) => ({ key, cells: rows[(at + 1) % count]?.cells ?? [] }));
  const different = target.filter(({ cells }, at) => said(cells) !== said(rows[at]?.cells));
  if (different.length === 0) return undefined;
  // What must be unique must not be there twice for a moment.
  if (table.name === 'call_return')
    for (const { key } of rows) sql('UPDATE call_return SET seq = -id WHERE id = ?', key);
  if (table.name === 'image') for (const { key } of rows) sql('UPDATE image SET sha256 = NULL WHERE id = ?', key);
  for (const { key, cells } of target) overwrite(table, key, cells);
  const first = different.map(({ key }) => key).reduce((a, b) => (a < b ? a : b));
  return { table: table.name, keys: [first] };
}

test('two rows swapped', () => {
  expect(trials((random) => moved(random, 2))).toEqual([]);
});

test('rows re-ordered', () => {
  expect(trials((random) => moved(random, 3 + random(3)))).toEqual([]);
});

test('a cut tail: the last commits are gone with all that they covered', () => {
  const failures = trials((random) => {
    const commits = database.prepare<[], bigint>('SELECT id FROM seal ORDER BY id').pluck().all();
    const from = pick(random, commits.slice(1));
    const parts = database
      .prepare<[bigint], { table_name: string; first_key: bigint }>('SELECT * FROM seal_part WHERE seal_id >= ?')
      .all(from);
    for (const { table_name: name, first_key: first } of parts) {
      const key = tables.find((table) => table.name === name)?.columns[0] ?? '';
      sql(`DELETE FROM ${name} WHERE ${key} >= ?`, first);
    }
    sql('DELETE FROM seal WHERE id >= ?', from);
    sql('DELETE FROM seal_part WHERE seal_id >= ?', from);
    sql('DELETE FROM seal_signature WHERE id >= ?', from);
    return { table: 'capture_stop', keys: [1n] };
  }, 'unfinished');
  expect(failures).toEqual([]);
});
