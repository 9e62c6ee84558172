/** The same on every line of kernels: calls, hooks, verdicts, requests, and parameters that change while they are read. */
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Attempt } from '#contract/attempt.ts';
import type { Argument, Event } from '#contract/event.ts';
import { attemptsOf, eventsOf, infoOf } from '../native/modtrail.ts';
import { expected, pairs, recorded, saidIn } from '../native/said.ts';
import { inGuest, type Outcome } from './guest.ts';
import { linesIn } from './labels.ts';
import { linesOf } from './lines.ts';

describe.each(linesOf('5.10', '6.12', '7.3'))('$line', ({ line, compressed }) => {
  let outcome: Outcome;
  let events: Event[] = [];
  let attempts: Attempt[] = [];

  beforeAll(async () => {
    outcome = await inGuest(line, 'kernel.sh');
    events = eventsOf(outcome.capture);
    attempts = attemptsOf(outcome.capture);
  });

  afterAll(() => {
    rmSync(dirname(outcome.out), { recursive: true, force: true });
  });

  test.each(['odd', 'compat', 'changing', 'threads'])('%s: every call once, exactly', (way) => {
    const [calls, told] = pairs(events, saidIn(outcome.out, way));
    expect(calls.map(recorded)).toEqual(told.map(expected));
  });

  // Of these kernels only that one lets such a program be preempted.
  if (line === '7.3') {
    test('a tracepoint whose program was skipped hides no call', () => {
      const capture = join(outcome.out, 'raw.modtrail');
      const [calls, told] = pairs(eventsOf(capture), saidIn(outcome.out, 'threads'));
      expect(calls.map(recorded)).toEqual(told.map(expected));
      const { hooks, losses } = infoOf(capture);
      expect(losses).toMatchObject({ intervals: 0, lost: 0 });
      expect(hooks.find((hook) => hook.target === 'sys_enter')?.state).toBe('attached');
    });
  }

  test('every hook that this kernel needs is attached, and nothing is lost', () => {
    const info = infoOf(outcome.capture);
    expect(info.kernel.release?.startsWith(`${line}.`)).toBe(true);
    expect(info.hooks.filter((hook) => hook.state === 'unavailable')).toEqual([]);
    expect(info.losses).toMatchObject({ intervals: 0, lost: 0 });
  });

  test('verdicts', () => {
    const own = attempts.filter((attempt) => attempt.process?.exe === '/bin/kmod');
    const told = own.map((attempt) =>
      `${attempt.module?.name ?? '?'} ${attempt.verdict} ${attempt.errno ?? ''}`.trim(),
    );
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

  test('a module that modprobe unpacks itself comes from memory: no path is made up', () => {
    const dummy = attempts.find((attempt) => attempt.module?.name === 'dummy' && attempt.operation === 'load');
    expect(dummy?.kind).toBe(compressed ? 'init_module' : 'finit_module');
    expect(dummy?.file === undefined).toBe(compressed);
    const length = dummy?.args.find((argument) => argument.name === 'len')?.value;
    expect(dummy?.image?.size).toBe(compressed ? length : dummy?.file?.size);
  });

  test('what the kernel asked for itself names who made it ask', () => {
    const bridge = attempts.find((attempt) => attempt.module?.name === 'bridge');
    expect(bridge?.stages[0]).toMatchObject({ stage: 'requested', state: 'done' });
    expect(bridge?.stages[0]?.detail).toMatch(/rtnl-link-bridge on behalf of ip/);
  });

  test('parameters that change all the time: what the kernel used is what it kept, and every difference is said', () => {
    const kept = linesIn<{ kept: number }>(join(outcome.out, 'flipping.jsonl')).map((run) => run.kept);
    const loads = attempts.filter((attempt) => attempt.process?.comm === 'loader' && attempt.operation === 'load');
    const texts = loads.map((load) => textOf(load));
    expect(kept.length).toBe(20);
    expect(texts.map((text) => text?.atKernel?.text)).toEqual(kept.map((value) => `who=racer count=${String(value)}`));
    const differs = texts.map((text) => new Set(readings(text)).size > 1);
    expect(differs.filter(Boolean).length).toBeGreaterThan(0);
    expect(loads.map((load) => load.contradictions.some(({ code }) => code === 'parameters-changed'))).toEqual(differs);
    for (const [index, load] of loads.entries()) {
      const words = load.contradictions.map(({ text }) => text).join();
      for (const value of new Set(differs[index] ? readings(texts[index]) : [])) expect(words).toContain(value);
    }
  });
});

function textOf(attempt: Attempt): Argument | undefined {
  return attempt.args.find((argument) => argument.name === 'param_values');
}

/** What was read of a text at different times, as far as it could be read. */
function readings(text: Argument | undefined): string[] {
  return [text?.value, text?.atKernel?.text, text?.atReturn?.text].filter((one) => typeof one === 'string');
}
