/** The captures that the window has open, and the watch over those that grow. */
import { realpath } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import type { Notices, OpenCapture } from '#contract/api.ts';
import { ok, type Failure, type Result } from '#contract/result.ts';
import type { OpenedAnswer } from '../store/messages.ts';
import { watchLog } from './growth.ts';
import type { StoreClient } from './store-client.ts';

/** Time between two looks at a capture that grows or is being read, in milliseconds, counted from the answer to the one before. */
const LOOK_EVERY = 250;

/**
 * A commit is looked at so soon after its first byte, in milliseconds: by then it is whole. While commits go on and on,
 * looks begin so far apart: what is drawn more often is no better to be seen, and costs the machine that records.
 */
const LOOK_AFTER_COMMIT = 8;
const LOOKS_APART = 80;

/** The same where a file is only being read: each look takes the store's time, which it reads in. */
const LOOK_WHILE_READING = 1000;

/** Events that are read in less than a few such looks. */
const FEW = 500_000;

/** The same where a look at what is recorded has failed: the next one may not. */
const LOOK_AFTER_FAILURE = 1000;

/**
 * The same after the store process ended by itself, at first and at most: a file that makes it end each time is tried ever
 * more seldom. One that nobody writes to waits so many times as long where the process ended during the look itself: it may
 * be the reason. An end is the first one again after so long without any, which is longer than any of these waits.
 */
const LOOK_AFTER_TROUBLE = [100, 5000] as const;
const AT_REST = 5;
const UNTROUBLED = 30_000;

/** Time that a recorder gets to merge its file after its last row, in milliseconds; it needs the readers off it. */
const MERGE_TIME = 500;

interface Held {
  readonly path: string;
  /** When it was opened, in milliseconds of this process. */
  readonly opened: number;
  open: OpenCapture;
  /** Its own recorder finishes it, and says when it has. */
  finishing?: boolean;
  /** Ends the watch over its log. */
  unwatch?: () => void;
}

/** A look that is to come. */
interface Look {
  readonly timer: NodeJS.Timeout;
  /** Whether it comes for a commit, so that it finds it whole; one by the clock may come in the midst of it. */
  readonly isForCommit: boolean;
}

export class Captures {
  readonly #store: StoreClient;
  readonly #told: (grown: Notices['grown']) => void;
  readonly #held = new Map<string, Held>();
  /** Files that are being opened: whoever opens one meanwhile waits for the same. */
  readonly #openings = new Map<string, Promise<Result<OpenCapture>>>();
  /** Looks to come, by the capture; undefined while one is under way. */
  readonly #looks = new Map<string, Look | undefined>();
  /** When the store process last ended by itself, and the time until the look after it. */
  #trouble: { readonly at: number; readonly pause: number } = { at: -Infinity, pause: 0 };
  /** performance.now() at the beginning of the last look at each that has shown something. */
  readonly #looked = new Map<string, number>();
  /** Captures that were written to while a look at them was under way. */
  readonly #written = new Set<string>();

  constructor(store: StoreClient, told: (grown: Notices['grown']) => void) {
    this.#store = store;
    this.#told = told;
  }

  /** The open captures, in the order in which they were opened. */
  list(): OpenCapture[] {
    return [...this.#held.values()].map(({ open }) => open);
  }

  has(id: string): boolean {
    return this.#held.has(id);
  }

  /** The file behind an id. */
  pathOf(id: string): string | undefined {
    return this.#held.get(id)?.path;
  }

  /** Opens a file; one that is open already keeps its id. */
  async open(file: string): Promise<Result<OpenCapture>> {
    const path = await realpath(file).catch(() => resolve(file));
    const known = [...this.#held.values()].find((held) => held.path === path);
    if (known) return ok(known.open);
    const opening = this.#openings.get(path) ?? this.#openAnew(path);
    this.#openings.set(path, opening);
    return await opening;
  }

  async #openAnew(path: string): Promise<Result<OpenCapture>> {
    const opened = await this.#store.open(path);
    this.#openings.delete(path);
    if (!opened.ok) return opened;
    const { id, facts } = opened.value;
    const open = openCapture(id, path, facts);
    this.#held.set(id, { path, opened: performance.now(), open });
    this.#watch(id);
    return ok(open);
  }

  async close(id: string): Promise<void> {
    this.#held.get(id)?.unwatch?.();
    this.#held.delete(id);
    this.#looked.delete(id);
    await this.#store.close(id);
  }

  /** Lets a recorder finish its file: readers are off it until `resume`. */
  hold(id: string): Promise<void> {
    const held = this.#held.get(id);
    if (held) held.finishing = true;
    return this.#store.hold(id);
  }

  /** Opens the finished file again under its id and tells the window how it ended. */
  async resume(id: string): Promise<void> {
    delete this.#held.get(id)?.finishing;
    await this.#openFinished(id);
  }

  async #openFinished(id: string): Promise<void> {
    const facts = await this.#store.resume(id);
    if (facts.ok) this.#grew(id, facts.value);
    else this.#failed(id, facts.error);
  }

  /**
   * The store process has ended by itself: another one opens the captures, and the window asks again for what it shows.
   * What is looked at just now is told of it by its own look.
   */
  storeEnded(): void {
    const now = performance.now();
    const [least, most] = LOOK_AFTER_TROUBLE;
    const isFirst = now - this.#trouble.at > UNTROUBLED;
    this.#trouble = { at: now, pause: isFirst ? least : Math.min(2 * this.#trouble.pause, most) };
    for (const id of this.#held.keys()) {
      const look = this.#looks.get(id);
      if (!look && this.#looks.has(id)) continue;
      clearTimeout(look?.timer);
      this.#plan(id, this.#trouble.pause);
    }
  }

  /** Looks again and again, as long as a recorder is at work on the file, or it was not read to its end. */
  #watch(id: string): void {
    const held = this.#held.get(id);
    if (!held) return;
    const grows = held.open.info.completeness === 'recording';
    if (grows) held.unwatch ??= watchLog(held.path, () => this.#soon(id));
    else {
      held.unwatch?.();
      delete held.unwatch;
    }
    if (!moves(held) || this.#looks.has(id)) return;
    const every = grows || (this.#isYoung(id) && !isLong(held)) ? LOOK_EVERY : LOOK_WHILE_READING;
    const isForCommit = this.#written.delete(id);
    this.#plan(id, isForCommit ? this.#waitAfterCommit(id) : every, isForCommit);
  }

  #plan(id: string, wait: number, isForCommit = false): void {
    this.#looks.set(id, { timer: setTimeout(() => void this.#look(id), wait), isForCommit });
  }

  /** Milliseconds until a look after a commit. */
  #waitAfterCommit(id: string): number {
    return Math.max(LOOK_AFTER_COMMIT, (this.#looked.get(id) ?? -Infinity) + LOOKS_APART - performance.now());
  }

  /** The capture was written to. */
  #soon(id: string): void {
    const look = this.#looks.get(id);
    if (!look) this.#written.add(id);
    else if (!look.isForCommit) {
      clearTimeout(look.timer);
      this.#plan(id, this.#waitAfterCommit(id), true);
    }
  }

  async #look(id: string): Promise<void> {
    this.#looks.set(id, undefined);
    const began = performance.now();
    const facts = await this.#store.refresh(id);
    this.#looks.delete(id);
    if (facts.ok && facts.value) {
      if (this.#held.has(id)) this.#looked.set(id, began);
      this.#grew(id, facts.value);
    } else if (facts.ok) this.#watch(id);
    else this.#failed(id, facts.error);
  }

  /** A look has failed. What nobody writes to stays so but for the process that was to look: whoever asks is told why. */
  #failed(id: string, { code }: Failure): void {
    const held = this.#held.get(id);
    if (!held || this.#looks.has(id)) return;
    const { pause } = this.#trouble;
    if (code === 'store-gone') this.#plan(id, moves(held) ? pause : AT_REST * pause);
    else if (held.open.info.completeness === 'recording') this.#plan(id, LOOK_AFTER_FAILURE);
  }

  /** Most files are read within a few looks. */
  #isYoung(id: string): boolean {
    const opened = this.#held.get(id)?.opened;
    return opened !== undefined && performance.now() - opened < LOOK_WHILE_READING;
  }

  #grew(id: string, facts: OpenedAnswer): void {
    const held = this.#held.get(id);
    if (!held) return;
    const ended = held.open.info.completeness === 'recording' && facts.info.completeness !== 'recording';
    held.open = openCapture(id, held.path, facts);
    this.#told({ capture: id, info: held.open.info, clock: held.open.clock });
    this.#watch(id);
    if (ended) void this.#settle(id);
  }

  /** Readers get off a file that has its last row, so that its recorder can leave it as one file. */
  async #settle(id: string): Promise<void> {
    const isFinishing = (): boolean => this.#held.get(id)?.finishing === true;
    if (isFinishing()) return;
    await this.#store.hold(id);
    await new Promise((resolve) => setTimeout(resolve, MERGE_TIME));
    // A recorder that says itself when it has finished may need longer.
    if (!isFinishing()) await this.#openFinished(id);
  }
}

/** Whether a recorder is at work on the file, or it was not read to its end. */
function moves({ open: { info } }: Held): boolean {
  return info.completeness === 'recording' || info.progress !== undefined;
}

/** Whether it takes longer than a moment until it was read. */
function isLong({ open: { info } }: Held): boolean {
  return info.progress !== undefined && info.progress.of - info.progress.done > FEW;
}

/** The store's facts are passed on as they are; core made them. */
function openCapture(id: string, path: string, facts: OpenedAnswer): OpenCapture {
  const { info, clock } = facts as unknown as Pick<OpenCapture, 'info' | 'clock'>;
  return { id, name: basename(path), folder: dirname(path), info, clock };
}
