/**
 * Every call to the three system calls is in the capture, once, with exactly what the caller passed and got back.
 * One guest, two recorders at the same time: by the calls' own tracepoints, and by those of all calls.
 */
import { readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '#contract/event.ts';
import { inGuest, type Outcome } from './guest.ts';
import { lineOf } from './lines.ts';
import { attemptsOf, eventsOf, infoOf } from '../native/modtrail.ts';
import { callsOf, expected, pairs, recorded, saidIn } from '../native/said.ts';

/** Files that the script leaves, one for each way of calling. `deep` and `late` have tests of their own as well. */
const WAYS = [
  ...['odd', 'compat', 'once', 'once-long', 'named', 'vfork', 'orphan', 'chain', 'deep', 'changing', 'threads'],
  ...['user', 'set-uid', 'overlay'],
];

let outcome: Outcome;
const captures: Record<string, Event[]> = {};

beforeAll(async () => {
  outcome = await inGuest(lineOf('6.1'), 'calls.sh');
  captures['tracepoint'] = eventsOf(outcome.capture);
  captures['raw'] = eventsOf(join(outcome.out, 'raw.modtrail'));
});

afterAll(() => {
  rmSync(dirname(outcome.out), { recursive: true, force: true });
});

describe.each(['tracepoint', 'raw'])('recorded by %s', (recorder) => {
  const events = (): Event[] => captures[recorder] ?? [];

  test.each(WAYS)('%s: every call once, exactly', (way) => {
    const said = saidIn(outcome.out, way);
    expect(said.length).toBeGreaterThan(0);
    const [calls, told] = pairs(events(), said);
    expect(calls.map(recorded)).toEqual(told.map(expected));
  });

  test('call ids and sequence numbers are dense and unique', () => {
    const ids = events()
      .filter((event) => event.args !== undefined)
      .map((event) => event.callId ?? -1)
      .sort((a, b) => a - b);
    expect(new Set(ids).size).toBe(ids.length);
    expect(events().map((event) => event.seq)).toEqual(events().map((_, index) => index + 1));
  });

  test('arguments of the program: exact, and cut where they are long', () => {
    const [short] = callsOf(events(), saidIn(outcome.out, 'once'));
    expect(short?.process?.argv).toEqual(['/with/caller', 'once', 'two words', '', 'line\nbreak']);
    expect(short?.process?.argvState).toBe('whole');
    const [long] = callsOf(events(), saidIn(outcome.out, 'once-long'));
    const words = ['/with/caller', 'once', ...Array.from({ length: 3000 }, (_, index) => String(index + 1))];
    expect(long?.process?.argvState).toBe('cut');
    expect(words.join('\0').startsWith((long?.process?.argv ?? []).join('\0'))).toBe(true);
    expect((long?.process?.argv ?? []).join('\0').length).toBeGreaterThan(4090);
  });

  test('a text that only the kernel could bring in is what the kernel read', () => {
    const [call] = callsOf(events(), saidIn(outcome.out, 'late'));
    const text = call?.args?.find((argument) => argument.name === 'param_values');
    expect(text).toMatchObject({ value: 'who=late count=7', state: 'whole', readAt: 'kernel' });
    expect(call?.returnValue).toBe(0);
  });

  test('a path that is too long is cut, and says so', () => {
    const [call] = callsOf(events(), saidIn(outcome.out, 'deep-cut'));
    expect(call?.file?.pathState).toBe('cut');
    expect(call?.file?.path).toMatch(/^level-0\d\d.*\/level-079-.*\/leaf\.ko$/);
    expect((call?.file?.path ?? '').length).toBeGreaterThan(4000);
  });

  test('another user, a namespace, a mount on a mount', () => {
    const [user] = callsOf(events(), saidIn(outcome.out, 'user'));
    expect(user?.process).toMatchObject({ uid: 1000, euid: 1000, exe: '/with/caller' });
    expect(user?.errno).toBe('EPERM');
    const [setUid] = callsOf(events(), saidIn(outcome.out, 'set-uid'));
    expect(setUid?.process).toMatchObject({ uid: 1000, euid: 0, exe: '/tmp/set-uid' });
    const inside = saidIn(outcome.out, 'namespaces')[0];
    const outside = events().find(
      (event) => event.process?.namespaces?.pidInside === 1 && event.process.argv?.[0] === '/with/caller',
    );
    expect(inside?.pid).toBe(1);
    expect(outside?.process?.namespaces?.pid).not.toBe(user?.process?.namespaces?.pid);
    expect(outside?.process?.ancestors.at(-1)?.pid).toBe(1);
    const [overlay] = callsOf(events(), saidIn(outcome.out, 'overlay'));
    expect(overlay?.file).toMatchObject({ path: '/tmp/bound/mt_base.ko', fs: 'overlay', links: 1 });
    const relative = events().find((event) => event.file?.path === '/tmp/merged/mt_base.ko');
    expect(relative).toMatchObject({ kind: 'finit_module', errno: 'EEXIST' });
  });

  test('nothing was lost while it was not flooded', () => {
    const said = saidIn(outcome.out, ...WAYS, 'deep-cut', 'late', 'namespaces');
    const made = events().filter((event) => event.process?.exe === '/with/caller' && event.kind !== 'module_load');
    expect(made.length).toBeGreaterThanOrEqual(said.length - 1);
    if (recorder === 'raw') expect(infoOf(join(outcome.out, 'raw.modtrail')).losses.lost).toBe(0);
  });
});

test('a flood: what was made is what was recorded and what was lost', () => {
  const { made } = JSON.parse(readFileSync(join(outcome.out, 'flood.json'), 'utf8')) as { made: number };
  const small = join(outcome.out, 'flood.modtrail');
  const { losses, eventsByKind } = infoOf(small);
  const calls = eventsOf(small).filter((event) => event.kind === 'finit_module');
  expect(made).toBe(20_000);
  expect(Number(losses.lost)).toBeGreaterThan(0);
  const lost = eventsOf(small)
    .filter((event) => event.kind === 'loss' && event.lossSource === 'ring-call')
    .reduce((sum, event) => sum + (event.lost ?? 0), 0);
  expect((eventsByKind.finit_module ?? 0) + lost).toBe(made);
  expect(calls.every((event) => event.returnValue !== undefined)).toBe(true);
});

test('attempts: a load is live only where the kernel says so', () => {
  const late = attemptsOf(outcome.capture).find((attempt) => attempt.file?.path === '/with/modules/mt_params.ko');
  expect(late).toMatchObject({ verdict: 'live', module: { name: 'mt_params', nameFrom: 'kernel' } });
});
