/**
 * Opens a capture so that nothing about it changes: not its bytes, not its times, no file beside it.
 *
 * A finished capture is one file and is read in place. One that is being recorded is in WAL mode and is read beside its
 * recorder. What a killed recorder left needs recovery, which writes: that happens in a private copy.
 */
import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { ClockMap, type Sample } from './clock-map.ts';
import { integer, small, type Row } from './columns.ts';
import { CaptureError } from './failure.ts';
import { readHeader } from './header.ts';
import { isHeld } from './locks.ts';
import { copyForRecovery, hasPlainFile, type RecoveredCopy } from './recovered-copy.ts';
import { checkSchema } from './schema.ts';

/** Files up to this size are checked whole when they are opened. */
const CHECK_BYTES = 64 * 1024 * 1024;

export type Completeness = 'finished' | 'unfinished' | 'recording';

export interface Capture {
  readonly path: string;
  readonly database: Database.Database;
  completeness: Completeness;
  clock: ClockMap;
  close(): void;
}

/** SQLite's words for a broken file. */
export function asFailure(error: unknown, path: string): CaptureError {
  if (error instanceof CaptureError) return error;
  if (error instanceof Database.SqliteError) {
    if (error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB' || error.code === 'SQLITE_ERROR') {
      return new CaptureError('damaged', `${path} is damaged and cannot be read any further: ${error.message}`);
    }
    return new CaptureError('not-readable', `${path} cannot be read: ${error.message}`);
  }
  throw error;
}

function connect(file: string, readonly: boolean): Database.Database {
  const database = new Database(file, { readonly, fileMustExist: true, timeout: 2000 });
  database.pragma('trusted_schema = OFF');
  database.pragma('cell_size_check = ON');
  database.pragma('mmap_size = 0');
  database.defaultSafeIntegers(true);
  return database;
}

function check(database: Database.Database, path: string, size: number): void {
  checkSchema(database, path);
  if (size > CHECK_BYTES) return;
  const answer = database.pragma('quick_check(1)', { simple: true });
  if (answer !== 'ok') {
    throw new CaptureError('damaged', `${path} is damaged: ${String(answer).replaceAll(/\s+/g, ' ').slice(0, 200)}`);
  }
}

function readClock(database: Database.Database, path: string): ClockMap {
  const samples: Sample[] = database
    .prepare<[], Row>('SELECT boot_ns, wall_ns FROM clock_fact')
    .all()
    .map((row) => ({ bootNs: integer(row, 'boot_ns'), wallNs: integer(row, 'wall_ns') }));
  if (samples.length === 0) {
    const start = database.prepare<[], Row>('SELECT started_boot_ns AS b, started_wall_ns AS w FROM capture').get();
    if (!start) {
      throw new CaptureError(
        'damaged',
        `${path} says nothing of where and when it was recorded: its recorder was stopped before the first row`,
      );
    }
    samples.push({ bootNs: integer(start, 'b'), wallNs: integer(start, 'w') });
  }
  return new ClockMap(samples);
}

function isFinished(database: Database.Database): boolean {
  return small(database.prepare<[], Row>('SELECT count(*) AS n FROM capture_stop').get() ?? {}, 'n') === 1;
}

/** @throws CaptureError with one clear sentence */
export function openCapture(path: string): Capture {
  const header = readHeader(path);
  const recording = (header.wal || existsSync(`${path}-wal`)) && isHeld(path);
  const leftOver = !recording && (header.wal || hasPlainFile(`${path}-wal`) || hasPlainFile(`${path}-journal`));
  let copy: RecoveredCopy | undefined;
  let database: Database.Database | undefined;
  try {
    copy = leftOver ? copyForRecovery(path) : undefined;
    database = connect(copy?.path ?? path, !copy);
    if (copy) {
      // Recovery writes; from here on the copy is only read.
      database.pragma('journal_mode = DELETE');
    }
    database.pragma('query_only = ON');
    check(database, path, header.stats.size);
    const opened = database;
    const finished = isFinished(database);
    return {
      path,
      database,
      completeness: finished ? 'finished' : recording ? 'recording' : 'unfinished',
      clock: readClock(database, path),
      close: () => {
        opened.close();
        copy?.remove();
      },
    };
  } catch (error) {
    database?.close();
    copy?.remove();
    throw asFailure(error, path);
  }
}

/** Looks again at a capture that was growing: new clock samples, whether it is finished. */
export function refreshCapture(capture: Capture): void {
  capture.clock = readClock(capture.database, capture.path);
  if (isFinished(capture.database)) capture.completeness = 'finished';
  else if (capture.completeness === 'recording' && !isHeld(capture.path)) capture.completeness = 'unfinished';
}
