/**
 * Recordings that were begun, each in a small file from before its first row until its end was seen. What a new run of the
 * app finds there was going on when the app, or the machine, was stopped.
 */
import { randomUUID } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { JsonFile } from '../json-file.ts';

/** Recordings that are remembered at most; the oldest give way. */
const MOST = 20;

const entry = z.object({
  id: z.uuid(),
  file: z.string().max(4096).refine(isAbsolute),
  host: z.string().max(300),
  started: z.iso.datetime(),
  /** The folder of its line, where its recorder outlives the app. */
  line: z.string().max(200).refine(isAbsolute).exactOptional(),
});
const stored = z.object({ recordings: z.array(entry.nullable().catch(null)).max(1000) });

export type Begun = z.infer<typeof entry>;

export class RecordingJournal {
  readonly #file: JsonFile<z.infer<typeof stored>>;
  /** Of earlier runs, the newest first. */
  #left: readonly Begun[];
  #now: readonly Begun[] = [];

  constructor(path: string) {
    this.#file = new JsonFile(path, stored);
    this.#left = (this.#file.read()?.recordings ?? []).filter((one) => one !== null);
  }

  /** Those of earlier runs, the newest first. */
  left(): readonly Begun[] {
    return this.#left;
  }

  /**
   * A recording begins. Returns the function that says that its end was seen.
   * @param line - the folder of its line, where its recorder outlives the app
   */
  begin(file: string, host: string, line?: string, now: Date = new Date()): () => void {
    const begun = { id: randomUUID(), file, host: host.slice(0, 300), started: now.toISOString() };
    return this.#add({ ...begun, ...(line === undefined ? {} : { line }) });
  }

  /** One of an earlier run is one of this run from now on. Returns the function that says that its end was seen. */
  resume(begun: Begun): () => void {
    this.#left = this.#left.filter(({ id }) => id !== begun.id);
    return this.#add(begun);
  }

  #add(begun: Begun): () => void {
    this.#now = [begun, ...this.#now];
    this.#write();
    return () => {
      this.#now = this.#now.filter((one) => one !== begun);
      this.#write();
    };
  }

  /** One of an earlier run concerns nobody any more; an unknown one is fine. */
  forget(id: string): void {
    this.#left = this.#left.filter((one) => one.id !== id);
    this.#write();
  }

  #write(): void {
    this.#left = this.#left.slice(0, MOST);
    this.#file.write({ recordings: [...this.#now, ...this.#left] });
  }
}
