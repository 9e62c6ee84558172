/** Indexes hold copies of what rows hold: one that was changed would hide rows from readers that the seal finds whole. */
import type { WrongRow } from '#contract/seal.ts';
import type Database from 'better-sqlite3';

/** "row 12 missing from index event_by_ns", and the like (https://sqlite.org/pragma.html#pragma_integrity_check). */
function rowIn(message: string): number | undefined {
  const [, row] = /\brow (\d+) /.exec(message) ?? [];
  return row === undefined ? undefined : Number(row);
}

/** Calls back with the first row that an index does not have as the table has it. Others have their turn in between. */
export function* checkIndexes(
  database: Database.Database,
  report: (row: WrongRow) => never,
): Generator<undefined, void> {
  const tables = database
    .prepare<[], string>("SELECT DISTINCT tbl_name FROM sqlite_schema WHERE type = 'index' ORDER BY rowid")
    .pluck()
    .all();
  for (const table of tables) {
    const answers = (database.pragma(`integrity_check(${table})`) as Record<string, unknown>[]).map((row) =>
      String(Object.values(row)[0]),
    );
    const key = answers.map(rowIn).find((row) => row !== undefined) ?? 0;
    if (answers.join() !== 'ok') report({ table, key, what: 'seal' });
    yield undefined;
  }
}
