/**
 * Opens a capture so that nothing about it changes: not its bytes, not its times, no file beside it.
 *
 * A finished capture is one file and is read in place. One that is being recorded is in WAL mode and is read beside its
 * recorder. What a killed recorder left needs recovery, which writes: that happens in a private copy.
 */
import { realpathSync } from 'node:fs';
import Database from 'better-sqlite3';
import { ClockMap, type Sample } from './clock-map.ts';
import { integer, small, type Row } from './columns.ts';
import { beginUse, endUse, fileKey } from './descriptors.ts';
import { CaptureError } from './failure.ts';
import { checkMarks, describe, readHeader, type CaptureHeader } from './header.ts';
import { isHeld } from './locks.ts';
import { copyForRecovery, isThere, type RecoveredCopy } from './recovered-copy.ts';
import { checkSchema } from './schema.ts';

/** Files up to this size are checked whole when they are opened. */
const CHECK_BYTES = 64 * 1024 * 1024;

export type Completeness = 'finished' | 'unfinished' | 'recording';

export interface Capture {
  /** As it was asked for; for messages. */
  readonly path: string;
  /** The file itself, behind all links. */
  readonly file: string;
  readonly database: Database.Database;
  /** Number of its format: of FORMAT_BEFORE it lacks some indexes. */
  readonly format: number;
  completeness: Completeness;
  /** Whether there was a write-ahead log: a recorder removes it when it finishes the file. */
  readonly log: boolean;
  clock: ClockMap;
  close(): void;
}

/** SQLite's words, which can hold lines of a foreign schema, as part of one sentence. */
function oneLine(words: unknown): string {
  return String(words).replaceAll(/\s+/g, ' ').slice(0, 200);
}

/** SQLite's words for a broken file. */
export function asFailure(error: unknown, path: string): CaptureError {
  if (error instanceof CaptureError) return error;
  if (error instanceof Database.SqliteError) {
    if (error.code.startsWith('SQLITE_CORRUPT') || error.code === 'SQLITE_NOTADB' || error.code === 'SQLITE_ERROR') {
      return new CaptureError(
        'damaged',
        `${path} is damaged and cannot be read any further: ${oneLine(error.message)}`,
      );
    }
    return new CaptureError('not-readable', `${path} cannot be read: ${oneLine(error.message)}`);
  }
  throw error;
}

/**
 * @param file an absolute path. better-sqlite3 takes blanks and line breaks off the end of it, which are part of a name;
 * SQLite itself leaves out a last part of a single dot (https://sqlite.org/src/file/src/os_unix.c, unixFullPathname)
 */
function connect(file: string, readonly: boolean): Database.Database {
  const exact = file === file.trim() ? file : `${file}/.`;
  const database = new Database(exact, { readonly, fileMustExist: true, timeout: 2000 });
  database.pragma('trusted_schema = OFF');
  database.pragma('cell_size_check = ON');
  database.pragma('mmap_size = 0');
  // In KB: what leads to the rows of ten million events fits, and the rows themselves are in the system's cache.
  database.pragma('cache_size = -8000');
  database.defaultSafeIntegers(true);
  return database;
}

/** What SQLite makes of file and log together. Returns the number of the format. */
function checkContent(
  database: Database.Database,
  path: string,
  header: CaptureHeader,
  check: 'content' | 'schema',
): number {
  const mark = (name: string): number => Number(database.pragma(name, { simple: true }));
  const [applicationId, version] = [mark('application_id'), mark('user_version')];
  if (header.blank && applicationId === 0 && version === 0) {
    throw new CaptureError(
      'damaged',
      `${path} holds nothing: its recorder was stopped before it wrote anything, or its log ${path}-wal is missing`,
    );
  }
  checkMarks(path, applicationId, version);
  checkSchema(database, path, version);
  if (check === 'schema' || header.stats.size > CHECK_BYTES) return version;
  const answer = database.pragma('quick_check(1)', { simple: true });
  if (answer !== 'ok') {
    throw new CaptureError('damaged', `${path} is damaged: ${oneLine(answer)}`);
  }
  return version;
}

function readClock(database: Database.Database, path: string): ClockMap {
  const samples: Sample[] = database
    .prepare<[], Row>('SELECT boot_ns, wall_ns, uncertainty_ns FROM clock_fact')
    .all()
    .map((row) => ({
      bootNs: integer(row, 'boot_ns'),
      wallNs: integer(row, 'wall_ns'),
      uncertaintyNs: integer(row, 'uncertainty_ns'),
    }));
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

/** The file that a path leads to: SQLite looks for the log beside that one. */
export function resolved(path: string): string {
  try {
    return realpathSync(path);
  } catch (error) {
    throw new CaptureError('not-readable', `${path} cannot be read: ${describe(error)}`);
  }
}

/** Anything beside the file that SQLite takes for its log would make it write. */
export function needsRecovery(file: string, header: CaptureHeader): boolean {
  return header.wal || isThere(`${file}-wal`) || isThere(`${file}-journal`);
}

/** Connects to the file itself, or to the copy, where recovery may write; from then on it is only read. */
function connectForReading(file: string, copy: RecoveredCopy | undefined): Database.Database {
  const database = connect(copy?.path ?? file, !copy);
  try {
    if (copy) database.pragma('journal_mode = DELETE');
    database.pragma('query_only = ON');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

/** Another connection to a file that is open already and that nobody writes to, for another thread. */
export const connectAgain = (file: string): Database.Database => connectForReading(file, undefined);

/**
 * @param check 'schema': only tables and indexes are compared, for a reader that checks every row itself
 * @throws CaptureError with one clear sentence
 */
export function openCapture(path: string, check: 'content' | 'schema' = 'content'): Capture {
  const header = readHeader(path);
  const file = resolved(path);
  const recording = header.wal && isHeld(file);
  const log = header.wal || isThere(`${file}-wal`);
  const key = fileKey(header.stats);
  let copy: RecoveredCopy | undefined;
  let database: Database.Database | undefined;
  beginUse(key);
  const close = (): void => {
    database?.close();
    copy?.remove();
    endUse(key);
  };
  try {
    copy = !recording && needsRecovery(file, header) ? copyForRecovery(file) : undefined;
    database = connectForReading(file, copy);
    const format = checkContent(database, path, header, check);
    const completeness = isFinished(database) ? 'finished' : recording ? 'recording' : 'unfinished';
    return { path, file, database, format, completeness, log, clock: readClock(database, path), close };
  } catch (error) {
    close();
    throw asFailure(error, path);
  }
}

/** Looks again at a capture that was written to: new clock samples, whether it is finished. */
export function refreshCapture(capture: Capture): void {
  capture.clock = readClock(capture.database, capture.path);
  if (isFinished(capture.database)) capture.completeness = 'finished';
}

/**
 * Looks whether a recorder is still there. The kernel stops all changes of locks while it shows them, which takes it
 * milliseconds: of a recorder that has just written it need not be asked.
 */
export function noticeEnd(capture: Capture): void {
  if (capture.completeness === 'recording' && !isHeld(capture.file)) capture.completeness = 'unfinished';
}
