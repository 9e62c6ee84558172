/** Disks that fill, limits, files and folders that go away: the recorder ends in order, and says why. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram } from '../lab/boot/program.ts';
import { run } from '../lab/boot/run.ts';
import { ROOT } from '../../scripts/places.ts';
import { Calling } from './calling.ts';
import { Recorder, recorderEnds, whyNotHere, type Ended, type RunOptions } from './collector.ts';
import { Listener } from './listener.ts';
import { expectRefusal } from './refusal.ts';
import { fill, mountDisk, type DiskKind } from './disk.ts';
import { infoOf } from './modtrail.ts';
import { callsIn, journalOf, lossesIn, stopOf, textsIn } from './rows.ts';
import { walkSeal } from './walk-seal.ts';

const NOBODY = 65534;
const MIB = 1024 * 1024;
const reason = whyNotHere();

let work = '';
let caller = '';
const mounts: string[] = [];

/** A small filesystem of its own, or undefined where this machine cannot mount one. */
function mountSmall(kind: DiskKind, bytes: number): string | undefined {
  const folder = mountDisk(kind, join(work, `${kind}-${String(mounts.length)}`), bytes);
  if (folder !== undefined) mounts.push(folder);
  return folder;
}

/** One sentence says why it stopped; the file is finished, whole, and says the same. */
function expectCutShort(end: Ended, capture: string, why: string, words: RegExp): void {
  expect(end.code, end.stderr).toBe(1);
  expect(end.stderr).toMatch(words);
  expect(end.stderr.trim().split('\n').at(-1)).toMatch(/^modtrail-collector: the recording to \S+ ended: /);
  const stop = stopOf(capture);
  expect(stop?.reason).toBe(why);
  expect(stop?.detail).toMatch(words);
  expect(journalOf(capture)).toBe('delete');
  walkSeal(capture);
}

/** Calls at full speed, again and again until the recorder has ended: some of them are lost, nobody knows how many. */
async function floodUntilEnd(recorder: Recorder): Promise<Ended> {
  let end: Ended | undefined;
  void recorder.ended.then((it) => (end = it));
  while (end === undefined) {
    run(caller, ['flood', '2', '5000']);
    await sleep(50);
  }
  return end;
}

/** Every call that came back before the end has its row. */
function expectAllUntil(calls: Calling, capture: string): void {
  const until = (stopOf(capture)?.stopped_boot_ns ?? 0) - 250e6;
  const texts = textsIn(capture);
  const due = calls.said.filter(({ ns }) => ns < until);
  expect(due.filter(({ text }) => !texts.has(text))).toEqual([]);
  expect(due.length).toBeGreaterThan(20);
}

async function started(capture: string, options: RunOptions & { args?: string[] } = {}): Promise<[Recorder, Calling]> {
  const recorder = await new Recorder(['--out', capture, ...(options.args ?? [])], options).ready();
  const calls = new Calling(caller, 3);
  await sleep(700);
  return [recorder, calls];
}

describe.skipIf(reason !== undefined)(`on this kernel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'modtrail-trouble-'));
    chmodSync(work, 0o755);
    caller = buildProgram(join(ROOT, 'test/native/caller.c'), work);
  });

  afterAll(() => {
    for (const folder of mounts) spawnSync('umount', [folder]);
    rmSync(work, { recursive: true, force: true });
  });

  test.each(['tmpfs', 'ext4'] as const)('a disk that another program fills: no row is lost (%s)', async (kind) => {
    const disk = mountSmall(kind, 32 * MIB);
    if (disk === undefined) return;
    const capture = join(disk, 'x.modtrail');
    const [recorder, calls] = await started(capture);
    fill(join(disk, 'other'));
    const end = await recorder.ended;
    await calls.end();
    expectCutShort(end, capture, 'disk-full', /no room/);
    expect(readdirSync(disk).filter((name) => name.startsWith('x.'))).toEqual(['x.modtrail']);
    expect(lossesIn(capture)).toEqual({});
    expectAllUntil(calls, capture);
  });

  test('a disk where no room can be set aside: what did not fit is counted (ext2)', async () => {
    const disk = mountSmall('ext2', 32 * MIB);
    if (disk === undefined) return;
    const capture = join(disk, 'x.modtrail');
    const [recorder, calls] = await started(capture);
    fill(join(disk, 'other'));
    const end = await recorder.ended;
    await calls.end();
    expectCutShort(end, capture, 'disk-full', /full|No space left/);
    const lost = lossesIn(capture)['disk'] ?? 0;
    const due = calls.said.filter(({ ns }) => ns < (stopOf(capture)?.stopped_boot_ns ?? 0) - 250e6);
    expect(callsIn(capture) + lost).toBeGreaterThanOrEqual(due.length);
    expect(lost).toBeLessThan(500);
  });

  test('a disk that the recording itself fills', async () => {
    const disk = mountSmall('tmpfs', 16 * MIB);
    if (disk === undefined) return;
    const capture = join(disk, 'x.modtrail');
    const listener = await new Listener(join(work, 'full-control')).listen();
    const recorder = await new Recorder(['--out', capture, '--control', listener.path]).ready();
    const end = await floodUntilEnd(recorder);
    expect(await listener.hears('stopped')).toMatch(/^stopped reason=disk-full detail=\S+ /);
    listener.close();
    expectCutShort(end, capture, 'disk-full', /no room/);
    expect(callsIn(capture)).toBeGreaterThan(2000);
  });

  test('a disk that is full from the beginning: one sentence, no file', async () => {
    const disk = mountSmall('tmpfs', 64 * 1024);
    if (disk === undefined) return;
    expectRefusal(await recorderEnds(['--out', join(disk, 'x.modtrail')]), /cannot be written: .*full/);
    expect(readdirSync(disk)).toEqual([]);
  });

  test('a limit on the size of files, known at the beginning', async () => {
    const capture = join(work, 'limit.modtrail');
    const through = ['prlimit', `--fsize=${String(3 * MIB)}`];
    const recorder = await new Recorder(['--out', capture], { through }).ready();
    expectCutShort(await floodUntilEnd(recorder), capture, 'file-limit', /no larger file/);
    expect(statSync(capture).size).toBeLessThanOrEqual(3 * MIB);
    expect(statSync(capture).size).toBeGreaterThan(1.5 * MIB);
  });

  test('a limit that comes later: rows that were lost with it are counted', async () => {
    const capture = join(work, 'late-limit.modtrail');
    const recorder = await new Recorder(['--out', capture]).ready();
    run(caller, ['flood', '1', '1500']);
    run('prlimit', ['--pid', String(recorder.process.pid), `--fsize=${String(1.2 * MIB)}`]);
    expectCutShort(await floodUntilEnd(recorder), capture, 'file-limit', /File too large/);
    expect(statSync(capture).size).toBeLessThanOrEqual(1.2 * MIB);
    const losses = lossesIn(capture);
    expect(losses['disk']).toBeGreaterThan(0);
    // Each of them may be a call, and what is told of the calls says so.
    expect(Number(infoOf(capture).calls.unsure)).toBe(losses['disk']);
    expect(callsIn(capture)).toBeGreaterThan(0);
  });

  test('--max-size stops before the file is larger', async () => {
    const capture = join(work, 'max.modtrail');
    const recorder = await new Recorder(['--out', capture, '--max-size', String(4 * MIB)]).ready();
    const end = await floodUntilEnd(recorder);
    expect(end.code, end.stderr).toBe(0);
    expect(stopOf(capture)).toMatchObject({ reason: 'size-limit', detail: null });
    expect(statSync(capture).size).toBeLessThanOrEqual(4 * MIB);
    // Room for the end is kept, and no more than that.
    expect(statSync(capture).size).toBeGreaterThan(2 * MIB);
    walkSeal(capture);
  });

  test('the file is deleted', async () => {
    const capture = join(work, 'deleted.modtrail');
    const listener = await new Listener(join(work, 'gone-control')).listen();
    const [recorder, calls] = await started(capture, { args: ['--control', listener.path] });
    rmSync(capture);
    const end = await recorder.ended;
    await calls.end();
    expect(end.code).toBe(1);
    expect(end.stderr).toMatch(/ended: \S+deleted\.modtrail was deleted$/m);
    expect(await listener.hears('stopped')).toMatch(/^stopped reason=file-gone /);
    listener.close();
  });

  test.each([
    ['letters', 'd'],
    ['blanks, which the control line writes as three', ' '],
  ])('a file with a very long path of %s is deleted: the reason is still said', async (_, letter) => {
    const folder = join(work, ...Array.from({ length: 9 }, () => `d${letter.repeat(200)}d`));
    mkdirSync(folder, { recursive: true });
    const capture = join(folder, 'x.modtrail');
    const listener = await new Listener(join(work, `long-control-${String(letter.charCodeAt(0))}`)).listen();
    const [recorder, calls] = await started(capture, { args: ['--control', listener.path] });
    rmSync(capture);
    const end = await recorder.ended;
    await calls.end();
    expect(end.code).toBe(1);
    expect(end.stderr.trim().split('\n').at(-1)).toBe(
      `modtrail-collector: the recording to ${capture} ended: ${capture} was deleted`,
    );
    expect(await listener.hears('stopped')).toMatch(/^stopped reason=file-gone detail=the%20recording/);
    listener.close();
  });

  test('its folder is deleted', async () => {
    const folder = join(work, 'vanishing');
    mkdirSync(folder);
    const [recorder, calls] = await started(join(folder, 'x.modtrail'));
    rmSync(folder, { recursive: true });
    const end = await recorder.ended;
    await calls.end();
    expect(end.code).toBe(1);
    expect(end.stderr).toMatch(/was deleted$/m);
    expect(existsSync(folder)).toBe(false);
  });

  test('the file is renamed: it is finished under its new name', async () => {
    const capture = join(work, 'renamed.modtrail');
    const [recorder, calls] = await started(capture);
    renameSync(capture, join(work, 'other-name.modtrail'));
    const end = await recorder.ended;
    await calls.end();
    expectCutShort(end, join(work, 'other-name.modtrail'), 'file-gone', /moved or renamed/);
    expectAllUntil(calls, join(work, 'other-name.modtrail'));
    expect(readdirSync(work).filter((name) => name.startsWith('renamed'))).toEqual([]);
  });

  test('the file is replaced: both are left whole', async () => {
    const capture = join(work, 'replaced.modtrail');
    const [recorder, calls] = await started(capture);
    renameSync(capture, join(work, 'moved-away.modtrail'));
    writeFileSync(capture, 'somebody else');
    const end = await recorder.ended;
    await calls.end();
    expectCutShort(end, join(work, 'moved-away.modtrail'), 'file-gone', /replaced by another file/);
    expectAllUntil(calls, join(work, 'moved-away.modtrail'));
    expect(readFileSync(capture, 'utf8')).toBe('somebody else');
  });

  test('the folder turns read-only', async () => {
    const folder = join(work, 'turning');
    mkdirSync(folder);
    chownSync(folder, NOBODY, NOBODY);
    const capture = join(folder, 'x.modtrail');
    const [recorder, calls] = await started(capture, { args: ['--user', String(NOBODY)] });
    chmodSync(folder, 0o555);
    const end = await recorder.ended;
    await calls.end();
    expectCutShort(end, capture, 'folder-read-only', /Permission denied/);
    expectAllUntil(calls, capture);
  });
});
