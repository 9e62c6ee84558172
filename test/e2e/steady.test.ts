/**
 * A live session under a steady load of calls that all differ: the view keeps up, memory stays, nothing is lost.
 * MODTRAIL_STEADY_MINUTES=10 is how long, not at all without it; MODTRAIL_STEADY_RATE is how many calls a second.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { quantile } from '../../bench/viewer/frames.ts';
import { ROOT } from '../../scripts/places.ts';
import { buildProgram } from '../lab/boot/program.ts';
import { whyNotHere } from '../native/collector.ts';
import { infoOf, verdictOn } from '../native/modtrail.ts';
import { answerSave, launchApp } from './app.ts';

import { inPage, treeOf, type Seen } from './victims.ts';

const MINUTES = Number(process.env['MODTRAIL_STEADY_MINUTES'] ?? 0);
const RATE = Number(process.env['MODTRAIL_STEADY_RATE'] ?? 5000);
const reason = MINUTES > 0 ? whyNotHere() : 'MODTRAIL_STEADY_MINUTES=10 asks for it';

const MINUTE = 60_000;
const MIB = 2 ** 20;

/** Time between two looks, in milliseconds. */
const EVERY = 500;

/** Memory that a process has of its own, and its share of what it has with others, in bytes; 0 where it has ended. */
function share({ pid }: Seen): number {
  try {
    const text = readFileSync(`/proc/${String(pid)}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

/** What a process is, for a person: the store, the page, the recorder. */
function nameOf({ words }: Seen): string {
  return (
    /--type=([a-z-]+)/.exec(words)?.[1] ?? /store\.js|modtrail-collector/.exec(words)?.[0] ?? words.split('\0')[0] ?? ''
  );
}

/** Bytes by the kind of process. */
function memoryOf(main: number): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const seen of treeOf(main)) sums.set(nameOf(seen), (sums.get(nameOf(seen)) ?? 0) + share(seen));
  return sums;
}

const sum = (memory: ReadonlyMap<string, number>): number => [...memory.values()].reduce((all, one) => all + one, 0);

interface Sight {
  /** Rows that the painted table has. */
  readonly rows: number;
  /** Milliseconds between two frames since the last look. */
  readonly frames: readonly number[];
}

const SIGHT = `(() => {
  const state = (globalThis.steady ??= { last: performance.now(), frames: [], begun: false });
  if (!state.begun) {
    state.begun = true;
    const frame = (now) => { state.frames.push(now - state.last); state.last = now; requestAnimationFrame(frame); };
    requestAnimationFrame(frame);
  }
  const rows = Number(document.querySelector('[role=grid][aria-label=Attempts]')?.getAttribute('aria-rowcount') ?? 1) - 1;
  return { rows, frames: state.frames.splice(0) };
})()`;

describe.skipIf(reason !== undefined)(`a steady load${reason ? ` (skipped: ${reason})` : ''}`, () => {
  test(
    `${String(RATE)} calls a second for ${String(MINUTES)} minutes`,
    async () => {
      const folder = mkdtempSync(join(tmpdir(), 'modtrail-steady-'));
      const out = join(folder, 'steady.modtrail');
      const { app, window, close } = await launchApp({ user: { uid: 0, gid: 0 } });
      const caller = buildProgram(join(ROOT, 'test/native/caller.c'), folder);
      await answerSave(app, out);
      await window.locator('[data-record]').click();
      await window.locator('[data-stop]:not([disabled])').waitFor({ timeout: 20_000 });

      const calling = spawn(caller, ['steady', String(RATE), String(MINUTES * 60)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let made = 0;
      let rows = 0;
      calling.stdout.on('data', (bytes: Buffer) => {
        made = Number(/"made":(\d+)/.exec(bytes.toString().trim().split('\n').at(-1) ?? '')?.[1] ?? made);
      });
      const over = new Promise<boolean>((resolve) => calling.on('close', () => void resolve(true)));
      const main = app.process().pid ?? 0;
      const lags: number[] = [];
      const frames: number[] = [];
      let afterOneMinute: ReadonlyMap<string, number> | undefined;
      const began = performance.now();
      for (let told = 0; !(await Promise.race([over, sleep(EVERY, false)]));) {
        const due = made;
        const sight = await inPage<Sight>(app, SIGHT);
        // A page that is too busy to answer shows what it showed before.
        rows = sight?.rows ?? rows;
        lags.push(Math.max(due - rows, 0) / RATE);
        frames.push(...(sight?.frames ?? []));
        const passed = performance.now() - began;
        if (!afterOneMinute && passed > MINUTE) afterOneMinute = memoryOf(main);
        if (passed < told * 15_000) continue;
        told += 1;
        const memory = [...memoryOf(main)].map(([name, bytes]) => `${name} ${(bytes / MIB).toFixed(0)}`).join(', ');
        const late = lags.slice(-30).sort((a, b) => a - b);
        process.stderr.write(
          `${(passed / 1000).toFixed(0)} s: ${String(due)} made, behind ${(quantile(late, 0.5) ?? NaN).toFixed(2)} s, at most ${(late.at(-1) ?? 0).toFixed(2)} s; MiB: ${memory}\n`,
        );
      }
      const last = memoryOf(main);
      await window.locator('[data-stop]').click();
      await window.locator('[data-record]').waitFor({ timeout: 60_000 });
      await close();

      lags.sort((a, b) => a - b);
      frames.sort((a, b) => a - b);
      const grown = (sum(last) - sum(afterOneMinute ?? last)) / MIB;
      process.stderr.write(
        `behind: median ${(quantile(lags, 0.5) ?? NaN).toFixed(2)} s, p95 ${(quantile(lags, 0.95) ?? NaN).toFixed(2)} s, most ${(lags.at(-1) ?? 0).toFixed(2)} s; ` +
          `frames: p95 ${(quantile(frames, 0.95) ?? NaN).toFixed(0)} ms; grown by ${grown.toFixed(0)} MiB after the first minute\n`,
      );
      const info = infoOf(out);
      expect(info.losses.intervals).toBe(0);
      // Others on this machine make calls as well.
      expect(info.attempts).toBeGreaterThanOrEqual(made);
      expect(verdictOn(out).state).toBe('holds');
      expect(lags.at(-1)).toBeLessThan(1);
      expect(quantile(frames, 0.95) ?? NaN).toBeLessThan(33);
      expect(grown).toBeLessThan(50);
      rmSync(folder, { recursive: true, force: true });
    },
    (MINUTES + 5) * MINUTE,
  );
});
