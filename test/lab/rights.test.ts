/** A recorder that belongs to a user on kernels that ask different rights of it; and clocks that are set under it. */
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '#contract/event.ts';
import { eventsOf, infoOf } from '../native/modtrail.ts';
import { inGuest, type Outcome } from './guest.ts';

const DAY = 86_400;
const NONE = '0'.repeat(16);
const ONLY_BPF = '0000008000000000';

/** Before 5.19 a kernel asks CAP_BPF of whoever uses a BPF program, also one that it holds. */
const LINES = [
  ['5.10', ONLY_BPF],
  ['6.1', NONE],
] as const;

const seconds = (event: Event): number => Date.parse(event.time) / 1000;

describe.each(LINES)('%s', (line, capabilities) => {
  let outcome: Outcome;

  beforeAll(async () => {
    outcome = await inGuest(line, 'rights.sh');
  });

  afterAll(() => {
    rmSync(dirname(outcome.out), { recursive: true, force: true });
  });

  const left = (name: string): string => readFileSync(join(outcome.out, name), 'utf8');

  test.each([
    ['own', '1000'],
    ['root', '0'],
  ])('what the one of %s may still do', (whose, uid) => {
    const status = left(`${whose}-status`);
    const field = (name: string): string | undefined =>
      new RegExp(`^${name}:[ \\t]*(.*?)[ \\t]*$`, 'm').exec(status)?.[1];
    expect(field('Uid')).toBe([uid, uid, uid, uid].join('\t'));
    expect(field('Groups')).toBe('');
    expect(field('NoNewPrivs')).toBe('1');
    expect(field('Seccomp')).toBe('2');
    for (const set of ['CapInh', 'CapBnd', 'CapAmb']) expect(field(set)).toBe(NONE);
    for (const set of ['CapPrm', 'CapEff']) expect(field(set)).toBe(capabilities);
  });

  test('which calls it may still make', () => {
    const outcomes = (way: string): string[][] =>
      left(`confined-${way}`)
        .trim()
        .split('\n')
        .map((text) => text.split(' '));
    expect(outcomes('needed').filter(([, outcome]) => outcome !== 'ok')).toEqual([]);
    expect(outcomes('others').filter(([, outcome]) => outcome !== 'EPERM')).toEqual([]);
    // 128 + SIGSYS: these kernels know 32-bit calls.
    expect(left('confined-compat')).toBe('159\n');
    const [[, confined] = [], ...files] = outcomes('folder');
    expect(confined).toBe(line === '5.10' ? 'ENOSYS' : 'ok');
    if (confined !== 'ok') return;
    const expected = files.map(([name]) => [name, name?.endsWith('!') ? 'EACCES' : 'ok']);
    expect(files).toEqual(expected);
  });

  test('with that it sees every view of the modules, as root would', () => {
    const events = eventsOf(join(outcome.out, 'own.modtrail'));
    const snapshots = events.flatMap((event) => event.snapshot ?? []);
    expect(snapshots.map((snapshot) => snapshot.reason)).toEqual(expect.arrayContaining(['start', 'interval', 'stop']));
    const whole = snapshots.flatMap(({ views }) =>
      views.filter(({ state }) => state === 'whole').map(({ view }) => view),
    );
    expect(new Set(whole)).toEqual(
      new Set(['proc_modules', 'sysfs', 'kallsyms', 'kernel_list', 'kernel_kset', 'kernel_tree']),
    );
    expect(snapshots.flatMap(({ views }) => views.filter(({ state }) => state === 'unavailable'))).toEqual([]);
  });

  test("the capture is the user's", () => {
    expect(left('own-files')).toMatch(/^-rw------- +1 1000 +1000 .* own\.modtrail$/m);
    expect(left('own-exit')).toBe('0\n');
    expect(infoOf(join(outcome.out, 'own.modtrail'))).toMatchObject({ completeness: 'finished', losses: { lost: 0 } });
  });

  test.each(['own', 'lab'])('%s: a call is dated by the clock that held when it was made', (which) => {
    const events = eventsOf(which === 'lab' ? outcome.capture : join(outcome.out, 'own.modtrail'));
    const said = left('calls')
      .trim()
      .split('\n')
      .map((text) => text.split(' '));
    expect(said).toHaveLength(6);
    for (const [name, before, after] of said) {
      const [call] = events.filter((event) => event.args?.some((argument) => argument.value === name));
      if (!call) throw new Error(`${String(name)} is not recorded`);
      expect(seconds(call)).toBeGreaterThanOrEqual(Number(before));
      expect(seconds(call)).toBeLessThan(Number(after) + 1);
    }
  });

  test('both clocks are there around each step', () => {
    const samples = eventsOf(outcome.capture).flatMap(({ clock, ns }) =>
      clock ? [{ wall: Date.parse(clock.wall) / 1000, boot: Number(ns) / 1e9 }] : [],
    );
    const steps = samples.slice(1).map((sample, index) => {
      const before = samples[index] ?? sample;
      return {
        days: (sample.wall - before.wall - (sample.boot - before.boot)) / DAY,
        since: sample.boot - before.boot,
      };
    });
    const large = steps.filter(({ days }) => Math.abs(days) > 0.5);
    expect(large.map(({ days }) => Math.round(days))).toEqual([1, -2, 1]);
    for (const { since } of large) expect(since).toBeLessThan(15);
  });
});
