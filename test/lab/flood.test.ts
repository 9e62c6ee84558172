/** Processes that do nothing but fail, as fast as they can: every call is counted, and what matters is recorded whole. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '#contract/event.ts';
import { attemptsOf, eventsOf, infoOf } from '../native/modtrail.ts';
import { inGuest, type Outcome } from './guest.ts';
import { linesIn } from './labels.ts';
import { linesOf } from './lines.ts';

interface Flood {
  readonly way: 'finit' | 'small' | 'large' | 'alternate';
  readonly pid: number;
  readonly uid: number;
  readonly made: number;
}

/** Seconds that each of the three pairs takes; MODTRAIL_FLOOD_SECONDS makes it longer. */
const seconds = (line: string): number => Number(process.env['MODTRAIL_FLOOD_SECONDS'] ?? (line === '6.1' ? 15 : 5));

const LARGEST = 50_000_000;

describe.each(linesOf('6.1'))('$line', ({ line }) => {
  let outcome: Outcome;
  let events: Event[] = [];
  let floods: Flood[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'modtrail-flood-'));

  beforeAll(async () => {
    const settings = join(folder, 'flood.env');
    writeFileSync(settings, `SECONDS_EACH=${String(seconds(line))}\n`);
    outcome = await inGuest(line, 'flood.sh', '', {
      disk: true,
      timeoutMs: 180_000 + seconds(line) * 6000,
      with: [settings],
    });
    events = eventsOf(outcome.capture);
    floods = linesIn<Flood>(join(outcome.out, 'flood.jsonl'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(dirname(outcome.out), { recursive: true, force: true });
  });

  test('no call is missing: as many as each process made', () => {
    expect(floods.map(({ way, uid }) => `${way} ${String(uid)}`).sort()).toEqual(
      ['alternate 0', 'finit 0', 'finit 1000', 'large 0', 'small 0', 'small 1000'].sort(),
    );
    const recorded = floods.map(({ pid }) =>
      events
        .filter((event) => event.pid === pid && event.args !== undefined)
        .reduce((sum, event) => sum + event.repeat, 0),
    );
    expect(recorded).toEqual(floods.map(({ made }) => made));
    expect(floods.every(({ made }) => made > 1000)).toBe(true);
  });

  test('nothing was lost, and the capture is small', () => {
    expect(infoOf(outcome.capture).losses).toMatchObject({ intervals: 0, lost: 0 });
    expect(statSync(outcome.capture).size).toBeLessThan(LARGEST);
  });

  test('each failed as it must', () => {
    for (const { pid, uid, way } of floods) {
      const errnos = new Set(events.filter((event) => event.pid === pid && event.args).map((event) => event.errno));
      const as = uid === 0 ? { finit: ['EBADF'], alternate: ['EBADF', 'ENOEXEC'] }[way as string] : ['EPERM'];
      expect([...errnos].sort()).toEqual(as ?? ['ENOEXEC']);
    }
  });

  test('coalesced rows: when the first and the last were, each later than the one before', () => {
    for (const { pid } of floods) {
      let last = 0n;
      for (const event of events.filter((one) => one.pid === pid && one.repeat > 1)) {
        expect(event.returnValue).toBeLessThan(0);
        expect(Date.parse(event.firstTime ?? '')).toBeLessThanOrEqual(Date.parse(event.lastTime ?? ''));
        expect(BigInt(event.ns)).toBeGreaterThan(0n);
        last = BigInt(event.ns) > last ? BigInt(event.ns) : last;
      }
      expect(last).toBeGreaterThan(0n);
    }
  });

  test('a genuine load in the middle is whole: image and every stage', () => {
    const sha256 = readFileSync(join(outcome.out, 'mt_params.sha256'), 'utf8').trim();
    const loads = attemptsOf(outcome.capture).filter(
      (attempt) => attempt.module?.name === 'mt_params' && attempt.operation === 'load',
    );
    expect(loads.length).toBe(3);
    for (const load of loads) {
      expect(load).toMatchObject({ verdict: 'unloaded', image: { sha256, complete: true } });
      expect(load.stages.filter(({ stage }) => stage !== 'requested').map(({ state }) => state)).toEqual(
        Array.from({ length: load.stages.length - 1 }, () => 'done'),
      );
    }
  });
});
