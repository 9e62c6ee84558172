/** The first look at a file: by its own bytes, before SQLite sees it. */
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { APPLICATION_ID, FORMAT_VERSION } from './schema.ts';
import { CaptureError } from './failure.ts';

const HEADER_BYTES = 100;

export interface CaptureHeader {
  /** In WAL mode: it is growing, or its recorder was killed. */
  readonly wal: boolean;
  readonly stats: Stats;
}

function statFile(path: string): Stats {
  try {
    return statSync(path);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new CaptureError(
        'not-found',
        `${path} does not exist${isLink(path) ? ': it is a link that leads nowhere' : ''}`,
      );
    }
    throw new CaptureError('not-readable', `${path} cannot be read: ${describe(error)}`);
  }
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** An error of the system in words, without Node's prefix. */
export function describe(error: unknown): string {
  const words: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'not permitted',
    EIO: 'input/output error',
    EMFILE: 'too many open files',
    ELOOP: 'a chain of links without end',
    ENAMETOOLONG: 'the name is too long',
  };
  return words[errorCode(error)] ?? (error instanceof Error ? error.message : String(error));
}

/** Fifos, devices and sockets are refused by their type: opening one could wait for ever. */
function checkType(path: string, stats: Stats): void {
  if (stats.isDirectory()) throw new CaptureError('is-directory', `${path} is a folder: choose a capture file in it`);
  if (!stats.isFile())
    throw new CaptureError('not-a-database', `${path} is not a regular file and cannot be a capture`);
  if (stats.size === 0) throw new CaptureError('empty-file', `${path} is empty: no recorder has written to it`);
}

function readBytes(path: string): { bytes: Buffer; stats: Stats } {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw new CaptureError('not-readable', `${path} cannot be read: ${describe(error)}`);
  }
  try {
    const stats = fstatSync(file);
    checkType(path, stats);
    const bytes = Buffer.alloc(HEADER_BYTES);
    const got = readSync(file, bytes, 0, HEADER_BYTES, 0);
    return { bytes: bytes.subarray(0, got), stats };
  } catch (error) {
    if (error instanceof CaptureError) throw error;
    throw new CaptureError('not-readable', `${path} cannot be read: ${describe(error)}`);
  } finally {
    closeSync(file);
  }
}

/**
 * Reads and checks the SQLite header (https://sqlite.org/fileformat2.html#the_database_header).
 * @throws CaptureError with the reason why this is no capture
 */
export function readHeader(path: string): CaptureHeader {
  checkType(path, statFile(path));
  const { bytes, stats } = readBytes(path);
  if (bytes.subarray(0, 16).toString('latin1') !== 'SQLite format 3\0') {
    throw new CaptureError(
      'not-a-database',
      `${path} is not a capture: it does not begin as one (a capture is an SQLite file)`,
    );
  }
  if (bytes.length < HEADER_BYTES) {
    throw new CaptureError(
      'damaged',
      `${path} is cut off after ${String(bytes.length)} bytes: less than its header is left`,
    );
  }
  if (bytes.readUInt32BE(68) !== APPLICATION_ID) {
    throw new CaptureError('not-a-capture', `${path} is an SQLite file of another program, not a Modtrail capture`);
  }
  const version = bytes.readUInt32BE(60);
  if (version > FORMAT_VERSION) {
    throw new CaptureError(
      'newer-format',
      `${path} has capture format ${String(version)}; this Modtrail reads up to ${String(FORMAT_VERSION)}: a newer one opens it`,
    );
  }
  if (version !== FORMAT_VERSION)
    throw new CaptureError('damaged', `${path} names capture format ${String(version)}, which never existed`);
  const wal = bytes[18] === 2 || bytes[19] === 2;
  checkSize(path, bytes, stats, wal);
  return { wal, stats };
}

/** The header counts pages where its two change counters agree; in WAL mode the file may lag behind. */
function checkSize(path: string, bytes: Buffer, stats: Stats, wal: boolean): void {
  const raw = bytes.readUInt16BE(16);
  const pageSize = raw === 1 ? 65536 : raw;
  const pages = bytes.readUInt32BE(28);
  if (wal || pages === 0 || bytes.readUInt32BE(24) !== bytes.readUInt32BE(92)) return;
  const whole = pageSize * pages;
  if (stats.size < whole) {
    throw new CaptureError(
      'damaged',
      `${path} is cut off: ${String(stats.size)} of ${String(whole)} bytes are there; copy it again from its source`,
    );
  }
}
