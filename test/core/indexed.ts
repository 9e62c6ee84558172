/** Captures of the format before with the indexes of the newest one. */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { FORMAT_VERSION, schemaText } from '#core/capture/schema.ts';
import { temporaryFolder } from './builder.ts';

/** Returns the path of a copy. */
export function withIndexes(path: string): string {
  const copy = join(temporaryFolder(), 'indexed.modtrail');
  copyFileSync(path, copy);
  const database = new Database(copy);
  for (const [statement] of schemaText().matchAll(/CREATE INDEX [^;]+;/g)) {
    database.exec(statement.replace('CREATE INDEX', 'CREATE INDEX IF NOT EXISTS'));
  }
  database.pragma(`user_version = ${String(FORMAT_VERSION)}`);
  database.close();
  return copy;
}
