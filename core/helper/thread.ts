/** The thread that helps with one capture: started when there is something to do, ended when there was nothing for a while. */
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { ANSWERED, COUNTS, HEARD, TAKEN, type Answer, type Errand, type Helper } from './errand.ts';
import type { Job, JobKind, JobOf } from './jobs.ts';

/** What a helper is started with. */
export interface HelperData {
  /** The capture's file, which nobody writes to. */
  readonly file: string;
  /** The same, open, for its pages. */
  readonly descriptor: number;
  readonly pageSize: number;
  readonly port: MessagePort;
}

/** What a helper is told to do. */
export interface Order {
  readonly number: number;
  readonly job: Job;
  readonly pieces: number;
  readonly counts: Int32Array;
}

/** What it answers: nothing is found in a piece that it failed at, and it does not go on. */
export interface Report extends Answer<JobKind> {
  readonly number: number;
  readonly failed?: true;
}

/** Milliseconds without anything to do after which it is ended. */
const REST_MS = 4000;

/** Errands that are under way at once. */
const MOST_ERRANDS = 8;

/** How long an answer is waited for before others have their turn, and before it is not waited for any more. */
const WAIT_MS = 5;
const PATIENCE_MS = 10_000;

class SharedErrand<Kind extends JobKind> implements Errand<Kind> {
  readonly #counts: Int32Array;
  readonly #pieces: number;
  readonly #patience: number;
  readonly #receive: () => void;
  readonly #new: Answer<Kind>[] = [];
  readonly #answered = new Set<number>();
  /** Pieces that who asks has taken. */
  readonly #own = new Set<number>();
  #isBroken = false;
  #heardAt = performance.now();

  constructor(counts: Int32Array, pieces: number, patience: number, receive: () => void) {
    this.#counts = counts;
    this.#patience = patience;
    this.#pieces = pieces;
    this.#receive = receive;
  }

  next(): number | undefined {
    const piece = Atomics.add(this.#counts, TAKEN, 1);
    if (piece >= this.#pieces) return undefined;
    this.#own.add(piece);
    return piece;
  }

  hear(answer: Answer<Kind>): void {
    this.#heardAt = performance.now();
    this.#answered.add(answer.piece);
    this.#new.push(answer);
  }

  break(): void {
    this.#isBroken = true;
  }

  answers(): readonly Answer<Kind>[] {
    this.#receive();
    const answers = this.#new.splice(0);
    // Not before: what others have received meanwhile waits here.
    if (answers.length > 0) {
      Atomics.add(this.#counts, HEARD, answers.length);
      Atomics.notify(this.#counts, HEARD);
    }
    return answers;
  }

  isAwaited(): boolean {
    if (!this.#isOpen) return false;
    Atomics.wait(this.#counts, ANSWERED, this.#answered.size, WAIT_MS);
    this.#receive();
    return this.#isOpen;
  }

  get #isOpen(): boolean {
    const isAll = this.#own.size + this.#answered.size >= this.#pieces;
    return !isAll && !this.#isBroken && performance.now() - this.#heardAt < this.#patience;
  }

  left(): readonly number[] {
    const all = Array.from({ length: this.#pieces }, (_, piece) => piece);
    return all.filter((piece) => !this.#own.has(piece) && !this.#answered.has(piece));
  }
}

export class HelperThread implements Helper {
  readonly #entry: URL;
  readonly #data: Omit<HelperData, 'port'>;
  readonly #patience: number;
  readonly #restMs: number;
  #thread: { readonly worker: Worker; readonly port: MessagePort } | undefined;
  /** What it may still answer, by number. */
  readonly #errands = new Map<number, SharedErrand<JobKind>>();
  #last = 0;
  #isOver = false;
  #rest: NodeJS.Timeout | undefined;

  /**
   * @param entry what runs in the thread; it calls `serve`
   * @param waits milliseconds: patience, after which what was taken and not answered is done without it; rest, see REST_MS
   */
  constructor(entry: URL, data: Omit<HelperData, 'port'>, { patience = PATIENCE_MS, rest = REST_MS } = {}) {
    this.#entry = entry;
    this.#data = data;
    this.#patience = patience;
    this.#restMs = rest;
  }

  begin<Kind extends JobKind>(job: JobOf<Kind>, pieces: number): Errand<Kind> | undefined {
    const port = this.#started();
    if (!port) return undefined;
    const number = ++this.#last;
    const counts = new Int32Array(new SharedArrayBuffer(COUNTS * Int32Array.BYTES_PER_ELEMENT));
    const errand = new SharedErrand<Kind>(counts, pieces, this.#patience, () => {
      this.#receive(port);
    });
    this.#keep(number, errand);
    const order: Order = { number, job, pieces, counts };
    port.postMessage(order);
    this.#stay();
    return errand;
  }

  /** Who gives up what it asked for says nothing of that: the oldest ones are forgotten. */
  #keep<Kind extends JobKind>(number: number, errand: SharedErrand<Kind>): void {
    this.#errands.set(number, errand as unknown as SharedErrand<JobKind>);
    for (const [old, forgotten] of this.#errands) {
      if (this.#errands.size <= MOST_ERRANDS) return;
      forgotten.break();
      this.#errands.delete(old);
    }
  }

  /** Helps no more. */
  end(): void {
    this.#isOver = true;
    this.#stop();
  }

  #started(): MessagePort | undefined {
    if (this.#isOver || this.#thread) return this.#thread?.port;
    const { port1, port2 } = new MessageChannel();
    const workerData: HelperData = { ...this.#data, port: port2 };
    let worker: Worker;
    try {
      worker = new Worker(this.#entry, { workerData, transferList: [port2] });
    } catch {
      // The system has no thread to give.
      this.#isOver = true;
      return undefined;
    }
    const thread = (this.#thread = { worker, port: port1 });
    worker.unref();
    // It is not started again: what ended it would end it again.
    const broken = (): void => {
      if (this.#thread !== thread) return;
      this.#isOver = true;
      this.#forget();
    };
    worker.on('error', broken);
    worker.on('exit', broken);
    return port1;
  }

  #receive(port: MessagePort): void {
    for (let message = receiveMessageOnPort(port); message; message = receiveMessageOnPort(port)) {
      const { number, failed, ...answer } = message.message as Report;
      const errand = this.#errands.get(number);
      if (failed) errand?.break();
      else errand?.hear(answer);
    }
    this.#stay();
  }

  /** It is in use. */
  #stay(): void {
    this.#rest ??= setTimeout(() => {
      this.#stop();
    }, this.#restMs).unref();
    this.#rest.refresh();
  }

  #stop(): void {
    // It closes what it has opened, and ends by itself.
    this.#thread?.port.postMessage(null);
    this.#forget();
  }

  #forget(): void {
    clearTimeout(this.#rest);
    this.#rest = undefined;
    this.#thread = undefined;
    for (const errand of this.#errands.values()) errand.break();
    this.#errands.clear();
  }
}
