/**
 * The recorder on the kernel that runs the tests, by the tracepoints of all calls. Where that kernel has no module
 * support, every call ends in ENOSYS and is recorded with it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Event } from '#contract/event.ts';
import { buildProgram } from '../lab/boot/program.ts';
import { run } from '../lab/boot/run.ts';
import { ROOT } from '../../scripts/places.ts';
import { Recorder, whyNotHere } from './collector.ts';
import { eventsOf, infoOf } from './modtrail.ts';
import { expected, pairs, recorded, saidIn } from './said.ts';

const reason = whyNotHere();
const modular = spawnSync('test', ['-e', '/proc/modules']).status === 0;
const WAYS = [['odd'], ['once'], ['vfork'], ['chain', '10'], ['changing'], ['threads', '32', '25']] as const;

let work = '';
let capture = '';
let events: Event[] = [];

describe.skipIf(reason !== undefined)(`on this kernel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), 'modtrail-native-'));
    const caller = buildProgram(join(ROOT, 'test/native/caller.c'), work);
    capture = join(work, 'all.modtrail');
    const recorder = await new Recorder(['--out', capture, '--attach', 'raw']).ready();
    for (const words of WAYS) writeFileSync(join(work, `${words[0]}.jsonl`), run(caller, words, { cwd: work }));
    const end = await recorder.stop();
    expect(end).toMatchObject({ code: 0 });
    events = eventsOf(capture);
  });

  afterAll(() => {
    rmSync(work, { recursive: true, force: true });
  });

  test.each(WAYS.map(([name]) => name))('%s: every call once, exactly', (way) => {
    const said = saidIn(work, way);
    const [calls, told] = pairs(events, said);
    expect(calls.map(recorded)).toEqual(told.map(expected));
  });

  test('the capture is finished, one file, for its owner only', () => {
    const info = infoOf(capture);
    expect(info).toMatchObject({ completeness: 'finished', stopReason: 'signal', losses: { lost: 0 } });
    expect(statSync(capture).mode & 0o777).toBe(0o600);
    expect(statSync(`${capture}-wal`, { throwIfNoEntry: false })).toBeUndefined();
    expect(statSync(`${capture}-shm`, { throwIfNoEntry: false })).toBeUndefined();
  });

  test.skipIf(modular)('without module support: ENOSYS, and every hook that is missing says why', () => {
    const calls = events.filter((event) => event.args !== undefined);
    expect(calls.length).toBeGreaterThan(800);
    expect(calls.every((event) => event.errno === 'ENOSYS')).toBe(true);
    const { hooks } = infoOf(capture);
    const missing = hooks.filter((hook) => hook.state === 'unavailable');
    expect(missing.map((hook) => hook.target)).toEqual(
      expect.arrayContaining(['module_load', 'module_free', 'module_request', 'syscalls/sys_enter_finit_module']),
    );
    expect(missing.every((hook) => hook.reason?.includes('built without module support'))).toBe(true);
    expect(hooks.filter((hook) => hook.state === 'attached').map((hook) => hook.target)).toEqual([
      'sched_process_exit',
      'sys_exit',
      'sys_enter',
    ]);
  });
});
