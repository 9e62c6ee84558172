/**
 * A guest without a desktop streams to the app over a serial line: how long after its call a load is on the screen, with
 * its verdict and its image. MODTRAIL_GUEST_LOADS=200 is how many loads, none without it.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import type { Bridge } from '#contract/api.ts';
import { inGuest, STREAMING } from '../lab/guest.ts';
import { attemptsOf, infoOf, verdictOn } from '../native/modtrail.ts';
import { answerOpen, answerSave, launchApp } from './app.ts';

declare global {
  interface Window {
    readonly modtrail: Bridge<File>;
  }
}

const LOADS = Number(process.env['MODTRAIL_GUEST_LOADS'] ?? 0);
const why = process.getuid?.() === 0 ? 'MODTRAIL_GUEST_LOADS=200 asks for it' : 'the lab needs root';

/** The 95th percentile, in milliseconds. */
const MOST_LATE = 500;

/** Reads the guest's clock from its console: when the host's was how far ahead of it, at least, in milliseconds. */
class GuestClock {
  #rest = '';
  ahead = Infinity;

  take(bytes: Buffer): void {
    const lines = (this.#rest + bytes.toString('latin1')).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const seconds = /mt-clock (\d+\.\d+)/.exec(line)?.[1];
      // Nothing arrives before it was said: the least is the closest.
      if (seconds !== undefined) this.ahead = Math.min(this.ahead, Date.now() - Number(seconds) * 1000);
    }
  }
}

/** One load; all in milliseconds, the call by the guest's clock and what is seen by the host's. */
interface Seen {
  /** The row is drawn with its verdict. */
  readonly painted: number;
  /** Its image is whole, too. */
  readonly whole: number;
  readonly called: number;
  /** How long the kernel was busy with the call. */
  readonly took: number;
}

/** Has the page note when the row of a load is painted with a verdict, and its image is whole. */
async function watchLoads(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen = new Map<number, Seen>();
    const asked = new Set<number>();
    Object.assign(globalThis, { seen });
    const now = (): number => performance.timeOrigin + performance.now();
    const ask = async (callId: number, painted: number): Promise<void> => {
      const found = await window.modtrail.attempt('c1', callId);
      if (!found.ok || found.value.image?.complete !== true) {
        setTimeout(() => void ask(callId, painted), 10);
        return;
      }
      const { ns, durationNs = 0 } = found.value;
      seen.set(callId, { painted, whole: now(), called: Number(ns) / 1e6, took: Number(durationNs) / 1e6 });
    };
    const look = (): void => {
      for (const cell of document.querySelectorAll<HTMLElement>('[role=grid][aria-label=Attempts] [data-call-id]')) {
        const callId = Number(cell.dataset['callId']);
        const verdict = cell.closest('[role=row]')?.querySelector('[data-column=verdict]')?.textContent ?? '';
        if (asked.has(callId) || !/live|unloaded/.test(verdict)) continue;
        asked.add(callId);
        // After the frame in which it is drawn.
        requestAnimationFrame(() => setTimeout(() => void ask(callId, now())));
      }
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

const seenBy = (page: Page): Promise<Seen[]> =>
  page.evaluate(() => [...(globalThis as unknown as { seen: Map<number, Seen> }).seen.values()]);

const middle = (times: readonly number[]): number =>
  times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? NaN;

test.skipIf(LOADS === 0 || process.getuid?.() !== 0)(
  `${String(LOADS)} loads in a guest are soon on the screen${LOADS === 0 ? ` (skipped: ${why})` : ''}`,
  async () => {
    const work = mkdtempSync(join(tmpdir(), 'modtrail-guest-'));
    const [line, out, loads] = [join(work, 'line'), join(work, 'guest.modtrail'), join(work, 'loads')];
    writeFileSync(loads, `${String(LOADS)}\n`);
    const clock = new GuestClock();
    const heard = (bytes: Buffer): void => {
      clock.take(bytes);
    };
    const running = inGuest('6.1', 'loads.sh', '', {
      line,
      with: [STREAMING, loads],
      timeoutMs: 120_000 + LOADS * 4000,
      heard,
    });
    // What goes wrong in there is told where its outcome is waited for.
    running.catch(() => undefined);
    while (!existsSync(line)) await Promise.race([pause(50), running]);
    const { app, window: page, close } = await launchApp({ user: { uid: 0, gid: 0 } });
    try {
      await answerOpen(app, line);
      await answerSave(app, out);
      await page.locator('[data-record-menu]').click();
      await page.locator('[data-attach]').click();
      await page.locator('[data-from-file]').check();
      await page.locator('[data-begin]').click();
      await page.locator('[data-stop]:not([disabled])', { hasText: 'Stop' }).waitFor({ timeout: 240_000 });
      await watchLoads(page);
      await expect
        .poll(async () => (await seenBy(page)).length, { timeout: 120_000 + LOADS * 4000, interval: 1000 })
        .toBe(LOADS);
      const all = await seenBy(page);
      await page.locator('[data-stop]').click();
      await page.locator('[data-record]').waitFor({ timeout: 60_000 });
      const told = (what: string, times: readonly number[]): number => {
        const sorted = times.toSorted((one, other) => one - other);
        const part = (share: number): number => sorted[Math.min(Math.floor(LOADS * share), LOADS - 1)] ?? NaN;
        const [median, late, most] = [0.5, 0.95, 1].map((share) => part(share).toFixed(0));
        process.stderr.write(`${what}: median ${String(median)} ms, p95 ${String(late)} ms, most ${String(most)} ms\n`);
        return part(0.95);
      };
      told(
        'the call itself',
        all.map(({ took }) => took),
      );
      const ways = all.map(({ painted, called, took }) => painted - called - took - clock.ahead);
      told('from its return to the painted row', ways);
      // A way that becomes longer with what was recorded would show here.
      const quarters = [0, 1, 2, 3].map((quarter) =>
        middle(ways.slice((quarter * ways.length) / 4, ((quarter + 1) * ways.length) / 4)).toFixed(0),
      );
      process.stderr.write(`the same by quarters, medians: ${quarters.join(', ')} ms\n`);
      const late = told(
        'from the call to row and image',
        all.map(({ painted, whole, called }) => Math.max(painted, whole) - called - clock.ahead),
      );
      const outcome = await running;
      expect(readFileSync(join(outcome.out, 'status'), 'utf8').trim()).toBe('0');
      rmSync(dirname(outcome.out), { recursive: true, force: true });
      expect(verdictOn(out).state).toBe('holds');
      expect(infoOf(out)).toMatchObject({ completeness: 'finished', stopReason: 'request', losses: { lost: 0 } });
      const images = attemptsOf(out).flatMap(({ image, operation }) => (operation === 'load' ? [image?.sha256] : []));
      expect(new Set(images).size).toBe(LOADS);
      expect(late).toBeLessThan(MOST_LATE);
    } finally {
      await close();
      rmSync(work, { recursive: true, force: true });
    }
  },
  600_000 + LOADS * 8000,
);
