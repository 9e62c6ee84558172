/**
 * The collector built with the address, undefined and leak sanitizers, over calls of many kinds, loads, removals and races.
 * Whatever they find fails the run: test/lab/boot/guest.ts. The whole lab runs so with
 * MODTRAIL_COLLECTOR=dist/collector/modtrail-collector-dev.
 */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from '../../scripts/places.ts';
import { infoOf } from '../native/modtrail.ts';
import { run } from './boot/run.ts';
import { inGuest, type Outcome } from './guest.ts';

let outcome: Outcome;

beforeAll(async () => {
  run('make', ['-s', '-C', join(ROOT, 'native'), 'dev']);
  const collector = join(ROOT, 'dist/collector/modtrail-collector-dev');
  outcome = await inGuest('6.1', 'kernel.sh', '', { collector, timeoutMs: 500_000 });
});

afterAll(() => {
  rmSync(dirname(outcome.out), { recursive: true, force: true });
});

test('nothing is found, and all that is recorded is finished', () => {
  const info = infoOf(outcome.capture);
  expect(info.completeness).toBe('finished');
  expect(info.eventsByKind.finit_module).toBeGreaterThan(100);
});
