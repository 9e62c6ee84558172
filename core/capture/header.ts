/** The first look at a file: by its own bytes, before SQLite sees it. */
import { constants, fstatSync, lstatSync, openSync, readSync, statSync, type Stats } from 'node:fs';
import { closeWhenFree, fileKey } from './descriptors.ts';
import { APPLICATION_ID, FORMAT_BEFORE, FORMAT_VERSION } from './schema.ts';
import { CaptureError } from './failure.ts';

/** The header, and the beginning of the first table's page, which says whether there is a table at all. */
const HEADER_BYTES = 100;
const FIRST_BYTES = 108;

/** The format before the first release (docs/decisions/0012-format-two.md). */
const UNRELEASED_VERSION = 1;

export interface CaptureHeader {
  /** In WAL mode: it is growing, or its recorder was killed. */
  readonly wal: boolean;
  /** A young capture: marks and tables are still in the log beside it. */
  readonly blank: boolean;
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
    ENOENT: 'no such file or folder',
    ENOTDIR: 'a part of the path is no folder',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the user may not use more of the disk',
    EROFS: 'the file system cannot be written to',
    EMFILE: 'too many open files',
    ELOOP: 'a chain of links without end',
    ENAMETOOLONG: 'the name is too long',
    ERR_INVALID_ARG_VALUE: 'it is no name of a file',
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
  const stats = fstatSync(file);
  try {
    checkType(path, stats);
    const bytes = Buffer.alloc(FIRST_BYTES);
    const got = readSync(file, bytes, 0, FIRST_BYTES, 0);
    return { bytes: bytes.subarray(0, got), stats };
  } catch (error) {
    if (error instanceof CaptureError) throw error;
    throw new CaptureError('not-readable', `${path} cannot be read: ${describe(error)}`);
  } finally {
    closeWhenFree(file, fileKey(stats));
  }
}

/** @throws CaptureError where the marks of the file are not those of a capture that this reader knows */
export function checkMarks(path: string, applicationId: number, version: number): void {
  if (applicationId !== APPLICATION_ID) {
    throw new CaptureError('not-a-capture', `${path} is an SQLite file of another program, not a Modtrail capture`);
  }
  if (version > FORMAT_VERSION || version < 0) {
    throw new CaptureError(
      'newer-format',
      `${path} has capture format ${String(version)}; this Modtrail reads up to ${String(FORMAT_VERSION)}: a newer one opens it`,
    );
  }
  if (version === UNRELEASED_VERSION) {
    throw new CaptureError(
      'older-format',
      `${path} has capture format 1, which only unreleased recorders wrote; it is not read any more: record anew`,
    );
  }
  if (version !== FORMAT_VERSION && version !== FORMAT_BEFORE) {
    throw new CaptureError('damaged', `${path} names capture format ${String(version)}, which never existed`);
  }
}

/** No mark and no table. */
function isBlank(bytes: Buffer): boolean {
  const cells = bytes.length < FIRST_BYTES ? 0 : bytes.readUInt16BE(103);
  return cells === 0 && bytes.readUInt32BE(68) === 0 && bytes.readUInt32BE(60) === 0;
}

/**
 * Reads and checks the SQLite header (https://sqlite.org/fileformat2.html#the_database_header).
 * In WAL mode the marks in the file may be older than the log's: `checkMarks` is called again on what SQLite reads.
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
  const wal = bytes[18] === 2 || bytes[19] === 2;
  const blank = wal && isBlank(bytes);
  if (!blank) checkMarks(path, bytes.readUInt32BE(68), bytes.readInt32BE(60));
  checkSize(path, bytes, stats, wal);
  return { wal, blank, stats };
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
