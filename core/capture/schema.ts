/** What a capture's tables must be, to the letter: contract/schema.sql, which the recorder runs as it stands. */
import { readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { CaptureError } from './failure.ts';

export const APPLICATION_ID = 0x4d54524c;
export const FORMAT_VERSION = 3;

/** The format before: the same rows, with fewer indexes. */
export const FORMAT_BEFORE = 2;

/** What it lacks. */
const SINCE_THREE: ReadonlySet<string> = new Set([
  ...['event_by_process', 'event_by_file', 'event_by_return', 'event_by_like'],
  ...['process_by_comm', 'process_by_program'],
]);

interface SchemaRow {
  readonly type: string;
  readonly name: string;
  readonly sql: string | null;
}

const SCHEMA_ROWS = 'SELECT type, name, sql FROM sqlite_schema';

let expected: ReadonlyMap<string, SchemaRow> | undefined;

/** The schema of the newest format as SQL text; tests build captures with it. */
export function schemaText(): string {
  return readFileSync(new URL('../../contract/schema.sql', import.meta.url), 'utf8');
}

function keyed(rows: readonly SchemaRow[]): Map<string, SchemaRow> {
  return new Map(rows.map((row) => [`${row.type} ${row.name}`, row]));
}

function expectedRows(format: number): ReadonlyMap<string, SchemaRow> {
  if (!expected) {
    const memory = new Database(':memory:');
    memory.exec(schemaText());
    expected = keyed(memory.prepare<[], SchemaRow>(SCHEMA_ROWS).all());
    memory.close();
  }
  if (format === FORMAT_VERSION) return expected;
  return new Map([...expected].filter(([, { name }]) => !SINCE_THREE.has(name)));
}

/** A name from a foreign file, short enough for a sentence. */
function named({ type, name }: SchemaRow): string {
  return `${String(type).slice(0, 20)} '${String(name).slice(0, 60)}'`;
}

/**
 * Checks that exactly the tables and indexes of the format are there: a foreign trigger or view never gets to run.
 * @param format its number, as the file names it
 * @throws CaptureError 'foreign-schema' naming the first that does not fit
 */
export function checkSchema(database: Database.Database, path: string, format: number): void {
  const wanted = expectedRows(format);
  const found = keyed(database.prepare<[], SchemaRow>(SCHEMA_ROWS).all());
  for (const [key, row] of found) {
    const reference = wanted.get(key);
    if (!reference) {
      throw new CaptureError(
        'foreign-schema',
        `${path} holds a ${named(row)} that no capture has: it was altered by another program and is not opened`,
      );
    }
    if (reference.sql !== row.sql) {
      throw new CaptureError(
        'foreign-schema',
        `${path}: the ${named(row)} is not what this format says: it was altered by another program and is not opened`,
      );
    }
  }
  for (const [key, row] of wanted) {
    if (!found.has(key)) {
      throw new CaptureError(
        'foreign-schema',
        `${path} lacks the ${named(row)} of a capture: it is incomplete or was altered, and is not opened`,
      );
    }
  }
}
