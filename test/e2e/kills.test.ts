/**
 * Processes of an app that records are killed at random: whichever it is and whenever, the others notice it, go on or
 * say so, and what the window has shown is in the capture. Each round is a capture.
 * MODTRAIL_KILLS=300 is the number of rounds, none without it; MODTRAIL_SEED repeats a run.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../scripts/places.ts';
import { buildProgram } from '../lab/boot/program.ts';
import { Calling } from '../native/calling.ts';
import { whyNotHere } from '../native/collector.ts';
import { eventsOf, infoOf, verdictOn } from '../native/modtrail.ts';
import { answerSave, launchApp, type LaunchedApp } from './app.ts';
import { collectorsOf, inPage, isThere, paintedCalls, treeOf, victimsOf, VICTIMS, type Victim } from './victims.ts';

const ROUNDS = Number(process.env['MODTRAIL_KILLS'] ?? 0);
const SEED = Number(process.env['MODTRAIL_SEED'] ?? Math.floor(Math.random() * 1e9));
const reason = ROUNDS > 0 ? whyNotHere() : 'MODTRAIL_KILLS=300 asks for it';

/** A busy machine gets more time. */
const PATIENCE = Number(process.env['MODTRAIL_PATIENCE'] ?? 1);

/** Time in which the others notice that one is gone, and a recorder finishes its file, in milliseconds. */
const NOTICED = 2000 * PATIENCE;
const FINISHED = 1000 * PATIENCE;

/** Time for what no promise was made of. */
const SOMETIME = 20_000 * PATIENCE;

const ROOT_USER = { uid: 0, gid: 0 };

/** When a round's kills begin: while the recorder starts, while it records, or while it finishes the file. */
const PHASES = ['starting', 'recording', 'recording', 'recording', 'stopping'] as const;

/** A generator of numbers from 0 to 1 that a seed repeats (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Whether there was something to kill. */
function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

interface Plan {
  readonly phase: (typeof PHASES)[number];
  /** Each with the milliseconds to wait before it. */
  readonly kills: readonly { readonly victim: Victim; readonly after: number }[];
}

function planFrom(random: () => number): Plan {
  const one = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
  const phase = one(PHASES);
  const longest = { starting: 600, recording: 1500, stopping: 100 }[phase];
  const kills = Array.from({ length: 1 + Math.floor(random() * 3) }, () => ({
    victim: one(VICTIMS),
    after: Math.floor(random() * longest),
  }));
  return { phase, kills };
}

/** One capture: what was planned, what the window showed of it, and what was wrong. */
class Round {
  readonly wrong: string[] = [];
  readonly shown = new Set<number>();
  /** How long was waited for what. */
  readonly took: string[] = [];
  readonly #app: LaunchedApp;
  readonly #file: string;
  readonly #main: number;
  #appGone = false;
  #recorderGone = false;

  constructor(app: LaunchedApp, file: string) {
    this.#app = app;
    this.#file = file;
    this.#main = app.app.process().pid ?? 0;
  }

  get appGone(): boolean {
    return this.#appGone;
  }

  async run({ phase, kills }: Plan): Promise<void> {
    await answerSave(this.#app.app, this.#file);
    await this.#click('[data-record]');
    if (phase !== 'starting') {
      await this.#await('the recording', SOMETIME, () => this.#has('[data-stop]:not([disabled])'));
      await this.#await('a row', SOMETIME, async () => (await this.#look()) > 0);
    }
    if (phase === 'stopping') await this.#click('[data-stop]');
    for (const { victim, after } of kills) {
      const until = performance.now() + after;
      while (performance.now() < until) {
        await this.#look();
        await sleep(20);
      }
      await this.#kill(victim, phase);
      if (this.#appGone) break;
    }
    if (!this.#appGone) await this.#end();
    await this.#await('the end of the recorder', FINISHED, () => collectorsOf(this.#file).length === 0);
    if (this.#appGone && !this.#recorderGone && existsSync(`${this.#file}-wal`)) this.wrong.push('a log was left');
    this.#judge();
  }

  /** Kills it right after a look at the window: what is shown then was promised. */
  async #kill(victim: Victim, phase: Plan['phase']): Promise<void> {
    await this.#look();
    const found = victimsOf(victim, this.#main, this.#file);
    if (found.length === 0) return;
    const tree = treeOf(this.#main).filter(({ words }) => !words.includes('modtrail-collector\0'));
    const before = Math.max(...this.shown, 0);
    const recorded = collectorsOf(this.#file).length > 0;
    // One that has just ended by itself was not killed.
    if (found.filter(({ pid }) => killed(pid)).length === 0) return;
    if (victim === 'collector') this.#recorderGone = true;
    if (victim === 'app') {
      this.#appGone = true;
      await this.#await('the end of all its processes', NOTICED, () => !tree.some(isThere));
      return;
    }
    await this.#await(`the end of the ${victim}`, NOTICED, () => !found.some(isThere));
    if (victim === 'collector' && phase === 'recording')
      await this.#await('the word that the recorder is gone', NOTICED, () => this.#has('[data-notice]'));
    if (victim === 'renderer')
      await this.#await('a new page', NOTICED, () => victimsOf('renderer', this.#main, this.#file).length > 0);
    if (victim === 'store' && phase === 'recording' && recorded && !this.#recorderGone)
      await this.#await('new rows without the old store', NOTICED, async () => {
        await this.#look();
        return Math.max(...this.shown, 0) > before;
      });
  }

  /** Stops what is still recorded, and waits until the window shows how it ended. */
  async #end(): Promise<void> {
    // A page that has just begun does not know yet that something is recorded.
    const isOver = async (): Promise<boolean> =>
      collectorsOf(this.#file).length === 0 && (await this.#has('[data-record]'));
    const stoppable = (): Promise<boolean> => this.#has('[data-stop]:not([disabled])');
    await this.#await('the button to stop, or the end', SOMETIME, async () => (await stoppable()) || (await isOver()));
    await this.#look();
    // Not waited for: what was killed last may be noticed just now, and then there is nothing to stop any more.
    await inPage(this.#app.app, `document.querySelector('[data-stop]:not([disabled])')?.click()`);
    await this.#await('the end', SOMETIME, isOver);
    if (this.shown.size > 0)
      await this.#await('the rows, after the end', SOMETIME, async () => {
        return (await paintedCalls(this.#app.app, basename(this.#file))).length > 0;
      });
  }

  #judge(): void {
    if (!existsSync(this.#file)) {
      if (this.shown.size > 0) this.wrong.push('there is no file, but there were rows');
      return;
    }
    try {
      const { state, text } = verdictOn(this.#file);
      if (state !== 'holds' && state !== 'unfinished') this.wrong.push(`the seal: ${state}, ${text}`);
      const { completeness, stopReason } = infoOf(this.#file);
      if (!this.#recorderGone && completeness !== 'finished') this.wrong.push(`${completeness}, ${String(stopReason)}`);
      const recorded = new Set(eventsOf(this.#file).map(({ callId }) => callId));
      const missing = [...this.shown].filter((id) => !recorded.has(id));
      if (missing.length > 0) this.wrong.push(`shown and not recorded: ${missing.join(' ')}`);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      // A recorder that is killed before its first commit leaves a file that says so.
      const isBare = this.#recorderGone && this.shown.size === 0 && words.includes('stopped before the first row');
      if (!isBare) this.wrong.push(words);
    }
  }

  /** Notes what is painted; resolves to how many rows that are. */
  async #look(): Promise<number> {
    const painted = this.#appGone ? [] : await paintedCalls(this.#app.app, basename(this.#file));
    for (const id of painted) this.shown.add(id);
    return painted.length;
  }

  async #has(selector: string): Promise<boolean> {
    return (
      (await inPage<boolean>(this.#app.app, `document.querySelector(${JSON.stringify(selector)}) !== null`)) ?? false
    );
  }

  async #click(selector: string): Promise<void> {
    await this.#await(selector, SOMETIME, () => this.#has(selector));
    await inPage(this.#app.app, `document.querySelector(${JSON.stringify(selector)})?.click()`);
  }

  /** Waits so long at most; what did not come is wrong, and the round goes on. */
  async #await(what: string, limit: number, condition: () => boolean | Promise<boolean>): Promise<void> {
    const started = performance.now();
    while (!(await condition())) {
      if (performance.now() - started > limit) {
        this.wrong.push(`waited ${String(limit)} ms in vain for ${what}`);
        return;
      }
      await sleep(20);
    }
    this.took.push(`${what} ${String(Math.round(performance.now() - started))} ms`);
  }
}

/** The app as root, with somebody who wants the window drawn again whenever that is asked. */
async function start(): Promise<LaunchedApp> {
  const launched = await launchApp({ user: ROOT_USER });
  await launched.app.evaluate(({ dialog }) => {
    dialog.showMessageBox = () => Promise.resolve({ response: 0, checkboxChecked: false });
  });
  return launched;
}

/** Closes what the round has left open, so that the next one begins as the first did. */
async function tidy({ app }: LaunchedApp): Promise<void> {
  const until = performance.now() + SOMETIME;
  for (let tabs = 1; tabs > 0;) {
    if (performance.now() > until) throw new Error('a tab is left open');
    await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('close')?.click());
    await inPage(app, `document.querySelectorAll('[data-notice] [aria-label=Dismiss]').forEach((one) => one.click())`);
    await sleep(50);
    tabs = (await inPage<number>(app, `document.querySelectorAll('[role=tab]').length`)) ?? 1;
  }
}

describe.skipIf(reason !== undefined)(`killed at random${reason ? ` (skipped: ${reason})` : ''}`, () => {
  test(
    `${String(ROUNDS)} captures, MODTRAIL_SEED=${String(SEED)}`,
    async () => {
      const random = numbers(SEED);
      const folder = mkdtempSync(join(tmpdir(), 'modtrail-kills-'));
      const calls = new Calling(buildProgram(join(ROOT, 'test/native/caller.c'), folder), 20, 1_000_000);
      const wrong: string[] = [];
      let app: LaunchedApp | undefined;
      const homes = new Set<string>();
      for (let number = 1; number <= ROUNDS; number++) {
        const plan = planFrom(random);
        const words = `${String(number)}: ${plan.phase}, ${plan.kills.map(({ victim, after }) => `${victim} after ${String(after)} ms`).join(', ')}`;
        app ??= await start();
        homes.add(app.home);
        const round = new Round(app, join(folder, `round-${String(number)}.modtrail`));
        await round.run(plan);
        process.stderr.write(
          `${words}: ${String(round.shown.size)} shown (${round.took.join(', ')})${round.wrong.length > 0 ? `, WRONG: ${round.wrong.join('; ')}` : ''}\n`,
        );
        wrong.push(...round.wrong.map((what) => `${words}: ${what}`));
        if (round.appGone) app = undefined;
        else if (round.wrong.length > 0) {
          process.stderr.write(app.log());
          await app.close();
          app = undefined;
        } else await tidy(app);
      }
      await app?.close();
      await calls.end();
      for (const home of homes) rmSync(home, { recursive: true, force: true });
      if (wrong.length === 0) rmSync(folder, { recursive: true, force: true });
      expect(wrong).toEqual([]);
    },
    ROUNDS * 60_000 * PATIENCE,
  );
});
