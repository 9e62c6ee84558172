/**
 * A file that nobody sees before it is whole: written under a name of its own beside the target, mode 0600, and given its
 * name at the end.
 */
import { closeSync, fsyncSync, linkSync, lstatSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { CaptureError } from '../capture/failure.ts';
import { describe, errorCode } from '../capture/header.ts';
import { APPLICATION_ID } from '../capture/schema.ts';

export interface NewFileOptions {
  /** Replaces a file that is there, as its owner has agreed to; otherwise that is an error. */
  readonly replace: boolean;
}

export class NewFile {
  readonly #path: string;
  readonly #fresh: string;
  #file: number | undefined;

  /**
   * @param fresh its name until `keep`
   * @throws CaptureError 'already-exists' where the target is no plain file or is a capture, 'not-writable'
   */
  constructor(path: string, fresh: string) {
    this.#path = path;
    this.#fresh = fresh;
    this.#said(() => {
      refuseTarget(path);
      this.#file = openSync(fresh, 'wx', 0o600);
    });
  }

  /** Writes all of it, at the end or at an offset. */
  write(bytes: Uint8Array, offset?: number): void {
    this.#said(() => {
      for (let at = 0; at < bytes.length;) {
        at += writeSync(this.#open(), bytes, at, bytes.length - at, offset === undefined ? null : offset + at);
      }
    });
  }

  /** Does something else to the open file. */
  with(work: (file: number) => void): void {
    this.#said(() => {
      work(this.#open());
    });
  }

  /** Gives the file its name. @throws CaptureError 'already-exists', 'not-writable'; nothing is left then */
  keep({ replace }: NewFileOptions): void {
    try {
      this.#said(() => {
        fsyncSync(this.#open());
        this.#close();
        refuseTarget(this.#path);
        if (replace) renameSync(this.#fresh, this.#path);
        else nameAnew(this.#fresh, this.#path);
      });
    } finally {
      this.drop();
    }
  }

  /** Removes what was not kept; fine at any time. */
  drop(): void {
    this.#close();
    rmSync(this.#fresh, { force: true });
  }

  #open(): number {
    if (this.#file === undefined) throw new Error('the file is closed already');
    return this.#file;
  }

  #close(): void {
    if (this.#file === undefined) return;
    const file = this.#file;
    this.#file = undefined;
    closeSync(file);
  }

  /** What the system says, as one sentence. */
  #said(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof Error) || !('syscall' in error)) throw error;
      if (errorCode(error) === 'EEXIST')
        throw new CaptureError('already-exists', `${this.#path} is there already; choose another name`);
      throw new CaptureError('not-writable', `${this.#path} cannot be written: ${describe(error)}`);
    }
  }
}

/** Where a file system has no hard links, the name is taken first. */
const NO_LINKS: ReadonlySet<string> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** Never over a file that is there, also not over one that came this moment. */
function nameAnew(fresh: string, path: string): void {
  try {
    linkSync(fresh, path);
  } catch (error) {
    if (!NO_LINKS.has(errorCode(error))) throw error;
    closeSync(openSync(path, 'wx', 0o600));
    renameSync(fresh, path);
  }
}

/**
 * A file does not take the place of a folder, nor of a device or pipe that somebody may be waiting at, and never that of a
 * capture: evidence is not written over, whoever agreed to it.
 */
function refuseTarget(path: string): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats || stats.isSymbolicLink()) return;
  if (!stats.isFile()) throw new CaptureError('already-exists', `${path} is no plain file; choose another name`);
  if (isCapture(path)) {
    throw new CaptureError(
      'already-exists',
      `${path} is a capture, and evidence is not written over; choose another name`,
    );
  }
}

const MAGIC = Buffer.from('SQLite format 3\0');
const APPLICATION_ID_AT = 68;
const HEADER_BYTES = 72;

function isCapture(path: string): boolean {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    // What cannot be read is not known for a capture; whether it can be replaced, its folder decides.
    return false;
  }
  try {
    const header = Buffer.alloc(HEADER_BYTES);
    if (readSync(file, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return false;
    return header.subarray(0, MAGIC.length).equals(MAGIC) && header.readUInt32BE(APPLICATION_ID_AT) === APPLICATION_ID;
  } finally {
    closeSync(file);
  }
}
