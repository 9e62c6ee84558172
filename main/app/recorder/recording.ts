/**
 * One live session after the other: starts the collector, follows what it says, opens the growing file, lets go of it
 * while it is finished. A stream from elsewhere is a session like any other; the collector then receives.
 */
import { statfs } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { OpenCapture } from '#contract/api.ts';
import type { RecordingOptions, RecordingState } from '#contract/recording.ts';
import { fail, ok, type Failure, type Result } from '#contract/result.ts';
import type { Captures } from '../captures.ts';
import { logDefect } from '../log.ts';
import type { ControlLine } from './control-line.ts';
import { terminalCommand } from './by-hand.ts';
import { deferred } from './deferred.ts';
import { runAsRoot, type Elevated } from './elevation.ts';
import { CollectorLine } from './line.ts';
import { findObstacle } from './obstacle.ts';
import { wordsFor } from './choices.ts';
import { receive, type Receiving, type StreamOrigin } from './receiver.ts';

/** Longest time from `stop` to the finished file, in milliseconds. */
const FINISH_LIMIT = 15_000;

/** Longest time from the recorder's connection to its first word, in milliseconds. */
const HELLO_LIMIT = 10_000;

/** Longest wait for the last words of a recorder that has ended, in milliseconds. */
const LAST_WORDS = 1000;

/** Reasons to stop that nobody asked for; the file is whole all the same. */
const UNWANTED_ENDS: Readonly<Record<string, string>> = {
  'disk-full': 'the disk is full',
  'file-limit': 'the file may not grow any more',
  'file-gone': 'the file or its folder is gone',
  'folder-read-only': 'the folder cannot be written to any more',
  error: 'the recorder failed',
  'stream-ended': 'the stream broke off',
};

/** What a recording needs of the app. */
export interface Surroundings {
  /** Path of the collector. */
  readonly collector: string;
  readonly captures: Pick<Captures, 'open' | 'hold' | 'resume'>;
  tell(state: RecordingState): void;
  /** Runs words as root; tests put another one here. */
  readonly run?: typeof runAsRoot;
  /** In place of HELLO_LIMIT; tests take less. */
  readonly helloLimit?: number;
}

type Counts = Extract<ControlLine, { word: 'status' }>;

/** What is recorded: this machine, or a stream. */
type Source = { readonly options: RecordingOptions } | { readonly stream: StreamOrigin };

interface Session {
  readonly file: string;
  readonly source: Source;
  line?: CollectorLine;
  /** A stream only. */
  receiving?: Receiving;
  /** Calls off the wait for a recorder that a person starts. */
  callOff?: () => void;
  capture?: string;
  /** performance.now() of the first row. */
  began: number;
  /** Bytes that are free where the file lies, at the last look. */
  free?: number | undefined;
  /** What the collector itself said of its failure. */
  said?: Failure;
  /** The collector said that the file is finished. */
  finished: boolean;
  /** Work on the file that has to be done in the order of the collector's messages. */
  work: Promise<void>;
}

export class Recording {
  readonly #around: Surroundings;
  #session: Session | undefined;
  #over: Promise<Result<null>> = Promise.resolve(ok(null));
  #state: RecordingState = { state: 'idle' };

  constructor(around: Surroundings) {
    this.#around = around;
  }

  get state(): RecordingState {
    return this.#state;
  }

  /** Whether a recorder is starting, recording or finishing. */
  get running(): boolean {
    return this.#session !== undefined;
  }

  /** Whether this capture is the one that is being recorded. */
  records(capture: string): boolean {
    return this.#session?.capture === capture;
  }

  /** The file that is being recorded into. */
  get file(): string | undefined {
    return this.#session?.file;
  }

  /** Records this machine into a new file. Resolves when the first rows are there and the file is open. */
  start(file: string, options: RecordingOptions = { images: true }): Promise<Result<OpenCapture>> {
    return this.#start(file, { options });
  }

  /** Receives a stream into a new file. Resolves when its first rows are there, however long they take. */
  attach(file: string, stream: StreamOrigin): Promise<Result<OpenCapture>> {
    return this.#start(file, { stream });
  }

  async #start(file: string, source: Source): Promise<Result<OpenCapture>> {
    if (this.#session) return fail('busy', 'a recording is running already; stop it before another one is started');
    const session: Session = { file, source, began: 0, finished: false, work: Promise.resolve() };
    this.#session = session;
    const started = await this.#begin(session).catch((error: unknown) => {
      logDefect('recording', error);
      return fail('unexpected', 'a defect in Modtrail kept the recording from starting; its log has the details');
    });
    if (!started.ok) {
      await session.line?.end();
      this.#session = undefined;
      // The answer itself says why; 'failed' is for what ends later by itself.
      this.#tell({ state: 'idle' });
    }
    return started;
  }

  /** Asks the recorder to finish and resolves when the file is finished; fine where nothing is recorded. */
  async stop(): Promise<Result<null>> {
    const session = this.#session;
    if (!session) return ok(null);
    if (session.capture === undefined) {
      if (session.receiving) session.receiving.abandon();
      else if (session.callOff) session.callOff();
      else return fail('busy', 'the recorder is still starting');
      return ok(null);
    }
    session.receiving?.stop();
    session.line?.stop();
    const late = fail('collector-failed', 'the recorder does not answer; it finishes the file when it can');
    return await Promise.race([this.#over, pause(FINISH_LIMIT, late, { ref: false })]);
  }

  async #begin(session: Session): Promise<Result<OpenCapture>> {
    const obstacle = await findObstacle(this.#around.collector, session.file);
    if (obstacle) return { ok: false, error: obstacle };
    this.#tell({
      state: 'starting',
      file: basename(session.file),
      ...('stream' in session.source ? { stream: true } : {}),
    });

    const { promise: hello, resolve: greet } = deferred<boolean>();
    const { promise: hungUp, resolve: hangUp } = deferred<null>();
    const { promise: met, resolve: meet } = deferred<null>();
    session.line = await CollectorLine.listen({
      met: () => {
        meet(null);
      },
      said: (line) => {
        if (line.word === 'hello') greet(true);
        else this.#hear(session, line);
      },
      closed: () => {
        greet(false);
        hangUp(null);
      },
    });
    const ended = this.#run(session, session.line.path, hungUp);
    const limit = this.#around.helloLimit ?? HELLO_LIMIT;
    // A stream begins when whoever sends it does.
    const silence = met.then(() =>
      session.receiving ? ended : pause(limit, fail('collector-failed', silent), { ref: false }),
    );
    const first = await Promise.race([hello, ended, silence]);
    if (first !== true) {
      const outcome = first === false ? await ended : first;
      // Its last words may still be on the line.
      if (session.line.met) await Promise.race([hungUp, pause(LAST_WORDS, null, { ref: false })]);
      const [said, told] = [session.said, outcome.ok ? undefined : outcome.error];
      // Of a stream that does not come, whoever should send it knows the reason.
      return { ok: false, error: (session.receiving ? (told ?? said) : (said ?? told)) ?? unexplained };
    }

    const opened = await this.#open(session.file);
    if (!opened.ok) return opened;
    session.capture = opened.value.id;
    session.began = performance.now();
    this.#count(session, { word: 'status', events: 0, calls: 0, lost: 0, bytes: 0 });
    this.#over = hungUp.then(async () => await this.#finish(session, await ended));
    return opened;
  }

  /** A store process that ended while it was asked does not end a recording that has begun. */
  async #open(file: string): Promise<Result<OpenCapture>> {
    const opened = await this.#around.captures.open(file);
    return !opened.ok && opened.error.code === 'store-gone' ? await this.#around.captures.open(file) : opened;
  }

  #run(session: Session, line: string, hungUp: Promise<null>): Promise<Result<null>> {
    const { source, file } = session;
    const words = [this.#around.collector, '--out', file, '--control', line];
    if ('stream' in source) {
      session.receiving = receive(words, source.stream);
      return session.receiving.ended;
    }
    const user = `${String(process.getuid?.() ?? 0)}:${String(process.getgid?.() ?? 0)}`;
    const whole = [...words, '--user', user, ...wordsFor(source.options)];
    return (this.#around.run ?? runAsRoot)(whole).then((outcome) =>
      outcome.ok || !outcome.byHand ? outcome : this.#waitForHand(session, whole, outcome, hungUp),
    );
  }

  /** Tells the line for a terminal, and waits until the recorder that it starts has come and gone, or for no longer. */
  #waitForHand(
    session: Session,
    words: readonly string[],
    { error }: Extract<Elevated, { ok: false }>,
    hungUp: Promise<null>,
  ): Promise<Result<null>> {
    const { promise: calledOff, resolve: callOff } = deferred<Result<null>>();
    session.callOff = () => {
      callOff(fail('dismissed', 'no recorder was started in a terminal; the wait for it was called off'));
    };
    const byHand = { command: terminalCommand(words), reason: error.message };
    this.#tell({ state: 'starting', file: basename(session.file), byHand });
    return Promise.race([hungUp.then(() => ok(null)), calledOff]);
  }

  #hear(session: Session, line: ControlLine): void {
    if (line.word === 'status') this.#count(session, line);
    if (line.word === 'error' && line.code === 'recording-failed') {
      session.said = { code: 'collector-failed', message: line.text };
    }
    if (line.word === 'stopped') {
      session.finished = true;
      const words = UNWANTED_ENDS[line.reason];
      const message = `the recording ended by itself: ${[words, line.detail].filter(Boolean).join(': ')}`;
      if (words !== undefined) session.said ??= { code: 'collector-failed', message };
    }
    if (line.word !== 'finishing') return;
    this.#tell({ state: 'stopping', file: basename(session.file) });
    session.work = session.work.then(() =>
      session.capture === undefined ? undefined : this.#around.captures.hold(session.capture),
    );
  }

  #count(session: Session, { events, calls, bytes, lost, ...more }: Counts): void {
    const { capture, file, began } = session;
    if (capture === undefined) return;
    const { coalesced, images, rate, silent } = more;
    void statfs(dirname(file)).then(
      ({ bavail, bsize }) => (session.free = bavail * bsize),
      () => (session.free = undefined),
    );
    this.#tell({
      ...{ state: 'recording', file: basename(file), capture, seconds: (performance.now() - began) / 1000 },
      ...{ events, calls, bytes, lost },
      ...(coalesced === undefined ? {} : { coalesced }),
      ...(images === undefined ? {} : { images }),
      ...(rate === undefined ? {} : { rate }),
      ...(session.free === undefined ? {} : { free: session.free }),
      ...(silent === undefined ? {} : { silent: Number(silent) }),
    });
  }

  /** The line is closed and the process is over; whatever it left is what there is. */
  async #finish(session: Session, outcome: Result<null>): Promise<Result<null>> {
    await session.work;
    await session.line?.end();
    if (session.capture !== undefined) await this.#around.captures.resume(session.capture);
    this.#session = undefined;
    const error = session.said ?? (outcome.ok ? undefined : outcome.error);
    if (session.finished && !error) {
      this.#tell({ state: 'idle' });
      return ok(null);
    }
    const { code, message } = error ?? unexplained;
    const told: Failure = { code, message: `${message}; what was recorded until then is in ${session.file}` };
    this.#tell({ state: 'failed', error: told });
    return { ok: false, error: told };
  }

  #tell(state: RecordingState): void {
    this.#state = state;
    this.#around.tell(state);
  }
}

const silent = 'the recorder has started, but does not say that it records; it was told to end';

const unexplained: Failure = { code: 'collector-failed', message: 'the recorder ended without a word' };
