/** Captures that were opened lately, and the folder of the last one. The page knows them by id only. */
import { createHash } from 'node:crypto';
import { basename, dirname, isAbsolute } from 'node:path';
import type { RecentCapture } from '#contract/api.ts';
import { z } from 'zod';
import { JsonFile } from './json-file.ts';

/** Captures that are remembered. */
const MOST = 12;

const entry = z.object({ path: z.string().max(4096).refine(isAbsolute), opened: z.iso.datetime() });
const stored = z.object({
  captures: z.array(entry.nullable().catch(null)).max(1000),
  /** Where the last dialog was closed with a choice. */
  folder: z.string().max(4096).refine(isAbsolute).optional().catch(undefined),
});

type Entry = z.infer<typeof entry>;

export class RecentFile {
  readonly #file: JsonFile<z.infer<typeof stored>>;
  #captures: readonly Entry[];
  #folder: string | undefined;

  constructor(path: string) {
    this.#file = new JsonFile(path, stored);
    const kept = this.#file.read();
    this.#captures = (kept?.captures ?? []).filter((capture) => capture !== null).slice(0, MOST);
    this.#folder = kept?.folder;
  }

  /** The newest first. */
  list(): RecentCapture[] {
    return this.#captures.map(({ path, opened }) => ({
      id: idOf(path),
      name: basename(path),
      folder: dirname(path),
      opened,
    }));
  }

  /** The path behind an id, undefined where nothing is remembered under it. */
  pathOf(id: string): string | undefined {
    return this.#captures.find(({ path }) => idOf(path) === id)?.path;
  }

  /** Where dialogs begin; undefined until one was used. */
  get folder(): string | undefined {
    return this.#folder;
  }

  add(path: string, now: Date = new Date()): void {
    const others = this.#captures.filter((capture) => capture.path !== path);
    this.#captures = [{ path, opened: now.toISOString() }, ...others].slice(0, MOST);
    this.#save();
  }

  /** Forgets a capture that is gone. */
  remove(path: string): void {
    this.#captures = this.#captures.filter((capture) => capture.path !== path);
    this.#save();
  }

  rememberFolder(folder: string): void {
    this.#folder = folder;
    this.#save();
  }

  #save(): void {
    this.#file.write({ captures: [...this.#captures], folder: this.#folder });
  }
}

function idOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 32);
}
