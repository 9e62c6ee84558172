/**
 * A module that takes the kernel with it: what is on the disk afterwards opens, and holds the call that never returned.
 * What the guest's memory held and its disk did not is gone for good, so this also measures how soon a call is safe.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Attempt } from '#contract/attempt.ts';
import type { Event } from '#contract/event.ts';
import { attemptsOf, eventsOf, extractFrom, infoOf, verdictOn } from '../native/modtrail.ts';
import { linesOf } from './lines.ts';
import { inGuest, type Outcome } from './guest.ts';

/** [kernel line, milliseconds between init's begin and the panic] */
const PANICS: readonly (readonly [string, number])[] = [
  ['5.10', 250],
  ['6.1', 1000],
  ['6.1', 0],
  ['6.12', 250],
  ['7.3', 250],
];

describe.each(PANICS.filter(([line]) => linesOf('6.1', '7.3').some((one) => one.line === line)))(
  '%s, %i ms into init',
  (line, ms) => {
    let outcome: Outcome;
    let events: Event[] = [];
    let attempts: Attempt[] = [];
    const folder = mkdtempSync(join(tmpdir(), 'modtrail-panic-'));

    beforeAll(async () => {
      const settings = join(folder, 'panic.env');
      writeFileSync(settings, `AFTER_MS=${String(ms)}\n`);
      outcome = await inGuest(line, 'panic.sh', '', { disk: true, unfinished: true, with: [settings] });
      events = eventsOf(outcome.capture);
      attempts = attemptsOf(outcome.capture);
    });

    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
      rmSync(dirname(outcome.out), { recursive: true, force: true });
    });

    test('the guest did panic', () => {
      expect(outcome.console).toMatch(/Kernel panic - not syncing: mt_panic/);
    });

    test('what was committed before is whole', () => {
      expect(infoOf(outcome.capture).stopped).toBeUndefined();
      expect(attempts.find((attempt) => attempt.module?.name === 'mt_params')).toMatchObject({ verdict: 'live' });
      expect(events.map((event) => event.seq)).toEqual(events.map((_, index) => index + 1));
      expect(verdictOn(outcome.capture)).toMatchObject({ state: 'unfinished', signed: 'no' });
    });

    if (ms > 0) {
      test('the call that did not return is there, as pending', () => {
        const call = events.find((event) => event.file?.path === '/with/modules/mt_panic.ko');
        expect(call).toMatchObject({ kind: 'finit_module', pending: true });
        expect(call?.returnValue).toBeUndefined();
        expect(attempts.at(-1)).toMatchObject({ verdict: 'no-return', module: { name: 'mt_panic' } });
      });

      test('its image is there, bit for bit', () => {
        const sha256 = readFileSync(join(outcome.out, 'mt_panic.sha256'), 'utf8').trim();
        expect(attempts.at(-1)?.image).toMatchObject({ sha256, complete: true });
        const saved = join(folder, 'saved.ko');
        extractFrom(outcome.capture, sha256, saved);
        expect(createHash('sha256').update(readFileSync(saved)).digest('hex')).toBe(sha256);
      });
    }
  },
);
