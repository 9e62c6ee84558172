/**
 * The images that the window has open. They have a process of their own, so that nobody who looks at a capture waits for a
 * large one; when it ends, by a hostile image or because it was called off, the next question opens its image again.
 */
import { realpath } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { ModuleApi } from '#contract/api.ts';
import type { OpenModule } from '#contract/module.ts';
import { fail, ok, type Result } from '#contract/result.ts';
import type { CertificateBytes, OpenedModuleAnswer } from '../store/messages.ts';
import { StoreProcess, type StoreProgram } from './store-process.ts';

/** Where an image is: a file, or in the capture that lies there. */
type Source =
  | { readonly path: string }
  | { readonly path: string; readonly sha256: string; /** The capture's id. */ readonly capture: string };

interface Held {
  readonly source: Source;
  readonly open: OpenModule;
  /** The process's own handle, valid in one generation of it. */
  handle: string;
  generation: number;
  /** Set while it is being opened again: whoever asks meanwhile waits for the same. */
  opening?: Promise<Result<OpenedModuleAnswer>>;
}

type Answer<Verb extends keyof ModuleApi> = Awaited<ReturnType<ModuleApi[Verb]>>;

/** What is young is looked through more often, in MB: a large image makes much that is short-lived, and has memory enough of its own. */
const FLAGS = ['--max-semi-space-size=2'];

/** Verbs whose next argument is another open image. */
const OF_TWO: ReadonlySet<keyof ModuleApi> = new Set(['compareStep', 'differences']);

const NOT_OPEN = fail('no-such-row', 'this module is not open any more');
const CALLED_OFF = fail('dismissed', 'reading the module was called off');

export class Modules {
  readonly #process: StoreProcess;
  readonly #held = new Map<string, Held>();
  #last = 0;
  #ended = false;
  #certificates: readonly CertificateBytes[] = [];
  /** The generation of the process that has been given them. */
  #given = 0;
  /** Counts what was called off: an answer that began before is none. */
  #calledOff = 0;
  /** How many are being opened. */
  #taken = 0;

  constructor(program: StoreProgram, patience?: number) {
    this.#process = new StoreProcess({ execPath: program.execPath, entry: program.entry, flags: FLAGS }, patience);
  }

  /** The open images, in the order in which they were opened. */
  list(): OpenModule[] {
    return [...this.#held.values()].map(({ open }) => open);
  }

  /** The file that an open image was read from: a module's own, or a capture. */
  fileOf(id: string): string | undefined {
    return this.#held.get(id)?.source.path;
  }

  /** Opens a module's file. Every opening is one of its own: the file may have changed. */
  async openFile(file: string): Promise<Result<OpenModule>> {
    const path = await realpath(file).catch(() => resolve(file));
    return await this.#take({ path }, { name: basename(path), folder: dirname(path) });
  }

  async openImage(source: Extract<Source, { capture: string }>, name: string): Promise<Result<OpenModule>> {
    const { capture, sha256 } = source;
    return await this.#take(source, { name, from: { capture, sha256 } });
  }

  /**
   * Starts the process for somebody who is about to choose a module, who then waits for the module alone. Not before: it
   * takes 40 MB.
   */
  warm(): void {
    if (this.#ended) return;
    this.#process.start();
    this.#give();
  }

  /** No module was chosen: the process ends where it has nothing to do. */
  async rest(): Promise<void> {
    if (this.#held.size === 0 && this.#taken === 0) await this.#process.end();
  }

  /** What signatures are held against from now on. */
  useCertificates(certificates: readonly CertificateBytes[]): void {
    this.#certificates = certificates;
    this.#given = 0;
    if (this.#process.pid !== undefined) this.#give();
  }

  /** Asks about one image. */
  async ask<Verb extends keyof ModuleApi>(
    verb: Verb,
    id: string,
    ...rest: Parameters<ModuleApi[Verb]> extends [string, ...infer Rest] ? Rest : never
  ): Promise<Answer<Verb>> {
    return (await this.#about(id, verb, rest)) as Answer<Verb>;
  }

  /** Lets go of an image; an unknown id is fine. */
  async close(id: string): Promise<void> {
    const held = this.#held.get(id);
    this.#held.delete(id);
    if (held && this.#isCurrent(held)) await this.#process.ask('closeModule', [held.handle]);
    // A large image's memory goes with its process; the next one waits for the next image.
    await this.rest();
  }

  /** Ends what is being done. */
  async cancel(): Promise<void> {
    this.#calledOff += 1;
    await this.#process.end();
  }

  /** Ends the process. */
  end(): Promise<void> {
    this.#ended = true;
    return this.#process.end();
  }

  async #take(source: Source, shown: Pick<OpenModule, 'name' | 'folder' | 'from'>): Promise<Result<OpenModule>> {
    const before = this.#calledOff;
    this.#taken += 1;
    const opened = await this.#openNow(source).finally(() => (this.#taken -= 1));
    if (before !== this.#calledOff) return CALLED_OFF;
    if (!opened.ok) return opened;
    const { handle, facts } = opened.value;
    const id = `m${String(++this.#last)}`;
    const open: OpenModule = { id, ...shown, facts };
    this.#held.set(id, { source, open, handle, generation: this.#process.generation });
    return ok(open);
  }

  async #about(id: string, verb: keyof ModuleApi, rest: readonly unknown[]): Promise<Result<unknown>> {
    const held = this.#held.get(id);
    if (!held) return NOT_OPEN;
    const before = this.#calledOff;
    const [other, ...others] = OF_TWO.has(verb) ? rest : [undefined, ...rest];
    const second = other === undefined ? undefined : this.#held.get(String(other));
    if (other !== undefined && !second) return NOT_OPEN;
    for (const one of second ? [held, second] : [held]) {
      if (this.#isCurrent(one)) continue;
      const opened = await this.#reopen(one);
      if (!opened.ok) return before === this.#calledOff ? opened : CALLED_OFF;
    }
    const handles = second ? [held.handle, second.handle] : [held.handle];
    const answer = await this.#process.ask(verb, [...handles, ...others]);
    return before === this.#calledOff || answer.ok ? answer : CALLED_OFF;
  }

  /** A process answers in order: what it is asked afterwards already counts with them. */
  #give(): void {
    if (this.#given === this.#process.generation) return;
    this.#given = this.#process.generation;
    if (this.#certificates.length > 0 || this.#held.size > 0)
      void this.#process.ask('useCertificates', [this.#certificates]);
  }

  #isCurrent(held: Held): boolean {
    return held.generation === this.#process.generation && this.#process.pid !== undefined;
  }

  #reopen(held: Held): Promise<Result<OpenedModuleAnswer>> {
    held.opening ??= this.#openNow(held.source).then((opened) => {
      delete held.opening;
      if (opened.ok) {
        held.handle = opened.value.handle;
        held.generation = this.#process.generation;
      }
      return opened;
    });
    return held.opening;
  }

  /** The process has checked the answer's shape; here it gets its type. */
  async #openNow(source: Source): Promise<Result<OpenedModuleAnswer>> {
    this.warm();
    const opened =
      'sha256' in source
        ? await this.#process.ask('openModuleImage', [source.path, source.sha256])
        : await this.#process.ask('openModule', [source.path]);
    return opened as Result<OpenedModuleAnswer>;
  }
}
