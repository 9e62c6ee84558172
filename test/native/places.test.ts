/** Where the capture is written: never through what somebody planted, and after a folder that moves. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram } from '../lab/boot/program.ts';
import { run } from '../lab/boot/run.ts';
import { ROOT } from '../../scripts/places.ts';
import { Recorder, recorderEnds, whyNotHere } from './collector.ts';
import { expectRefusal } from './refusal.ts';
import { callsIn, journalOf, stopOf } from './rows.ts';
import { walkSeal } from './walk-seal.ts';

const NOBODY = 65534;
const reason = whyNotHere();

let work = '';
let caller = '';

describe.skipIf(reason !== undefined)(`on this kernel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'modtrail-places-'));
    chmodSync(work, 0o755);
    caller = buildProgram(join(ROOT, 'test/native/caller.c'), work);
  });

  afterAll(() => {
    rmSync(work, { recursive: true, force: true });
  });

  test('what lies there is neither followed nor written to', async () => {
    const folder = join(work, 'planted');
    mkdirSync(folder);
    const at = (name: string): string => join(folder, name);
    writeFileSync(at('mine'), 'mine');
    symlinkSync(at('nowhere'), at('dangling'));
    symlinkSync(at('mine'), at('link'));
    linkSync(at('mine'), at('hard'));
    spawnSync('mkfifo', [at('fifo')]);
    mkdirSync(at('folder'));
    const before = readdirSync(folder);
    const passwords = readFileSync('/etc/passwd');
    for (const path of [at('mine'), at('dangling'), at('link'), at('hard'), at('fifo'), '/dev/null', '/etc/passwd']) {
      expectRefusal(await recorderEnds(['--out', path]), /exists already: a capture is never written over a file/);
    }
    expectRefusal(await recorderEnds(['--out', at('folder')]), /exists already|Is a directory/);
    expectRefusal(await recorderEnds(['--out', `${at('folder')}/`]), /Is a directory/);
    expectRefusal(await recorderEnds(['--out', '/']), /Is a directory/);
    expectRefusal(await recorderEnds(['--out', `${folder}/.`]), /Is a directory/);
    expectRefusal(await recorderEnds(['--out', at('n'.repeat(250))]), /File name too long/);
    expect(readdirSync(folder)).toEqual(before);
    expect(readFileSync(at('mine'), 'utf8')).toBe('mine');
    expect(lstatSync(at('dangling')).isSymbolicLink()).toBe(true);
    expect(readFileSync('/etc/passwd')).toEqual(passwords);
  });

  test.each(['-wal', '-shm', '-journal'])('a planted %s is refused, whatever it is', async (suffix) => {
    const folder = join(work, `beside${suffix}`);
    mkdirSync(folder);
    const capture = join(folder, 'x.modtrail');
    symlinkSync(join(folder, 'victim'), `${capture}${suffix}`);
    expectRefusal(await recorderEnds(['--out', capture]), new RegExp(`x\\.modtrail${suffix} exists already`));
    rmSync(`${capture}${suffix}`);
    writeFileSync(`${capture}${suffix}`, '');
    expectRefusal(await recorderEnds(['--out', capture]), new RegExp(`x\\.modtrail${suffix} exists already`));
    expect(readdirSync(folder)).toEqual([`x.modtrail${suffix}`]);
  });

  test('names that SQLite would read as something else', async () => {
    const folder = join(work, 'names');
    mkdirSync(folder);
    for (const name of [':memory:', 'file:x.modtrail?mode=memory', 'a b%41.modtrail', '-x', '.hidden']) {
      const end = await recorderEnds(['--out', join(folder, name), '--duration', '0.1']);
      expect(end.code, end.stderr).toBe(0);
      expect(statSync(join(folder, name)).size).toBeGreaterThan(0);
    }
    expect(readdirSync(folder)).toHaveLength(5);
  });

  test('a folder that is moved is followed, and one put in its place is left alone', async () => {
    const folder = join(work, 'before');
    mkdirSync(folder);
    const recorder = new Recorder(['--out', 'x.modtrail'], { cwd: folder });
    await recorder.ready();
    run(caller, ['once', 'early']);
    renameSync(folder, join(work, 'after'));
    mkdirSync(folder);
    symlinkSync('/etc/hostname', join(folder, 'x.modtrail-wal'));
    run(caller, ['once', 'late']);
    await sleep(1300);
    expect(await recorder.stop()).toMatchObject({ code: 0 });
    expect(readdirSync(join(work, 'after'))).toEqual(['x.modtrail']);
    expect(readdirSync(folder)).toEqual(['x.modtrail-wal']);
    const capture = join(work, 'after/x.modtrail');
    expect(stopOf(capture)?.reason).toBe('signal');
    expect(callsIn(capture)).toBeGreaterThanOrEqual(2);
    walkSeal(capture);
  });

  test('a link in the folder part is resolved once', async () => {
    const [real, other, link] = [join(work, 'real'), join(work, 'other'), join(work, 'way')];
    for (const folder of [real, other]) mkdirSync(folder);
    symlinkSync(real, link);
    const recorder = await new Recorder(['--out', join(link, 'x.modtrail')]).ready();
    rmSync(link);
    symlinkSync(other, link);
    run(caller, ['once']);
    await recorder.stop();
    expect(readdirSync(other)).toEqual([]);
    expect(journalOf(join(real, 'x.modtrail'))).toBe('delete');
  });

  test('two recorders, one name: the second is refused, the first goes on', async () => {
    const capture = join(work, 'twice.modtrail');
    const recorder = await new Recorder(['--out', capture]).ready();
    expectRefusal(await recorderEnds(['--out', capture]), /exists already/);
    run(caller, ['once']);
    expect(await recorder.stop()).toMatchObject({ code: 0 });
    expect(callsIn(capture)).toBeGreaterThanOrEqual(1);
    walkSeal(capture);
  });

  test('SQLite programs that open and close the growing file do not take its log away', async () => {
    const capture = join(work, 'shared.modtrail');
    const recorder = await new Recorder(['--out', capture]).ready();
    for (let i = 0; i < 3; i++) {
      run(caller, ['once']);
      await sleep(150);
      run('sqlite3', [capture, 'SELECT count(*) FROM event']);
      expect(existsSync(`${capture}-wal`)).toBe(true);
    }
    await recorder.stop();
    expect(callsIn(capture)).toBeGreaterThanOrEqual(3);
    walkSeal(capture);
  });

  test('it is the user who writes: where the user cannot, nothing is written', async () => {
    const folder = join(work, 'roots');
    mkdirSync(folder, { mode: 0o755 });
    const user = ['--user', String(NOBODY)];
    expectRefusal(await recorderEnds(['--out', join(folder, 'x'), ...user]), /Permission denied/);
    const theirs = join(work, 'theirs');
    mkdirSync(theirs, { mode: 0o700 });
    chownSync(theirs, NOBODY, NOBODY);
    const end = await recorderEnds(['--out', join(theirs, 'x'), '--duration', '0.1', ...user]);
    expect(end.code, end.stderr).toBe(0);
    expect(statSync(join(theirs, 'x'))).toMatchObject({ uid: NOBODY, gid: NOBODY });
    expect(statSync(join(theirs, 'x')).mode & 0o777).toBe(0o600);
  });
});
