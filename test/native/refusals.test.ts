/** How the recorder starts, is refused, and stops. */
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../lab/boot/run.ts';
import { buildProgram } from '../lab/boot/program.ts';
import { COLLECTOR, ROOT } from '../../scripts/places.ts';
import { Recorder, recorderEnds, whyNotHere } from './collector.ts';
import { expectRefusal } from './refusal.ts';
import { infoOf } from './modtrail.ts';

const NOBODY = 65534;
const reason = whyNotHere();

let work = '';

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'modtrail-native-'));
  chmodSync(work, 0o755);
});

afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

describe.skipIf(!existsSync(COLLECTOR))('the command line', () => {
  test.each([
    [[], /--out FILE is missing/],
    [['--out'], /'--out' is not an option or lacks its value/],
    [['--out', 'x', '--duration', '-1'], /--duration does not take '-1'/],
    [['--out', 'x', '--ring', '1000'], /--ring does not take '1000'/],
    [['--out', 'x', '--attach', 'magic'], /--attach does not take 'magic'/],
    [['--out', 'x', 'more'], /'more' was not expected/],
    [['--nonsense'], /'--nonsense' is not an option/],
    [['-xyz'], /'-xyz' is not an option/],
    [['--out', 'x', '-xyz'], /'-xyz' is not an option/],
    [['--out', 'x', '--duration', '0x1'], /--duration does not take '0x1'/],
    [['--out', 'x', '--no-images', '--images-under', '/lib'], /exclude each other/],
    [['--out', 'x', '--images-under', '/lib', '--no-images'], /exclude each other/],
    [['--from', '-', '--out', 'x', '--max-size', '1048576'], /--max-size is for a recording/],
    [['--from', '-', '--out', 'x', '--sign-key', 'k'], /--sign-key is for a recording/],
    [['--out', `/${'long/'.repeat(800)}x`], /cannot be|No such file/],
  ])('%j', async (args, words) => {
    expectRefusal(await recorderEnds(args), words);
  });

  test.each([
    ['--out', '-', / cannot be created: File name too long$/m],
    ['--from', 'x', / cannot be opened: File name too long$/m],
  ])('%s with a path longer than any: what is wrong is still said', async (option, other, words) => {
    const path = `/${'long/'.repeat(20_000)}x`;
    const rest = option === '--out' ? ['--from', other] : ['--out', other];
    expectRefusal(await recorderEnds([option, path, ...rest]), words);
  });

  test.each(['--help', '--version'])('%s that cannot be written is no success', async (option) => {
    const program = '/bin/sh';
    const end = await recorderEnds(['-c', `exec "$0" ${option} > /dev/full`, COLLECTOR], { program });
    expectRefusal(end, /the output cannot be written: No space left on device$/m);
  });

  test('help and version need no root', async () => {
    const help = await recorderEnds(['--help']);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    expect(help.stdout).toMatch(/--no-images/);
    expect((await recorderEnds(['--version'])).stdout).toMatch(/^modtrail-collector \d/);
  });
});

describe.skipIf(reason !== undefined)(`on this kernel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  test('targets that are no new file', async () => {
    const existing = join(work, 'existing');
    writeFileSync(existing, 'mine');
    const link = join(work, 'link');
    symlinkSync(join(work, 'nowhere'), link);
    expectRefusal(await recorderEnds(['--out', existing]), /exists already/);
    expect(readFileSync(existing, 'utf8')).toBe('mine');
    expectRefusal(await recorderEnds(['--out', link]), /exists already|cannot be created/);
    expect(existsSync(join(work, 'nowhere'))).toBe(false);
    expectRefusal(await recorderEnds(['--out', '/dev/null']), /exists already/);
    expectRefusal(await recorderEnds(['--out', join(work, 'missing/x')]), /cannot be created: No such file/);
    expectRefusal(await recorderEnds(['--out', '/']), /cannot be created/);
  });

  test('too few files for a recording: nothing is left, and the reason is the true one', async () => {
    let files = 24;
    for (let code: number | null = 2; code === 2; files++) {
      const capture = join(work, `files-${String(files)}`);
      const through = ['prlimit', `--nofile=${String(files)}`];
      const end = await recorderEnds(['--out', capture, '--duration', '0.05'], { through });
      ({ code } = end);
      if (code !== 2) break;
      expect(end.stderr).not.toContain('replaced');
      // One that has begun leaves what a killed recorder leaves.
      if (!end.stderr.includes('the recording to ')) {
        const left = [capture, `${capture}-wal`, `${capture}-shm`].filter((path) => existsSync(path));
        expect(left, end.stderr).toEqual([]);
      }
    }
    expect(files).toBeGreaterThan(28);
  });

  test('an ordinary user is told that root is needed', async () => {
    const copy = join(work, 'collector');
    copyFileSync(COLLECTOR, copy);
    chmodSync(copy, 0o755);
    const end = await new Recorder(['--out', join(work, 'never')], { program: copy, uid: NOBODY }).ended;
    expectRefusal(end, /needs root/);
  });

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s finishes the capture', async (signal) => {
    const capture = join(work, `${signal}.modtrail`);
    const recorder = await new Recorder(['--out', capture]).ready();
    expect(await recorder.stop(signal)).toMatchObject({ code: 0 });
    expect(infoOf(capture)).toMatchObject({ completeness: 'finished', stopReason: 'signal' });
  });

  test('--duration ends it by itself', async () => {
    const capture = join(work, 'duration.modtrail');
    const end = await recorderEnds(['--out', capture, '--duration', '0.7', '--no-images']);
    expect(end.code).toBe(0);
    const info = infoOf(capture);
    expect(info.stopReason).toBe('duration');
    const lasted = (Number(info.stoppedNs) - Number(info.startedNs)) / 1e9;
    expect(lasted).toBeGreaterThan(0.7);
  });

  test('with sanitizers: odd calls, threads and a flood leave no complaint', async () => {
    run('make', ['-s', '-C', join(ROOT, 'native'), 'dev']);
    const caller = buildProgram(join(ROOT, 'test/native/caller.c'), work);
    const program = `${COLLECTOR}-dev`;
    const capture = join(work, 'sanitized.modtrail');
    const recorder = await new Recorder(['--out', capture, '--ring', '65536'], { program }).ready();
    for (const words of [['odd'], ['threads', '16', '50'], ['flood', '4', '5000']]) run(caller, words, { cwd: work });
    const end = await recorder.stop();
    expect(end.stderr).not.toMatch(/Sanitizer|runtime error/);
    expect(end.code).toBe(0);
    const { losses, eventsByKind } = infoOf(capture);
    expect(Number(losses.lost) + (eventsByKind.finit_module ?? 0)).toBeGreaterThanOrEqual(20_000);
  });
});
