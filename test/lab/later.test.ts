/** A kernel of a later line, whose modules are compressed and whose structures differ. */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Attempt } from '#contract/attempt.ts';
import type { Event } from '#contract/event.ts';
import { attemptsOf, eventsOf, infoOf } from '../native/modtrail.ts';
import { expected, pairs, recorded, saidIn } from '../native/said.ts';
import { inGuest, type Outcome } from './guest.ts';

let outcome: Outcome;
let events: Event[] = [];
let attempts: Attempt[] = [];

beforeAll(async () => {
  outcome = await inGuest('6.12', 'later.sh');
  events = eventsOf(outcome.capture);
  attempts = attemptsOf(outcome.capture);
});

afterAll(() => {
  rmSync(dirname(outcome.out), { recursive: true, force: true });
});

test.each(['odd', 'compat', 'threads'])('%s: every call once, exactly', (way) => {
  const [calls, told] = pairs(events, saidIn(outcome.out, way));
  expect(calls.map(recorded)).toEqual(told.map(expected));
});

test('every hook that this kernel needs is attached, and nothing is lost', () => {
  const info = infoOf(outcome.capture);
  expect(info.kernel.release).toMatch(/^6\.12\./);
  expect(info.hooks.filter((hook) => hook.state === 'unavailable')).toEqual([]);
  expect(info.losses).toEqual({ intervals: 0, lost: 0 });
});

test('verdicts', () => {
  const own = attempts.filter((attempt) => attempt.process?.exe === '/bin/kmod');
  const told = own.map((attempt) => `${attempt.module?.name ?? '?'} ${attempt.verdict} ${attempt.errno ?? ''}`.trim());
  expect(told).toEqual([
    'mt_params unloaded',
    'mt_params rejected EEXIST',
    'mt_initfail init-failed ENODEV',
    'dummy unloaded',
    'llc live',
    'stp live',
    'bridge live',
    'mt_params removed',
    'dummy removed',
  ]);
});

test('a compressed module that modprobe unpacks itself comes from memory: no path is made up', () => {
  const dummy = attempts.find((attempt) => attempt.module?.name === 'dummy' && attempt.operation === 'load');
  expect(dummy?.kind).toBe('init_module');
  expect(dummy?.file).toBeUndefined();
  const length = dummy?.args.find((argument) => argument.name === 'len')?.value;
  expect(dummy?.image?.size).toBe(length);
});

test('what the kernel asked for itself names who made it ask', () => {
  const bridge = attempts.find((attempt) => attempt.module?.name === 'bridge');
  expect(bridge?.stages[0]).toMatchObject({ stage: 'requested', state: 'done' });
  expect(bridge?.stages[0]?.detail).toMatch(/rtnl-link-bridge on behalf of ip/);
});
