/**
 * Work on a capture that takes long. Each errand has a store process of its own, so that nobody waits for it, and ends
 * with it when it is called off.
 */
import { rmSync } from 'node:fs';
import type { SavedImage } from '#contract/image.ts';
import { fail, ok, type Failure, type Result } from '#contract/result.ts';
import type { ExportPlace, ExportProgress, ExportRequest, SavedRows } from '#contract/row-export.ts';
import type { SealProgress, SealVerdict } from '#contract/seal.ts';
import type { StoreVerb, StoreVerbs } from '../store/messages.ts';
import { STORE_GONE, StoreProcess, type StoreProgram } from './store-process.ts';

type Answer<Verb extends keyof StoreVerbs> = Awaited<ReturnType<StoreVerbs[Verb]>>;

/** A store process that has one capture open. */
class Errand {
  readonly #process: StoreProcess;
  #handle = '';
  calledOff = false;

  constructor(program: StoreProgram) {
    this.#process = new StoreProcess(program);
  }

  async open(path: string): Promise<Result<null>> {
    const opened = (await this.#process.ask('open', [path])) as Answer<'open'>;
    if (!opened.ok) return opened;
    this.#handle = opened.value.handle;
    return ok(null);
  }

  ask<Verb extends StoreVerb>(verb: Verb, ...rest: readonly unknown[]): Promise<Answer<Verb>> {
    return this.#process.ask(verb, [this.#handle, ...rest]) as Promise<Answer<Verb>>;
  }

  end(): Promise<void> {
    return this.#process.end();
  }
}

export class Errands {
  readonly #program: StoreProgram;
  /** Walks over seals, by the capture's path. */
  readonly #walks = new Map<string, Errand>();
  readonly #all = new Set<Errand>();
  #export: Errand | undefined;

  constructor(program: StoreProgram) {
    this.#program = program;
  }

  /** Walks a capture's seal; null when it was called off. One walk a capture at a time. */
  async verify(path: string, told: (progress: SealProgress) => void): Promise<Result<SealVerdict | null>> {
    if (this.#walks.has(path)) return fail('busy', 'the seal of this capture is being verified already');
    const errand = this.#begin();
    this.#walks.set(path, errand);
    try {
      const opened = await errand.open(path);
      if (!opened.ok) return errand.calledOff ? ok(null) : undone(NO_VERDICT, opened.error);
      const walked = await inSteps(errand, (restart) => errand.ask('verifyStep', restart), told);
      if (!walked.ok) return undone(NO_VERDICT, walked.error);
      return ok(walked.value && walked.value.verdict);
    } finally {
      this.#walks.delete(path);
      await this.#finish(errand);
    }
  }

  /** Calls the walk over this capture's seal off; fine where none is under way. */
  async callOff(path: string | undefined): Promise<void> {
    const errand = path === undefined ? undefined : this.#walks.get(path);
    if (!errand) return;
    errand.calledOff = true;
    await errand.end();
  }

  /** Writes rows to a file; null when that was called off. One file at a time. */
  async exportRows(
    path: string,
    request: ExportRequest,
    place: ExportPlace,
    told: (progress: ExportProgress) => void,
  ): Promise<Result<SavedRows | null>> {
    if (this.#export) return fail('busy', 'rows are being exported already; wait for that, or cancel it');
    const errand = this.#begin();
    this.#export = errand;
    try {
      const opened = await errand.open(path);
      if (!opened.ok) return errand.calledOff ? ok(null) : undone(NO_EXPORT, opened.error);
      const written = await inSteps(errand, (restart) => errand.ask('exportStep', request, place, restart), told);
      if (!written.ok) return undone(NO_EXPORT, written.error);
      return ok(written.value && written.value.saved);
    } finally {
      this.#export = undefined;
      await this.#finish(errand);
      // A process that was ended hard could not tidy up.
      rmSync(place.fresh, { force: true });
    }
  }

  /** Calls the export off; fine where none is under way. */
  async callOffExport(): Promise<void> {
    if (!this.#export) return;
    this.#export.calledOff = true;
    await this.#export.end();
  }

  /** Writes a kept image to a file that a person chose; one that is there is replaced. */
  async saveImage(path: string, sha256: string, out: string): Promise<Result<SavedImage>> {
    const errand = this.#begin();
    try {
      const opened = await errand.open(path);
      const saved = opened.ok ? await errand.ask('saveImage', sha256, out) : opened;
      return saved.ok ? saved : undone('the image was not saved', saved.error);
    } finally {
      await this.#finish(errand);
    }
  }

  /** Calls everything off. */
  async end(): Promise<void> {
    for (const errand of this.#all) errand.calledOff = true;
    await Promise.all([...this.#all].map((errand) => errand.end()));
  }

  #begin(): Errand {
    const errand = new Errand(this.#program);
    this.#all.add(errand);
    return errand;
  }

  async #finish(errand: Errand): Promise<void> {
    this.#all.delete(errand);
    await errand.end();
  }
}

const NO_VERDICT = 'the seal was not verified';
const NO_EXPORT = 'the rows were not exported, and no file is left of it';

/** What did not come about is said where only the end of its process is known. */
function undone(what: string, error: Failure): Result<never> {
  if (error.code !== 'store-gone') return { ok: false, error };
  return fail('store-gone', `${what}: ${error === STORE_GONE ? 'its process ended by itself' : error.message}`);
}

/** Step by step, until it is done or nobody wants it any more: null then. */
async function inSteps<Progress, Done extends object>(
  errand: Errand,
  ask: (restart: boolean) => Promise<Result<{ readonly progress: Progress } | Done>>,
  told: (progress: Progress) => void,
): Promise<Result<Done | null>> {
  for (let restart = true; !errand.calledOff; restart = false) {
    const step = await ask(restart);
    if (errand.calledOff) break;
    if (!step.ok) return step;
    if (!('progress' in step.value)) return ok(step.value);
    told(step.value.progress);
  }
  return ok(null);
}
