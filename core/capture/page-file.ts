/**
 * The pages of a capture's file by their numbers, beside what SQLite reads of it: for who asks for them before SQLite does, and for
 * who looks through them for a few bytes.
 */
import { constants, fstatSync, openSync, read, readSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { closeWhenFree, fileKey, type FileKey } from './descriptors.ts';
import type { Capture } from './open.ts';
import type { Tree } from './tree-pages.ts';

/** Reads one page of an open file; see PageFile. */
export function readPage(file: number, pageSize: number, page: number, into: Buffer): boolean {
  try {
    return readSync(file, into, 0, pageSize, (page - 1) * pageSize) === pageSize;
  } catch {
    return false;
  }
}

export class PageFile {
  readonly #file: number;
  readonly #key: FileKey;
  readonly #roots: Database.Statement<[string], number>;
  readonly pageSize: number;
  readonly #pages: number;

  /** @param path of the file that the database has open, which nobody writes to */
  constructor(path: string, database: Database.Database) {
    this.#file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(this.#file);
    this.#key = fileKey(stats);
    this.pageSize = Number(database.pragma('page_size', { simple: true }));
    this.#pages = Math.floor(stats.size / this.pageSize);
    this.#roots = database
      .prepare<[string], number>('SELECT rootpage FROM sqlite_schema WHERE name = ?')
      .pluck()
      .safeIntegers(false);
  }

  /** Of a table or an index; undefined where there is none of that name. */
  tree(name: string): Tree | undefined {
    const root = this.#roots.get(name);
    return typeof root === 'number' ? { root, pages: this.#pages, pageSize: this.pageSize } : undefined;
  }

  /** Number of the open file, for another thread. */
  get descriptor(): number {
    return this.#file;
  }

  /** Reads one page. Returns false where there is none of that number, or it cannot be read: SQLite tells when it comes there. */
  read(page: number, into: Buffer): boolean {
    return readPage(this.#file, this.pageSize, page, into);
  }

  /** Asks for pages beside each other; nobody is told how that went. */
  ask(first: number, count: number, into: Buffer, done: () => void): void {
    read(this.#file, into, 0, count * this.pageSize, (first - 1) * this.pageSize, done);
  }

  /** Lets go of the file. Nothing may be asked for any more, or be on its way. */
  close(): void {
    closeWhenFree(this.#file, this.#key);
  }
}

/** Of a capture that nobody writes to any more; undefined of others, and where there are too many open files. */
export function pageFileOf({ file, database, completeness, log }: Capture): PageFile | undefined {
  if (completeness !== 'finished' || log) return undefined;
  try {
    return new PageFile(file, database);
  } catch {
    return undefined;
  }
}
