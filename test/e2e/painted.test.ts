/**
 * Calls on this machine, one now and then: how long after its call a row is painted.
 * MODTRAIL_PAINTED_CALLS=200 is how many calls, none without it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright';
import { expect, test } from 'vitest';
import { quantile } from '../../bench/viewer/frames.ts';
import { ROOT } from '../../scripts/places.ts';
import { buildProgram } from '../lab/boot/program.ts';
import { Calling } from '../native/calling.ts';
import { whyNotHere } from '../native/collector.ts';
import { answerSave, launchApp } from './app.ts';

const CALLS = Number(process.env['MODTRAIL_PAINTED_CALLS'] ?? 0);
const reason = CALLS > 0 ? whyNotHere() : 'MODTRAIL_PAINTED_CALLS=200 asks for it';

/** The 95th percentile, in milliseconds. */
const MOST_LATE = 150;

/** Milliseconds between two calls, one after the other: none that the app's own looks could fall in step with. */
const PACES = [173, 251, 333, 410];

/** Has the page note when the row of each call is painted, in milliseconds of the wall's clock. */
async function watchRows(page: Page): Promise<void> {
  await page.evaluate(() => {
    const seen = new Map<number, number>();
    Object.assign(globalThis, { seen });
    const look = (): void => {
      for (const cell of document.querySelectorAll<HTMLElement>('[role=grid][aria-label=Attempts] [data-call-id]')) {
        const callId = Number(cell.dataset['callId']);
        if (seen.has(callId)) continue;
        seen.set(callId, Infinity);
        // After the frame in which it is drawn.
        requestAnimationFrame(() => setTimeout(() => seen.set(callId, performance.timeOrigin + performance.now())));
      }
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, attributes: true });
    look();
  });
}

/** How far the wall's clock is ahead of the one that calls are timed by, in milliseconds, on a machine that did not sleep. */
const ahead = (): number => performance.timeOrigin + performance.now() - Number(process.hrtime.bigint()) / 1e6;

/** Milliseconds from each call to its row. */
function delays(page: Page): Promise<number[]> {
  return page.evaluate(async (between) => {
    const { seen } = globalThis as unknown as { seen: ReadonlyMap<number, number> };
    const found = await Promise.all(
      [...seen].map(async ([callId, painted]) => {
        const attempt = await window.modtrail.attempt('c1', callId);
        return attempt.ok ? painted - between - Number(attempt.value.ns) / 1e6 : Infinity;
      }),
    );
    return found.sort((a, b) => a - b);
  }, ahead());
}

test.skipIf(reason !== undefined)(
  `${String(CALLS)} calls are painted${reason ? ` (skipped: ${reason})` : ''}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'modtrail-painted-'));
    const caller = buildProgram(join(ROOT, 'test/native/caller.c'), folder);
    const { app, window, close } = await launchApp({ user: { uid: 0, gid: 0 } });
    await answerSave(app, join(folder, 'painted.modtrail'));
    await window.locator('[data-record]').click();
    await window.locator('[data-stop]:not([disabled])').waitFor({ timeout: 20_000 });
    await watchRows(window);
    for (const pace of PACES) await new Calling(caller, pace, Math.ceil(CALLS / PACES.length)).over;
    await pause(1000);
    const took = await delays(window);
    await window.locator('[data-stop]').click();
    await window.locator('[data-record]').waitFor({ timeout: 60_000 });
    await close();
    rmSync(folder, { recursive: true, force: true });

    const [median = NaN, late = NaN, last = NaN] = [quantile(took, 0.5), quantile(took, 0.95), took.at(-1)];
    process.stderr.write(
      `${String(took.length)} rows: median ${median.toFixed(0)} ms, p95 ${late.toFixed(0)} ms, most ${last.toFixed(0)} ms\n`,
    );
    // Others on this machine make calls as well.
    expect(took.length).toBeGreaterThanOrEqual(CALLS);
    expect(late).toBeLessThan(MOST_LATE);
  },
  CALLS * 400 + 60_000,
);
