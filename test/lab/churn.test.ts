/**
 * Ordinary modules come and go all the time while all views are read, again and again: none of them is said to hide.
 * MODTRAIL_CHURN=4000 makes it as many as that.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CaptureInfo } from '#contract/capture-info.ts';
import { infoOf } from '../native/modtrail.ts';
import { inGuest, PATIENCE, type Outcome } from './guest.ts';
import { lineOf } from './lines.ts';

const TIMES = Number(process.env['MODTRAIL_CHURN'] ?? 600);

let outcome: Outcome;
let info: CaptureInfo;
const folder = mkdtempSync(join(tmpdir(), 'modtrail-churn-'));

beforeAll(
  async () => {
    const times = join(folder, 'times');
    writeFileSync(times, `${String(TIMES)}\n`);
    outcome = await inGuest(lineOf('6.1'), 'churn.sh', '--scan-interval 0.1', {
      with: [times],
      timeoutMs: 60_000 + TIMES * 500,
    });
    info = infoOf(outcome.capture);
  },
  (120_000 + TIMES * 500) * PATIENCE,
);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  rmSync(dirname(outcome.out), { recursive: true, force: true });
});

test('so many loads and removals, each recorded', () => {
  const said = ['params', 'user'].map((name) => Number(readFileSync(join(outcome.out, `${name}.txt`), 'utf8')));
  expect(said).toEqual([TIMES / 2, TIMES / 2]);
  expect(info.eventsByKind.delete_module).toBe(TIMES);
  expect(info.losses.intervals).toBe(0);
});

test('no module is said to hide, whenever the views are read', () => {
  // Beginning and end, and as many between as an emulated guest finds time for.
  expect(info.eventsByKind.snapshot).toBeGreaterThan(2);
  expect(info.hiddenModules).toEqual([]);
});
