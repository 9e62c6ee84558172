/** Which rights the recorder has once it records, and what it can no longer do. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram } from '../lab/boot/program.ts';
import { run } from '../lab/boot/run.ts';
import { COLLECTOR, ROOT } from '../../scripts/places.ts';
import { Recorder, recorderEnds, whyNotHere } from './collector.ts';
import { infoOf } from './modtrail.ts';
import { expectRefusal } from './refusal.ts';

const NOBODY = 65534;
const reason = whyNotHere();

let work = '';

/** Fields of /proc/PID/status. */
function statusOf(recorder: Recorder): Record<string, string> {
  const text = readFileSync(`/proc/${String(recorder.process.pid)}/status`, 'utf8');
  return Object.fromEntries(
    text.split('\n').map((line) => {
      const [key = '', ...value] = line.split(':');
      return [key, value.join(':').trim().replaceAll('\t', ' ')];
    }),
  );
}

const NO_CAPABILITY = '0'.repeat(16);
const GIVEN_UP = {
  Groups: '',
  NoNewPrivs: '1',
  Seccomp: '2',
  CapInh: NO_CAPABILITY,
  CapPrm: NO_CAPABILITY,
  CapEff: NO_CAPABILITY,
  CapBnd: NO_CAPABILITY,
  CapAmb: NO_CAPABILITY,
};

/** A folder of a user's own. */
function folderOf(uid: number): string {
  const folder = mkdtempSync(join(work, 'of-'));
  chownSync(folder, uid, uid);
  return folder;
}

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'modtrail-rights-'));
  chmodSync(work, 0o755);
});

afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

describe.skipIf(reason !== undefined)(`on this kernel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  test.each([
    ['sudo', { SUDO_UID: '65534', SUDO_GID: '65534' }, []],
    ['pkexec', { PKEXEC_UID: '65534' }, []],
    ['--user', {}, ['--user', '65534:65534']],
  ])('whoever called it through %s is whom it becomes, with no right of root', async (_, env, args) => {
    const capture = join(folderOf(NOBODY), 'x.modtrail');
    const recorder = await new Recorder(['--out', capture, ...args], { env }).ready();
    expect(statusOf(recorder)).toMatchObject({
      ...GIVEN_UP,
      Uid: '65534 65534 65534 65534',
      Gid: '65534 65534 65534 65534',
    });
    // Its memory and descriptors are not the user's to take.
    expect(statSync(`/proc/${String(recorder.process.pid)}/mem`).uid).toBe(0);
    expect(await recorder.stop()).toMatchObject({ code: 0 });
    expect(statSync(capture)).toMatchObject({ uid: NOBODY, gid: NOBODY });
    expect(statSync(capture).mode & 0o777).toBe(0o600);
  });

  test('whoever was let in by polkit is nobody else for it', async () => {
    const capture = join(folderOf(0), 'x.modtrail');
    const others = await recorderEnds(['--out', capture, '--user', '0'], { env: { PKEXEC_UID: '65534' } });
    expectRefusal(others, /--user 0 is not who was given the right to record: user 65534/);
    expect(existsSync(capture)).toBe(false);
  });

  test('root of itself stays uid 0, with no capability', async () => {
    const capture = join(work, 'root.modtrail');
    const recorder = await new Recorder(['--out', capture]).ready();
    expect(statusOf(recorder)).toMatchObject({ ...GIVEN_UP, Uid: '0 0 0 0' });
    expect(await recorder.stop()).toMatchObject({ code: 0 });
    expect(infoOf(capture).completeness).toBe('finished');
  });

  test('it writes nowhere where the user could not, as root nowhere where only capabilities let root', async () => {
    const root = folderOf(0);
    const theirs = folderOf(NOBODY);
    chmodSync(theirs, 0o755);
    const refused = await recorderEnds(['--out', join(root, 'x'), '--user', '65534']);
    expectRefusal(refused, /Permission denied/);
    expectRefusal(await recorderEnds(['--out', join(theirs, 'x')]), /Permission denied.*--user/);
    expect(existsSync(join(theirs, 'x'))).toBe(false);
  });

  test('standard files that are closed are not taken by the capture', () => {
    const capture = join(work, 'closed.modtrail');
    const end = spawnSync('sh', ['-c', `"$0" --out "$1" --duration 0.3 <&- >&- 2>&-`, COLLECTOR, capture]);
    expect(end.status).toBe(0);
    expect(infoOf(capture)).toMatchObject({ completeness: 'finished', stopReason: 'duration' });
  });
});

describe('confined', () => {
  let program = '';

  beforeAll(() => {
    program = buildProgram(join(ROOT, 'test/native/confined.c'), work);
  });

  /** What became of each call that the program tried: "ok" or the name of the error. */
  function tried(way: string): Record<string, string> {
    const folder = join(work, way);
    mkdirSync(folder);
    writeFileSync(join(folder, 'file'), 'bytes');
    writeFileSync(join(work, 'file'), 'bytes');
    const lines = run(program, [way], { cwd: folder }).trim().split('\n');
    return Object.fromEntries(lines.map((line) => line.split(' ') as [string, string]));
  }

  test('calls that record are allowed', () => {
    const outcomes = tried('needed');
    expect(Object.keys(outcomes).length).toBeGreaterThan(20);
    expect(Object.entries(outcomes).filter(([, outcome]) => outcome !== 'ok')).toEqual([]);
  });

  test('all others are not, root or not', () => {
    const outcomes = tried('others');
    expect(Object.keys(outcomes).length).toBeGreaterThan(30);
    expect(Object.entries(outcomes).filter(([, outcome]) => outcome !== 'EPERM')).toEqual([]);
  });

  test('files are written in the working folder only', (context) => {
    const outcomes = tried('folder');
    if (outcomes['confine'] !== 'ok') context.skip('this kernel has no Landlock');
    const refused = Object.entries(outcomes).filter(([name]) => name.endsWith('!'));
    expect(refused).toHaveLength(4);
    expect(refused.filter(([, outcome]) => outcome !== 'EACCES')).toEqual([]);
    const allowed = Object.entries(outcomes).filter(([name]) => !name.endsWith('!'));
    expect(allowed.filter(([, outcome]) => outcome !== 'ok')).toEqual([]);
    expect(readFileSync(join(work, 'file'), 'utf8')).toBe('bytes');
  });

  test.each(['compat', 'x32'])('%s: calls by other numbers end it', (way) => {
    // SIGSEGV where the kernel itself knows no such numbers.
    expect(spawnSync(program, [way]).signal).toMatch(/^SIG(SYS|SEGV)$/);
  });
});
