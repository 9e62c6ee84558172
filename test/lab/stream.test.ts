/** A guest streams its capture over a serial line: what arrives here is what a recorder beside it wrote there. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Event } from '#contract/event.ts';
import { recorderEnds, type Ended } from '../native/collector.ts';
import { Listener } from '../native/listener.ts';
import { attemptsOf, eventsOf, imagesOf, infoOf, verdictOn } from '../native/modtrail.ts';
import { inGuest, STREAMING, type Outcome } from './guest.ts';

let work = '';
let outcome: Outcome;
let ended: Ended;
let capture = '';
/** What the receiver told of itself, one after the other. */
const statuses: Record<string, number>[] = [];

/** Receives until the failing load has been seen, then asks the guest's recorder to stop. */
async function receive(line: string): Promise<Ended> {
  while (!existsSync(line)) await pause(50);
  const listener = await new Listener(join(work, 'control')).listen();
  const receiver = recorderEnds(['--from', line, '--out', capture, '--control', listener.path]);
  let over = false;
  void receiver.finally(() => (over = true));
  const seen = (): boolean => attemptsOf(capture).some(({ module }) => module?.name === 'mt_initfail');
  const heard = (): boolean => listener.lines.some((text) => text.startsWith('hello'));
  while (!over && !(heard() && seen())) await pause(250);
  // What the scenario calls after it is small.
  await pause(3000);
  listener.say('stop\n');
  const end = await receiver;
  statuses.push(...listener.lines.filter((text) => text.startsWith('status ')).map((text) => Listener.numbers(text)));
  listener.close();
  return end;
}

beforeAll(async () => {
  work = mkdtempSync(join(tmpdir(), 'modtrail-lab-stream-'));
  capture = join(work, 'streamed.modtrail');
  const line = join(work, 'line');
  [outcome, ended] = await Promise.all([inGuest('6.1', 'stream.sh', '', { line, with: [STREAMING] }), receive(line)]);
});

afterAll(() => {
  rmSync(dirname(outcome.out), { recursive: true, force: true });
  rmSync(work, { recursive: true, force: true });
});

/** What tells a call from another, whoever recorded it. */
const callsOf = (events: readonly Event[]): unknown[] =>
  events
    .filter(({ kind }) => kind === 'finit_module' || kind === 'init_module' || kind === 'delete_module')
    .map(({ kind, pid, args, errno, returnValue, image, repeat }) => ({
      ...{ kind, pid, errno, returnValue, repeat, sha256: image?.sha256 },
      args: args?.map(({ name, value }) => [name, value]),
    }));

test('the recorder and the receiver end in order, and the seal made there holds here', () => {
  expect(readFileSync(join(outcome.out, 'status'), 'utf8').trim()).toBe('0');
  expect(ended).toMatchObject({ code: 0 });
  expect(verdictOn(capture).state).toBe('holds');
  expect(infoOf(capture)).toMatchObject({ completeness: 'finished', stopReason: 'request', losses: { lost: 0 } });
  expect(infoOf(capture).host).toBe(infoOf(outcome.capture).host);
});

test('every call is there as the recorder beside it has it, with the same bytes', () => {
  expect(callsOf(eventsOf(capture))).toEqual(callsOf(eventsOf(outcome.capture)));
  const hashes = (path: string): unknown[] => imagesOf(path).map(({ sha256, size }) => [sha256, size]);
  expect(hashes(capture)).toEqual(hashes(outcome.capture));
  expect(attemptsOf(capture).map(({ verdict }) => verdict)).toEqual(
    attemptsOf(outcome.capture).map(({ verdict }) => verdict),
  );
});

test('the receiver counts what comes, and says since when it has heard nothing', () => {
  expect(statuses.length).toBeGreaterThan(3);
  expect(statuses.at(-1)).toMatchObject({ lost: 0, images: 6 });
  expect(statuses.every(({ silent = NaN }) => silent >= 0)).toBe(true);
});
