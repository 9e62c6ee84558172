/** Small files in the user's data folder. A file that is missing, garbled or of another shape counts as absent. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { logDefect } from './log.ts';

/** Bytes read of such a file at most, unless more are expected. */
const MOST_BYTES = 1 << 20;

export class JsonFile<T> {
  readonly #path: string;
  readonly #most: number;
  readonly #shape: z.ZodType<T>;

  constructor(path: string, shape: z.ZodType<T>, most: number = MOST_BYTES) {
    this.#path = path;
    this.#most = most;
    this.#shape = shape;
  }

  /** What the file holds, undefined where it holds nothing usable. */
  read(): T | undefined {
    try {
      const stats = statSync(this.#path);
      if (!stats.isFile() || stats.size > this.#most) return undefined;
      return this.#shape.safeParse(JSON.parse(readFileSync(this.#path, 'utf8'))).data;
    } catch {
      return undefined;
    }
  }

  /** Replaces the file as a whole. A failure is logged: nobody's work depends on it. */
  write(value: T): void {
    try {
      replaceFile(this.#path, `${JSON.stringify(value, undefined, 2)}\n`);
    } catch (error) {
      logDefect(this.#path, error);
    }
  }
}

/** Replaces a file as a whole, or leaves it as it was. @throws Error where it cannot be written */
export function replaceFile(path: string, text: string): void {
  const fresh = `${path}.${randomUUID()}`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(fresh, text, { mode: 0o600, flag: 'wx', flush: true });
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
