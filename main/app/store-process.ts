/**
 * The store process as main sees it: started when it is first asked, asked by number, ended when it does not answer.
 * Knows nothing of captures; store-client.ts does.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { fail, type Failure, type Result } from '#contract/result.ts';
import { answer, ANSWER_SHAPES, type Request, type StoreVerb } from '../store/messages.ts';
import { objection } from '../store/shapes.ts';
import { logDefect } from './log.ts';

/** Longest time for one answer, in milliseconds. A query that takes longer is stopped with its process. */
const PATIENCE = 60_000;

/** Longest time that a process may take to end by itself, in milliseconds. */
const FAREWELL = 1000;

/** How the process is started. */
export interface StoreProgram {
  /** A Node, or Electron in Node's place, whose Node-API is new enough for the database module. */
  readonly execPath: string;
  readonly entry: string;
  /** For Node itself. */
  readonly flags?: readonly string[];
  /** Of its own, beside what every such process is given. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** What is said wherever it shows that a process has ended by itself. */
export const STORE_GONE: Failure = {
  code: 'store-gone',
  message: 'the process that reads captures ended by itself; another one takes its place when something is asked',
};

interface Waiting {
  readonly verb: StoreVerb;
  readonly timer: NodeJS.Timeout;
  resolve(result: Result<unknown>): void;
}

/** glibc maps what is larger than this, in bytes, and gives it back when it goes; by itself it learns to keep up to 32 MB. */
const GLIBC = { MALLOC_MMAP_THRESHOLD_: '4194304' } as const;

/** The environment of the process: what finds temporary files and time zones, and nothing that could be a secret. */
function environment(program: StoreProgram): NodeJS.ProcessEnv {
  const kept = ['TMPDIR', 'TZ', 'LANG', 'LC_ALL'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(kept), ...GLIBC, ...program.environment, ELECTRON_RUN_AS_NODE: '1' };
}

export class StoreProcess {
  readonly #program: StoreProgram;
  readonly #patience: number;
  readonly #ended: () => void;
  readonly #waiting = new Map<number, Waiting>();
  #child: ChildProcess | undefined;
  #last = 0;
  #generation = 0;

  /** @param ended told when a process has ended that nobody asked to, before whoever waits for its answer is */
  constructor(program: StoreProgram, patience: number = PATIENCE, ended: () => void = () => undefined) {
    this.#program = program;
    this.#patience = patience;
    this.#ended = ended;
  }

  /** Counts the processes so far; handles that an earlier one gave are void. */
  get generation(): number {
    return this.#generation;
  }

  /** The process's id, undefined while none runs. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Starts it before it is asked: whoever asks then waits for the answer only. */
  start(): void {
    this.#running();
  }

  /** Asks; never rejects. A process that ends before it answers makes this 'store-gone'. */
  ask(verb: StoreVerb, args: readonly unknown[]): Promise<Result<unknown>> {
    const child = this.#running();
    const message: Request = { id: ++this.#last, verb, args: [...args] };
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(message.id);
        resolve(fail('store-gone', `reading the capture took longer than ${seconds(this.#patience)} and was stopped`));
        child.kill('SIGKILL');
      }, this.#patience);
      this.#waiting.set(message.id, { verb, timer, resolve });
      child.send(message, (error) => {
        if (error) this.#gone(child);
      });
    });
  }

  /** Lets the process end; one that is deep in a query is ended. */
  async end(): Promise<void> {
    const child = this.#child;
    this.#forget(child);
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    const timer = setTimeout(() => child.kill('SIGKILL'), FAREWELL);
    if (child.connected) child.disconnect();
    await gone;
    clearTimeout(timer);
  }

  #running(): ChildProcess {
    if (this.#child) return this.#child;
    const child = fork(this.#program.entry, [], {
      execPath: this.#program.execPath,
      execArgv: [...(this.#program.flags ?? [])],
      env: environment(this.#program),
      cwd: '/',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = child;
    this.#generation += 1;
    child.on('message', (message) => {
      this.#take(message);
    });
    child.on('error', (error) => {
      logDefect('the store process', error);
      this.#gone(child);
    });
    child.on('exit', (code, signal) => {
      if (this.#child === child) logDefect('the store process', `it ended by itself: ${signal ?? String(code)}`);
      this.#gone(child);
    });
    return child;
  }

  #take(message: unknown): void {
    const checked = answer.safeParse(message);
    const waiting = checked.success ? this.#waiting.get(checked.data.id) : undefined;
    if (!checked.success || !waiting) {
      // A late answer to a request that was given up is no defect.
      if (!checked.success) logDefect('the store process', `no answer: ${objection(checked.error)}`);
      return;
    }
    clearTimeout(waiting.timer);
    this.#waiting.delete(checked.data.id);
    waiting.resolve(fitting(waiting.verb, checked.data.result as Result<unknown>));
  }

  #gone(child: ChildProcess): void {
    if (this.#child !== child) return;
    this.#ended();
    this.#forget(child);
  }

  #forget(child: ChildProcess | undefined): void {
    if (!child || this.#child !== child) return;
    this.#child = undefined;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { timer, resolve } of waiting) {
      clearTimeout(timer);
      resolve({ ok: false, error: STORE_GONE });
    }
  }
}

/** A result whose value main relies on must have the shape that it relies on. */
function fitting(verb: StoreVerb, result: Result<unknown>): Result<unknown> {
  const checked = result.ok ? ANSWER_SHAPES[verb]?.safeParse(result.value) : undefined;
  if (checked?.success !== false) return result;
  logDefect('the store process', `${verb} was answered with ${objection(checked.error)}`);
  return fail('unexpected', 'a defect in Modtrail spoiled an answer about this capture; its log has the details');
}

function seconds(milliseconds: number): string {
  return `${String(milliseconds / 1000)} s`;
}
