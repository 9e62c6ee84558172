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
import { inGuest } from '../lab/guest.ts';
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

/** Has the page note when the row of a load is painted with a verdict, and its image is whole. */
async function watchLoads(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen = new Map<number, { at: number; ns: number }>();
    const asked = new Set<number>();
    Object.assign(globalThis, { seen });
    const ask = async (callId: number): Promise<void> => {
      const found = await window.modtrail.attempt('c1', callId);
      if (!found.ok || found.value.image?.complete !== true) {
        setTimeout(() => void ask(callId), 10);
        return;
      }
      seen.set(callId, { at: performance.timeOrigin + performance.now(), ns: Number(found.value.ns) });
    };
    const look = (): void => {
      for (const cell of document.querySelectorAll<HTMLElement>('[role=grid][aria-label=Attempts] [data-call-id]')) {
        const callId = Number(cell.dataset['callId']);
        const verdict = cell.closest('[role=row]')?.querySelector('[data-column=verdict]')?.textContent ?? '';
        if (asked.has(callId) || !/live|unloaded/.test(verdict)) continue;
        asked.add(callId);
        // After the frame in which it is drawn.
        requestAnimationFrame(() => setTimeout(() => void ask(callId)));
      }
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
}

const seenBy = (page: Page): Promise<{ at: number; ns: number }[]> =>
  page.evaluate(() => [...(globalThis as unknown as { seen: Map<number, { at: number; ns: number }> }).seen.values()]);

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
    const running = inGuest('6.1', 'loads.sh', '', { line, with: [loads], timeoutMs: 120_000 + LOADS * 4000, heard });
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
      const late = (await seenBy(page)).map(({ at, ns }) => at - (ns / 1e6 + clock.ahead)).sort((a, b) => a - b);
      await page.locator('[data-stop]').click();
      await page.locator('[data-record]').waitFor({ timeout: 60_000 });
      const part = (share: number): number => late[Math.min(Math.floor(LOADS * share), LOADS - 1)] ?? NaN;
      process.stderr.write(
        `${String(LOADS)} loads: median ${part(0.5).toFixed(0)} ms, p95 ${part(0.95).toFixed(0)} ms, most ${(late.at(-1) ?? NaN).toFixed(0)} ms\n`,
      );
      const outcome = await running;
      expect(readFileSync(join(outcome.out, 'status'), 'utf8').trim()).toBe('0');
      rmSync(dirname(outcome.out), { recursive: true, force: true });
      expect(verdictOn(out).state).toBe('holds');
      expect(infoOf(out)).toMatchObject({ completeness: 'finished', stopReason: 'request', losses: { lost: 0 } });
      const images = attemptsOf(out).flatMap(({ image, operation }) => (operation === 'load' ? [image?.sha256] : []));
      expect(new Set(images).size).toBe(LOADS);
      expect(part(0.95)).toBeLessThan(MOST_LATE);
    } finally {
      await close();
      rmSync(work, { recursive: true, force: true });
    }
  },
  600_000 + LOADS * 8000,
);
