/** What main answers about recordings that an earlier run of the app left without having seen their end. */
import { basename, dirname } from 'node:path';
import type { Opened, ShellApi } from '#contract/api.ts';
import type { LeftRecording } from '#contract/recording.ts';
import { fail, ok, type Result } from '#contract/result.ts';
import type { Begun, RecordingJournal } from './journal.ts';

export interface LeftDeskParts {
  readonly journal: RecordingJournal;
  /** Settled when recorders that still run have been attached to: they are none of those that were left then. */
  readonly rejoined: Promise<void>;
  /** How a file stands, without opening it. */
  standing(path: string): Promise<Result<'finished' | 'unfinished' | 'recording'>>;
  open(path: string): Promise<Result<Opened>>;
}

type Verbs = Pick<ShellApi, 'leftRecordings' | 'openLeft' | 'forgetLeft'>;

export class LeftDesk implements Verbs {
  readonly #parts: LeftDeskParts;

  constructor(parts: LeftDeskParts) {
    this.#parts = parts;
  }

  async leftRecordings(): Promise<Result<readonly LeftRecording[]>> {
    await this.#parts.rejoined;
    const looked = await Promise.all(this.#parts.journal.left().map((begun) => this.#look(begun)));
    return ok(looked.filter((one) => one !== undefined));
  }

  async openLeft(id: string): Promise<Result<Opened>> {
    const { journal, open } = this.#parts;
    const begun = journal.left().find((one) => one.id === id);
    if (!begun) return fail('not-found', 'this recording is not among those that were left any more');
    const opened = await open(begun.file);
    if (opened.ok) journal.forget(id);
    return opened;
  }

  forgetLeft(id: string): Promise<Result<null>> {
    this.#parts.journal.forget(id);
    return Promise.resolve(ok(null));
  }

  /** undefined where there is no such file: it was deleted, never made, or lies on a disk that is away. */
  async #look({ id, file, host, started }: Begun): Promise<LeftRecording | undefined> {
    const stands = await this.#parts.standing(file);
    const facts = { id, name: basename(file), folder: dirname(file), host, started };
    if (stands.ok) return { ...facts, stands: stands.value };
    // A disk that is not there may come back: the next start looks again.
    if (stands.error.code === 'not-found') return undefined;
    return { ...facts, stands: 'unreadable', reason: stands.error.message };
  }
}
