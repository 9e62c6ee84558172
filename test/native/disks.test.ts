/** Disks that cannot say beforehand whether they have room, and disks that fail: the recorder ends, and the file is whole. */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram } from '../lab/boot/program.ts';
import { run } from '../lab/boot/run.ts';
import { ROOT } from '../../scripts/places.ts';
import { Calling } from './calling.ts';
import { Recorder, whyNotHere } from './collector.ts';
import { fill, mountDisk, remount } from './disk.ts';
import { verdictOn } from './modtrail.ts';
import { callsIn, lossesIn, stopOf, textsIn } from './rows.ts';

const MIB = 1024 * 1024;
const reason = whyNotHere();

let work = '';
let caller = '';
const mounts: string[] = [];

/** Resolves when that many calls have been made. */
async function madeCalls(calls: Calling, count: number): Promise<void> {
  while (calls.said.length < count) await sleep(20);
}

describe.skipIf(reason !== undefined)(`on this kernel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'modtrail-disks-'));
    chmodSync(work, 0o755);
    caller = buildProgram(join(ROOT, 'test/native/caller.c'), work);
  });

  afterAll(() => {
    for (const folder of mounts) spawnSync('umount', [folder]);
    rmSync(work, { recursive: true, force: true });
  });

  test('a disk that writes what changes elsewhere, and has no room for it (btrfs)', async () => {
    const disk = mountDisk('btrfs', join(work, 'btrfs'), 160 * MIB);
    if (disk === undefined) return;
    mounts.push(disk);
    const capture = join(disk, 'x.modtrail');
    const recorder = await new Recorder(['--out', capture]).ready();
    const calls = new Calling(caller, 3);
    await madeCalls(calls, 100);
    fill(join(disk, 'other'));
    const end = await recorder.ended;
    await calls.end();
    // Whether such a disk takes the last rows is its own affair; that nothing before them is lost unsaid is not.
    expect([1, 2], end.stderr).toContain(end.code);
    expect(end.stderr).toMatch(/ ended: .*(no room|full)/);
    const verdict = verdictOn(capture).state;
    expect(verdict).toBe(end.code === 1 ? 'holds' : 'unfinished');
    // SQLite itself needs room beside a file that was not finished.
    const copy = join(work, 'elsewhere');
    cpSync(disk, copy, { recursive: true, filter: (path) => path === disk || basename(path).startsWith('x.modtrail') });
    const elsewhere = join(copy, 'x.modtrail');
    const stop = stopOf(elsewhere);
    expect(stop?.reason).toBe(end.code === 1 ? 'disk-full' : undefined);
    const due = calls.said.filter(({ ns }) => ns < (stop?.stopped_boot_ns ?? 0) - 250e6);
    expect(callsIn(elsewhere) + (lossesIn(elsewhere)['disk'] ?? 0)).toBeGreaterThanOrEqual(due.length);
  });

  test('a disk that turns read-only by an error of its own: what was committed is whole', async () => {
    const disk = mountDisk('ext4', join(work, 'ext4'), 32 * MIB, 'errors=remount-ro');
    if (disk === undefined) return;
    mounts.push(disk);
    const device = basename(run('findmnt', ['-no', 'SOURCE', disk]).trim());
    const trigger = `/sys/fs/ext4/${device}/trigger_fs_error`;
    if (!existsSync(trigger)) return;
    const recorder = await new Recorder(['--out', join(disk, 'x.modtrail')]).ready();
    const calls = new Calling(caller, 3);
    await madeCalls(calls, 200);
    // What was made so long ago is on the disk.
    const due = calls.said.slice(0, -1).map(({ text }) => text);
    await sleep(500);
    writeFileSync(trigger, 'an error\n');
    const end = await recorder.ended;
    await calls.end();
    expect(end.code, end.stderr).not.toBe(0);
    expect(end.stderr).toMatch(/the recording to \S+ ended: .*(error|read-only)/i);
    run('umount', [disk]);
    expect(remount(`${disk}.img`, disk)).toBe(disk);
    const copy = join(work, 'after');
    cpSync(disk, copy, { recursive: true, filter: (path) => !path.includes('lost+found') });
    const capture = join(copy, 'x.modtrail');
    expect(['unfinished', 'holds']).toContain(verdictOn(capture).state);
    const texts = textsIn(capture);
    expect(due.filter((text) => !texts.has(text))).toEqual([]);
  });
});
