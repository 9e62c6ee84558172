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
import { conversation } from './conversation.ts';
import { runAsRoot } from './elevation.ts';
import type { Begun, RecordingJournal } from './journal.ts';
import { CollectorLine } from './line.ts';
import {
  BROKE_OFF,
  countState,
  hostOf,
  outlives,
  sessionFor,
  unwantedEnd,
  type Counts,
  type LiveSession,
  type Source,
} from './live-session.ts';
import { findObstacle } from './obstacle.ts';
import { openBegun } from './open-begun.ts';
import type { StreamOrigin } from './receiver.ts';
import { identityOf, type FileIdentity } from './remove-capture.ts';
import { runRecorder, wordsOf } from './run.ts';

/** Longest time from `stop` to the finished file, in milliseconds. */
const FINISH_LIMIT = 15_000;

/** Longest time from the recorder's connection to its first word, in milliseconds. */
const HELLO_LIMIT = 10_000;

/** Longest time in which a recorder that is still starting ends when it is told to, in milliseconds. */
const CALL_OFF_LIMIT = 5000;

/** Longest wait for the last words of a recorder that has ended, in milliseconds. */
const LAST_WORDS = 1000;

/** What a recording needs of the app. */
export interface Surroundings {
  /** Path of the collector. */
  readonly collector: string;
  readonly captures: Pick<Captures, 'open' | 'hold' | 'resume'>;
  /** Remembers what is recorded until its end is seen. */
  readonly journal?: Pick<RecordingJournal, 'begin' | 'resume'>;
  tell(state: RecordingState): void;
  /** Runs words as root; tests put another one here. */
  readonly run?: typeof runAsRoot;
  /** In place of HELLO_LIMIT; tests take less. */
  readonly helloLimit?: number;
}

/** A file that a recorder has made, under the id of its capture. */
export interface Recorded {
  readonly file: string;
  readonly capture: string;
  readonly made: FileIdentity;
}

export class Recording {
  readonly #around: Surroundings;
  #session: LiveSession | undefined;
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

  /** Whether what is recorded goes on when the app ends. */
  get keeps(): boolean {
    return this.#session?.keeps ?? false;
  }

  /** Whether this capture is the one that is being recorded. */
  records(capture: string): boolean {
    return this.#session?.capture === capture;
  }

  /** What a recorder writes now; undefined before it has said so. What lies under the name until then is another's. */
  get recorded(): Recorded | undefined {
    const { file, capture, made } = this.#session ?? {};
    if (file === undefined || capture === undefined || made === undefined) return undefined;
    return { file, capture, made };
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
    const session = sessionFor(file, source);
    this.#session = session;
    const started = await this.#begin(session).catch((error: unknown) => {
      logDefect('recording', error);
      return fail('unexpected', 'a defect in Modtrail kept the recording from starting; its log has the details');
    });
    if (!started.ok) {
      // One that would outlive the app does not end because it is hung up.
      if (outlives(session.source)) session.line?.stop();
      await tried(session.line?.end());
      this.#close(session);
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

  /** As `stop`, where what was recorded is deleted then: however it ends, nothing is said of a file that stays. */
  async giveUp(): Promise<Result<null>> {
    const session = this.#session;
    if (session) session.unwanted = true;
    const stopped = await this.stop();
    if (session && !stopped.ok) session.unwanted = false;
    return stopped;
  }

  async #begin(session: LiveSession): Promise<Result<OpenCapture>> {
    const obstacle = await findObstacle(this.#around.collector, session.file);
    if (obstacle) return { ok: false, error: obstacle };
    const starting = { state: 'starting', file: basename(session.file) } as const;
    this.#tell({ ...starting, ...('stream' in session.source ? { stream: true } : {}) });
    const { events, met, hello, hungUp } = conversation((line) => {
      this.#hear(session, line);
    });
    session.hungUp = hungUp;
    session.line = await CollectorLine.listen(events);
    const { folder } = session.line;
    const host = hostOf(session.source);
    session.ended = this.#around.journal?.begin(session.file, host, session.keeps ? folder : undefined);
    const words = wordsOf(this.#around.collector, session, session.line);
    const ended = runRecorder(session, words, this.#around.run ?? runAsRoot, hungUp, (byHand) => {
      this.#tell({ ...starting, byHand });
    });
    if (session.callOff && process.getuid?.() !== 0) this.#tell({ ...starting, asks: true });
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

    return await this.#follow(session, hungUp, ended);
  }

  /** Opens the file that a recorder writes, and follows it to its end. */
  async #follow(
    session: LiveSession,
    hungUp: Promise<null>,
    ended: Promise<Result<null>>,
  ): Promise<Result<OpenCapture>> {
    session.callOff = undefined;
    session.made = await identityOf(session.file);
    const opened = await openBegun(this.#around.captures, session.file);
    if (!opened.ok) return opened;
    // One that cannot be followed goes on, and is offered again.
    if (session.begun) session.ended = this.#around.journal?.resume(session.begun);
    session.capture = opened.value.id;
    session.began += performance.now();
    this.#count(session, { word: 'status', events: 0, calls: 0, lost: 0, bytes: 0 });
    this.#over = hungUp.then(async () => (session.left ? ok(null) : await this.#finish(session, await ended)));
    return opened;
  }

  /**
   * Attaches to a recorder that has outlived the run of the app that started it.
   * @returns its capture, undefined where there is none any more
   */
  async rejoin(begun: Begun): Promise<OpenCapture | undefined> {
    if (begun.line === undefined || this.#session) return undefined;
    const session: LiveSession = { ...sessionFor(begun.file, { options: { images: true, keep: true } }), begun };
    // Nothing else begins while it is looked for.
    this.#session = session;
    const opened = await this.#meet(session, begun.line).catch((error: unknown) => {
      logDefect('recording', error);
      return undefined;
    });
    if (opened?.ok) return opened.value;
    // It goes on all the same, and is offered again.
    await tried(session.line?.leave());
    this.#session = undefined;
    return undefined;
  }

  /** undefined where no recorder is there, or none that says that it records. */
  async #meet(session: LiveSession, folder: string): Promise<Result<OpenCapture> | undefined> {
    const { events, hello, hungUp } = conversation((line) => {
      this.#hear(session, line);
    });
    session.hungUp = hungUp;
    const line = await CollectorLine.meet(folder, events);
    if (!line) return undefined;
    session.line = line;
    // Counted from when it was started.
    session.began = Date.parse(session.begun?.started ?? '') - Date.now();
    const limit = this.#around.helloLimit ?? HELLO_LIMIT;
    const greeted = await Promise.race([hello, pause(limit, false, { ref: false })]);
    return greeted ? await this.#follow(session, hungUp, Promise.resolve(ok(null))) : undefined;
  }

  /** The app ends: a recorder that outlives it is left alone, any other one finishes its file. */
  async end(): Promise<void> {
    const session = this.#session;
    if (session?.capture === undefined) await this.#callOff(session);
    else if (!session.keeps) await this.stop();
    else {
      session.left = true;
      await session.line?.leave();
    }
  }

  /** The app ends before the recorder has said that it records. */
  async #callOff(session: LiveSession | undefined): Promise<void> {
    const line = session?.line;
    if (session?.keeps && line?.met) return;
    // A recorder that is there is hung up, or told to end.
    if (session?.receiving || !line?.met) await this.stop();
    // One that has not heard it yet would go on once it is hung up; the next run of the app meets it again.
    if (session && line?.met && outlives(session.source) && !(await this.#endsWhenTold(session))) return;
    // Whoever comes now finds nobody, and ends.
    await tried(line?.end());
  }

  /** Tells a recorder to end that would not because it is hung up. Whether it has ended. */
  async #endsWhenTold(session: LiveSession): Promise<boolean> {
    session.line?.stop();
    const ended = session.hungUp?.then(() => true);
    return (await Promise.race([ended, pause(CALL_OFF_LIMIT, false, { ref: false })])) ?? false;
  }

  /** What is recorded ends with the app after all. */
  keepNoMore(): void {
    if (this.#session) this.#session.keeps = false;
  }

  #hear(session: LiveSession, line: ControlLine): void {
    if (line.word === 'status') this.#count(session, line);
    if (line.word === 'error' && line.code === 'recording-failed') {
      session.said = { code: 'collector-failed', message: line.text };
    }
    if (line.word === 'stopped') {
      session.finished = true;
      session.brokeOff = line.reason === BROKE_OFF;
      const unwanted = unwantedEnd(line);
      if (unwanted) session.said ??= unwanted;
    }
    if (line.word !== 'finishing') return;
    this.#tell({ state: 'stopping', file: basename(session.file) });
    session.work = session.work.then(() =>
      session.capture === undefined ? undefined : this.#around.captures.hold(session.capture),
    );
  }

  #count(session: LiveSession, counts: Counts): void {
    const { capture, file } = session;
    if (capture === undefined) return;
    void statfs(dirname(file)).then(
      ({ bavail, bsize }) => (session.free = bavail * bsize),
      () => (session.free = undefined),
    );
    this.#tell(countState(session, capture, counts));
  }

  /** The line is closed and the process is over; whatever it left is what there is. */
  async #finish(session: LiveSession, outcome: Result<null>): Promise<Result<null>> {
    await tried(session.work);
    await tried(session.line?.end());
    if (session.capture !== undefined && !session.unwanted) await tried(this.#around.captures.resume(session.capture));
    this.#close(session);
    const error = session.said ?? (outcome.ok ? undefined : outcome.error);
    if (session.unwanted || (session.finished && !error)) {
      this.#tell({ state: 'idle' });
      return ok(null);
    }
    const { code, message } = error ?? unexplained;
    const there = session.brokeOff ? await session.receiving?.there : undefined;
    const kept = `what was recorded until then is in ${session.file}`;
    const told: Failure = { code, message: [message, there, kept].filter(Boolean).join('; ') };
    this.#tell({ state: 'failed', error: told });
    return { ok: false, error: told };
  }

  #close(session: LiveSession): void {
    this.#session = undefined;
    session.ended?.();
  }

  #tell(state: RecordingState): void {
    this.#state = state;
    this.#around.tell(state);
  }
}

/** Waits for what ends a recording; a part of it that goes wrong is logged, and the recording is over all the same. */
async function tried(part: Promise<unknown> | undefined): Promise<void> {
  await part?.catch((error: unknown) => {
    logDefect('recording', error);
  });
}

const silent = 'the recorder has started, but does not say that it records; it was told to end';

const unexplained: Failure = { code: 'collector-failed', message: 'the recorder ended without a word' };
