/**
 * Open captures by their id, whichever process reads them at the moment. When the store process ended, the next
 * request opens its capture again under the same id: a file that crashes the reader costs one request each time it is
 * asked for, and the other captures nothing.
 */
import type { StoreApi } from '#contract/api.ts';
import { notOpen, ok, type Result } from '#contract/result.ts';
import type { OpenedAnswer, StoreVerb, StoreVerbs } from '../store/messages.ts';
import { StoreProcess, type StoreProgram } from './store-process.ts';

interface Opened {
  readonly path: string;
  /** The store's own handle, valid in one generation of its process. */
  handle: string;
  generation: number;
  /** Set while it is being opened again: whoever asks meanwhile waits for the same. */
  opening?: Promise<Result<OpenedAnswer>>;
  /** What opening it again has shown, until `refresh` has told it. */
  untold?: OpenedAnswer;
  /** Set while the recorder finishes the file: requests wait. */
  held?: Promise<void>;
  release?: () => void;
}

/** Verbs whose first argument is a capture. */
type CaptureVerb = Exclude<keyof StoreApi, 'reference'>;

type Answer<Verb extends keyof StoreVerbs> = Awaited<ReturnType<StoreVerbs[Verb]>>;

export class StoreClient {
  /** Told when the store process has ended by itself. */
  onEnd?: () => void;
  readonly #process: StoreProcess;
  readonly #captures = new Map<string, Opened>();
  #last = 0;

  constructor(program: StoreProgram, patience?: number) {
    this.#process = new StoreProcess(program, patience, () => this.onEnd?.());
  }

  /** The store process's id, undefined while none runs. */
  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** Opens a file. Its id stays the same until `close`. */
  async open(path: string): Promise<Result<{ readonly id: string; readonly facts: OpenedAnswer }>> {
    const opened = await this.#call('open', path);
    if (!opened.ok) return opened;
    const id = `c${String(++this.#last)}`;
    this.#captures.set(id, { path, handle: opened.value.handle, generation: this.#process.generation });
    return ok({ id, facts: opened.value });
  }

  /** How a file stands, without opening it. */
  standing(path: string): Promise<Answer<'standing'>> {
    return this.#call('standing', path);
  }

  /** Lets go of a capture; an unknown id is fine. */
  async close(id: string): Promise<void> {
    const capture = this.#captures.get(id);
    this.#captures.delete(id);
    capture?.release?.();
    if (capture) await this.#letGo(capture);
  }

  /** Asks about one capture. */
  async ask<Verb extends CaptureVerb>(
    verb: Verb,
    id: string,
    ...rest: Parameters<StoreApi[Verb]> extends [string, ...infer Rest] ? Rest : never
  ): Promise<Answer<Verb>> {
    return (await this.#about(id, verb, rest)) as Answer<Verb>;
  }

  /** New facts of a growing capture, null where nothing has changed. */
  async refresh(id: string): Promise<Result<OpenedAnswer | null>> {
    const news = (await this.#about(id, 'refresh', [])) as Answer<'refresh'>;
    const capture = this.#captures.get(id);
    const reopened = capture?.untold;
    delete capture?.untold;
    return news.ok && news.value === null && reopened ? ok(reopened) : news;
  }

  reference(): Promise<Answer<'reference'>> {
    return this.#call('reference');
  }

  /** Lets go of the file without giving the id up, so that its recorder can finish it. Requests wait for `resume`. */
  async hold(id: string): Promise<void> {
    const capture = this.#captures.get(id);
    if (!capture || capture.held) return;
    capture.held = new Promise((resolve) => {
      capture.release = resolve;
    });
    await this.#letGo(capture);
  }

  /** Opens the file anew, after `hold` or when it has changed its form, and resolves to its facts. */
  async resume(id: string): Promise<Result<OpenedAnswer>> {
    const capture = this.#captures.get(id);
    if (!capture) return notOpen(id);
    const release = capture.release;
    delete capture.held;
    delete capture.release;
    await this.#letGo(capture);
    const opened = await this.#reopen(capture);
    delete capture.untold;
    release?.();
    return opened;
  }

  /** Ends the store process. */
  end(): Promise<void> {
    return this.#process.end();
  }

  async #about(id: string, verb: StoreVerb, rest: readonly unknown[]): Promise<Result<unknown>> {
    for (;;) {
      // Whatever was waited for, its recorder may hold it again by now, or nobody may have it open any more.
      const capture = this.#captures.get(id);
      if (!capture) return notOpen(id);
      if (!capture.held && this.#isOpen(capture)) return await this.#process.ask(verb, [capture.handle, ...rest]);
      const waited = await (capture.held ?? this.#reopen(capture));
      if (waited && !waited.ok) return waited;
    }
  }

  /** Whether the process that runs has it open. */
  #isOpen({ generation }: Opened): boolean {
    return generation === this.#process.generation && this.#process.pid !== undefined;
  }

  #reopen(capture: Opened): Promise<Result<OpenedAnswer>> {
    capture.opening ??= this.#call('open', capture.path).then(async (opened) => {
      if (opened.ok) {
        capture.handle = opened.value.handle;
        capture.generation = this.#process.generation;
        capture.untold = opened.value;
      }
      // Its recorder has begun to finish it meanwhile.
      if (capture.held) await this.#shut(capture);
      delete capture.opening;
      return opened;
    });
    return capture.opening;
  }

  /** Gets off the file, also where it is just being opened again. */
  async #letGo(capture: Opened): Promise<void> {
    await capture.opening;
    await this.#shut(capture);
  }

  async #shut(capture: Opened): Promise<void> {
    if (!this.#isOpen(capture)) return;
    capture.generation = 0;
    await this.#call('close', capture.handle);
  }

  /** The process has checked the answer's shape; here it gets its type. */
  async #call<Verb extends StoreVerb>(verb: Verb, ...args: Parameters<StoreVerbs[Verb]>): Promise<Answer<Verb>> {
    return (await this.#process.ask(verb, args)) as Answer<Verb>;
  }
}
