/** Failing calls that are repeated: counted where they are identical in everything, recorded where they are not. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '#contract/event.ts';
import { attemptsOf, eventsOf, infoOf } from '../native/modtrail.ts';
import { buildProgram } from './boot/program.ts';
import { inGuest, type Outcome } from './guest.ts';
import { lineOf } from './lines.ts';
import { ROOT } from '../../scripts/places.ts';

interface Told {
  readonly way: string;
  readonly pid: number;
  readonly made: number;
  readonly firstNs: number;
  readonly lastNs: number;
}

const work = mkdtempSync(join(tmpdir(), 'modtrail-repeats-'));
let outcome: Outcome;
let events: Event[] = [];

beforeAll(async () => {
  outcome = await inGuest(lineOf('6.1'), 'repeats.sh', '', {
    with: [buildProgram(join(ROOT, 'test/lab/repeater.c'), work)],
  });
  events = eventsOf(outcome.capture);
});

afterAll(() => {
  rmSync(dirname(outcome.out), { recursive: true, force: true });
  rmSync(work, { recursive: true, force: true });
});

function told(name: string): Told {
  const lines = readFileSync(join(outcome.out, `${name}.json`), 'utf8')
    .trim()
    .split('\n');
  return JSON.parse(lines.at(-1) ?? '') as Told;
}

const callsOf = ({ pid }: Told, all = events): Event[] =>
  all.filter((event) => event.args && event.pid === pid && event.kind !== 'delete_module');
const made = (calls: readonly Event[]): number => calls.reduce((sum, call) => sum + call.repeat, 0);
const nsOf = (call: Event): number => Number(call.ns);

test.each(['same', 'turns4', 'turns6', 'images', 'texts', 'success', 'blocked', 'silent', 'killed'])(
  '%s: the sum is what was made',
  (name) => {
    expect(made(callsOf(told(name)))).toBe(told(name).made);
  },
);

test('nothing is lost', () => {
  expect(infoOf(outcome.capture).losses.lost).toBe(0);
});

describe('identical calls', () => {
  test('the first eight have rows of their own, the others are in rows that say when they began and ended', () => {
    const same = told('same');
    const calls = callsOf(same);
    expect(calls.slice(0, 8).map((call) => call.repeat)).toEqual(Array(8).fill(1));
    expect(calls.length).toBeLessThan(20);
    expect(nsOf(calls[0] as Event)).toBeGreaterThanOrEqual(same.firstNs);
    for (const call of calls.slice(8)) {
      expect(call.args).toEqual(calls[0]?.args);
      expect(call.errno).toBe('EBADF');
      expect(call.process).toEqual(calls[0]?.process);
      if (call.repeat > 1) expect(call.durationNs).toBeUndefined();
    }
    const ends = calls.filter((call) => call.repeat > 1).map((call) => [call.firstTime ?? '', call.lastTime ?? '']);
    for (const [first, last] of ends) expect((first ?? '') <= (last ?? '')).toBe(true);
    for (let i = 1; i < ends.length; i++) expect((ends[i]?.[0] ?? '') > (ends[i - 1]?.[1] ?? '')).toBe(true);
  });

  test('four kinds in turn are counted apart, more than four are recorded', () => {
    const four = callsOf(told('turns4'));
    expect(new Set(four.map((call) => JSON.stringify(call.args))).size).toBe(4);
    expect(four.length).toBeLessThan(80);
    expect(callsOf(told('turns6'))).toHaveLength(300);
  });

  test('one that is silent becomes a row while its thread lives, one that is killed too', () => {
    for (const name of ['silent', 'killed']) {
      const calls = callsOf(told(name));
      expect(calls.length).toBeLessThan(20);
      expect(calls.at(-1)?.repeat).toBeGreaterThan(1);
    }
  });
});

describe('calls that only look alike', () => {
  test('another last byte of the image', () => {
    const calls = callsOf(told('images'));
    expect(calls).toHaveLength(12);
    expect(new Set(calls.map((call) => call.image?.sha256)).size).toBe(12);
  });

  test('another last letter of the text: two kinds', () => {
    const texts = callsOf(told('texts')).map((call) => call.args?.find((one) => one.name === 'param_values')?.value);
    expect(new Set(texts).size).toBe(2);
  });

  test('a load after them is recorded whole', () => {
    const loads = attemptsOf(outcome.capture).filter(
      (attempt) => attempt.operation === 'load' && attempt.process?.pid === told('success').pid,
    );
    const live = loads.filter((attempt) => attempt.verdict === 'unloaded');
    expect(live).toHaveLength(3);
    for (const load of live) expect(load.image).toMatchObject({ complete: true });
  });

  test('one that does not return: a row long before it does, and its own result', () => {
    const calls = callsOf(told('blocked'));
    const last = calls.toSorted((a, b) => nsOf(a) - nsOf(b)).at(-1);
    expect(last).toMatchObject({ repeat: 1, errno: 'ENOEXEC' });
    expect(Number(last?.durationNs)).toBeGreaterThan(1_400_000_000);
    const early = callsOf(told('blocked'), eventsOf(join(outcome.out, 'blocked.modtrail'))).find(
      (call) => call.pending,
    );
    expect(early).toMatchObject({ kind: 'init_module', repeat: 1, callId: last?.callId });
  });
});
