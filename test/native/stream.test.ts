/** A capture that is streamed to another recorder, which makes the file of it: whole, broken off, and made up. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { SealVerdict } from '#contract/seal.ts';
import { openCapture } from '#core/capture/open.ts';
import { SealWalk } from '#core/seal/verify.ts';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { buildProgram } from '../lab/boot/program.ts';
import { run } from '../lab/boot/run.ts';
import { COLLECTOR, ROOT } from '../../scripts/places.ts';
import { recorderEnds, whyNotHere } from './collector.ts';
import { Listener } from './listener.ts';
import { eventsOf, infoOf } from './modtrail.ts';
import { journalOf, stopOf } from './rows.ts';

const PREAMBLE = 24;
const HEAD = 12;
const ROW = 1;
const COMMIT = 2;
const ROLLBACK = 3;
const NOBODY = 65534;
const reason = whyNotHere();

let work = '';
let caller = '';
/** A whole stream with a call in it. */
let stream = Buffer.alloc(0);
let count = 0;

/** What the seal says; walked here, as there are many captures to look at. */
function verdictOf(path: string): SealVerdict {
  const capture = openCapture(path);
  try {
    const walk = new SealWalk(capture);
    for (;;) {
      const step = walk.step(1000);
      if ('verdict' in step) return step.verdict;
    }
  } finally {
    capture.close();
  }
}

const fresh = (suffix: string): string => join(work, `${String(++count)}${suffix}`);

/** A recorder that streams, and what it says. */
function sender(...options: string[]): { child: ChildProcess; ready: Promise<void> } {
  const child = spawn(COLLECTOR, ['--stdout', ...options], { stdio: ['pipe', 'pipe', 'pipe'] });
  const ready = new Promise<void>((done, failed) => {
    let said = '';
    child.stderr.on('data', (bytes: Buffer) => {
      said += bytes.toString();
      if (said.includes('recording to ')) done();
    });
    child.on('close', () => {
      failed(new Error(said));
    });
  });
  return { child, ready };
}

const call = (): void => {
  spawnSync(caller, ['once'], { cwd: work });
};

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((done) => child.on('close', (code) => void done(code)));

/** What the receiver makes of these bytes. */
async function receive(bytes: Buffer): Promise<{ code: number | null; stderr: string; capture: string }> {
  const file = fresh('.stream');
  const capture = fresh('.modtrail');
  writeFileSync(file, bytes);
  const { code, stderr } = await recorderEnds(['--from', file, '--out', capture]);
  rmSync(file);
  return { code, stderr, capture };
}

/** Where the frames of a stream begin. */
function framesOf(bytes: Buffer): number[] {
  const starts: number[] = [];
  for (let at = PREAMBLE; at < bytes.length; at += HEAD + bytes.readUInt32LE(at + 4)) starts.push(at);
  return starts;
}

/** A table's number in a stream. */
const tableNumber = (name: string): number =>
  [...readFileSync(join(ROOT, 'contract/schema.sql'), 'utf8').matchAll(/^CREATE TABLE (\w+)/gm)].findIndex(
    ([, one]) => one === name,
  );

const EVENT = tableNumber('event');
const REPEAT = 14;
const INTEGER = 1;

/** Gives an event another number of calls that it stands for, with a check that holds. */
function setRepeat(bytes: Buffer, at: number, repeat: bigint): void {
  const length = bytes.readUInt32LE(at + 4);
  let cell = at + HEAD + 2;
  if (bytes[at] !== ROW || bytes[at + HEAD] !== EVENT) return;
  for (let column = 0; column < REPEAT; column++) {
    const type = bytes[cell] ?? 0;
    cell += 1 + (type === 0 ? 0 : type === INTEGER ? 8 : 4 + bytes.readUInt32LE(cell + 1));
  }
  expect(bytes[cell]).toBe(INTEGER);
  bytes.writeBigInt64LE(repeat, cell + 1);
  const check = crc32(bytes.subarray(at + HEAD, at + HEAD + length), crc32(bytes.subarray(at, at + 8)));
  bytes.writeUInt32LE(check, at + 8);
}

/** The same sequence of numbers each time. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

describe.skipIf(reason !== undefined)(`a stream${reason ? ` (skipped: ${reason})` : ''}`, () => {
  beforeAll(async () => {
    work = mkdtempSync(join(tmpdir(), 'modtrail-stream-'));
    caller = buildProgram(join(ROOT, 'test/native/caller.c'), work);
    const { child, ready } = sender();
    const pieces: Buffer[] = [];
    child.stdout?.on('data', (bytes: Buffer) => pieces.push(bytes));
    await ready;
    call();
    child.stdin?.write('stop\n');
    expect(await ended(child)).toBe(0);
    stream = Buffer.concat(pieces);
  });

  afterAll(() => {
    rmSync(work, { recursive: true, force: true });
  });

  test('becomes a finished capture, sealed where it was recorded', async () => {
    const { code, capture, stderr } = await receive(stream);
    expect(stderr).toContain('finished');
    expect(code).toBe(0);
    expect(verdictOf(capture).state).toBe('holds');
    expect(stopOf(capture)?.reason).toBe('request');
    expect(journalOf(capture)).toBe('delete');
    expect(existsSync(`${capture}-wal`)).toBe(false);
    expect(eventsOf(capture).filter(({ kind }) => kind === 'finit_module')).toHaveLength(1);
    expect(statSync(capture).mode & 0o777).toBe(0o600);
  });

  test('is followed while it comes, and stopped from here, over a socket', async () => {
    const { child, ready } = sender();
    const path = fresh('.socket');
    const server = createServer((peer) => {
      child.stdout?.pipe(peer);
      peer.pipe(child.stdin ?? peer, { end: false });
    });
    await new Promise<void>((done) => server.listen(path, done));
    const line = await new Listener(fresh('.line')).listen();
    const capture = fresh('.modtrail');
    const receiver = recorderEnds(['--from', path, '--out', capture, '--control', line.path]);
    await ready;
    expect(await line.hears('hello')).toContain(`out=${capture}`);
    call();
    await expect.poll(() => line.lines.some((text) => /^status .*calls=1 /.test(text)), { timeout: 5000 }).toBe(true);
    expect(infoOf(capture).completeness).toBe('recording');
    line.say('stop\n');
    expect(await line.hears('stopped')).toContain('reason=request');
    expect((await receiver).code).toBe(0);
    expect(verdictOf(capture).state).toBe('holds');
    line.close();
    server.close();
  });

  test('that breaks off leaves what came before its last commit', async () => {
    const frames = framesOf(stream);
    const commits = frames.filter((at) => stream[at] === 2);
    expect(commits.length).toBeGreaterThan(1);
    // Within the second commit's rows.
    const { code, capture, stderr } = await receive(stream.subarray(0, (commits[1] ?? 0) - 5));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^unfinished \S+: \d+ events, \d+ calls, 0 lost, up to its last commit$/m);
    expect(stderr).not.toMatch(/^finished/m);
    expect(stderr.trim().split('\n').at(-1)).toContain('the stream broke off; what came before its last commit');
    expect(verdictOf(capture)).toMatchObject({ state: 'unfinished', commits: 1 });
    expect(infoOf(capture).completeness).toBe('unfinished');
    expect(existsSync(`${capture}-wal`)).toBe(false);
  });

  test('that breaks off behind its last commit is whole, and is said to be', async () => {
    const { code, capture, stderr } = await receive(stream.subarray(0, -HEAD));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^finished /m);
    expect(stderr).not.toMatch(/^unfinished/m);
    expect(verdictOf(capture).state).toBe('holds');
    expect(infoOf(capture).completeness).toBe('finished');
  });

  test('that is damaged in its last rows leaves a capture that is said to be unfinished', async () => {
    const last = framesOf(stream)
      .filter((at) => stream[at] === COMMIT)
      .at(-1);
    const bytes = Buffer.from(stream);
    bytes.writeUInt8(9, last ?? 0);
    const { code, capture, stderr } = await receive(bytes);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^unfinished /m);
    expect(stderr).toContain('the stream is damaged');
    expect(infoOf(capture).completeness).toBe('unfinished');
  });

  test('that nobody reads any more ends the recorder', async () => {
    const { child, ready } = sender();
    await ready;
    child.stdout?.destroy();
    expect(await ended(child)).not.toBe(0);
  });

  test('is received without any right', async () => {
    const file = fresh('.stream');
    writeFileSync(file, stream);
    chmodSync(work, 0o777);
    const capture = fresh('.modtrail');
    const { code, stderr } = await recorderEnds(['--from', file, '--out', capture], { uid: NOBODY });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(statSync(capture).uid).toBe(NOBODY);
  });

  test.each([
    ['nothing', Buffer.alloc(0), /ended before anything came/],
    [
      'an answer of a shell',
      Buffer.from('bash: modtrail-collector: command not found\n'),
      /is no stream of a recorder/,
    ],
    ['another version', Buffer.from('MODTRAIL STREAM\n\x09\0\0\0\x02\0\0\0', 'latin1'), /has version 9/],
    [
      'a length of 4 GiB',
      Buffer.from('MODTRAIL STREAM\n\x01\0\0\0\x02\0\0\0\x01\0\0\0\xff\xff\xff\xff\0\0\0\0', 'latin1'),
      /damaged/,
    ],
  ])('%s is refused in one sentence, and no file is left', async (_, bytes, words) => {
    const { code, stderr, capture } = await receive(bytes);
    expect(code).toBe(2);
    expect(stderr).toMatch(words);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(existsSync(capture)).toBe(false);
  });

  test.each([
    ['in its preamble', (): number => PREAMBLE - 4],
    ['in its first frame', (): number => PREAMBLE + HEAD + 1],
    ['just before its first commit', (): number => framesOf(stream).find((at) => stream[at] === COMMIT) ?? 0],
  ])('that breaks off %s is not said to have brought nothing', async (_, length) => {
    const { code, stderr, capture } = await receive(stream.subarray(0, length()));
    expect(code).toBe(2);
    expect(stderr).toBe(
      'modtrail-collector: the stream broke off; nothing of it could be kept, as its first commit had not come\n',
    );
    expect(existsSync(capture)).toBe(false);
  });

  test('whose file was replaced before its first commit leaves what lies there alone', async () => {
    const capture = fresh('.modtrail');
    const child = spawn(COLLECTOR, ['--from', '-', '--out', capture], { stdio: ['pipe', 'ignore', 'pipe'] });
    await vi.waitUntil(() => existsSync(`${capture}-wal`), { timeout: 5000 });
    await pause(300);
    rmSync(capture);
    writeFileSync(capture, 'theirs');
    child.stdin.end();
    expect(await ended(child)).toBe(2);
    expect(readFileSync(capture, 'utf8')).toBe('theirs');
  });

  test('leaves no file where it cannot be confined', async () => {
    const file = fresh('.stream');
    writeFileSync(file, stream);
    for (let files = 4; files < 20; files++) {
      const capture = fresh('.modtrail');
      const through = ['prlimit', `--nofile=${String(files)}`];
      const { code, stderr } = await recorderEnds(['--from', file, '--out', capture], { through });
      expect([existsSync(capture), existsSync(`${capture}-wal`)], `${String(files)} files: ${stderr}`).toEqual([
        code !== 2,
        false,
      ]);
    }
  });

  test('that is left before its first commit is not said to have brought nothing', async () => {
    const child = spawn(COLLECTOR, ['--from', '-', '--out', fresh('.modtrail')], {
      stdio: ['pipe', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
    child.stdin.on('error', () => undefined).write(stream.subarray(0, PREAMBLE + HEAD));
    await pause(500); // it says nothing before the first commit
    child.kill('SIGTERM');
    expect(await ended(child)).toBe(2);
    expect(said).toContain('left before its end; nothing of it could be kept');
  });

  test('that cannot be read is not said to have ended', async () => {
    const { code, stderr } = await recorderEnds(['--from', work, '--out', fresh('.modtrail')]);
    expect([code, stderr]).toEqual([2, 'modtrail-collector: the stream cannot be read: Is a directory\n']);
  });

  test('with any one byte changed never gives a capture that is not what it says', async () => {
    const pick = random(7);
    for (let trial = 0; trial < 40; trial++) {
      const bytes = Buffer.from(stream);
      const at = pick(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << pick(8));
      const { code, stderr, capture } = await receive(bytes);
      expect(code, `byte ${String(at)}: ${stderr}`).toBeGreaterThan(0);
      // Where only the mark of the stream's end is damaged all rows are there.
      const left = at < bytes.length - HEAD ? 'unfinished' : 'holds';
      if (existsSync(capture)) expect(verdictOf(capture).state).toBe(left);
    }
  });

  // Whoever makes up a stream can make its checks right; the tables' rules and the seal are left.
  test('with made-up rows ends in order, and the seal says what does not fit', async () => {
    const pick = random(11);
    const frames = framesOf(stream);
    for (let trial = 0; trial < 40; trial++) {
      const bytes = Buffer.from(stream);
      const at = frames[pick(frames.length)] ?? PREAMBLE;
      const length = bytes.readUInt32LE(at + 4);
      if (length === 0) continue;
      const change = at + HEAD + pick(length);
      bytes[change] = pick(256);
      bytes.writeUInt32LE(
        crc32(bytes.subarray(at + HEAD, at + HEAD + length), crc32(bytes.subarray(at, at + 8))),
        at + 8,
      );
      const { code, stderr, capture } = await receive(bytes);
      expect([0, 1, 2], `byte ${String(change)}: ${stderr}`).toContain(code);
      if (code !== 0 || bytes.equals(stream)) continue;
      expect(verdictOf(capture).state).toBe('broken');
    }
  });

  // Numbers of repeated calls that no recorder sends: sums of them must neither overflow nor become negative.
  test.each([
    ['the least', -(2n ** 63n)],
    ['the largest', 2n ** 63n - 1n],
  ])('with %s number of repeated calls has counts that are none of it', async (_, repeat) => {
    const bytes = Buffer.from(stream);
    for (const at of framesOf(bytes)) setRepeat(bytes, at, repeat);
    const file = fresh('.stream');
    writeFileSync(file, bytes);
    const line = await new Listener(fresh('.line')).listen();
    run('make', ['-s', '-C', join(ROOT, 'native'), 'dev']);
    for (const program of [COLLECTOR, `${COLLECTOR}-dev`]) {
      const words = ['--from', file, '--out', fresh('.modtrail'), '--control', line.path];
      const { code, stderr } = await recorderEnds(words, { program });
      expect(stderr).not.toMatch(/Sanitizer|runtime error/);
      expect(stderr).toMatch(/: \d+ events, \d+ calls, 0 lost$/m);
      expect(code).toBe(0);
    }
    line.close();
  });

  test('that was saved is not changed by whoever is stopped while reading it', async () => {
    // Frames that take back nothing make it long enough.
    const nothing = Buffer.alloc(HEAD);
    nothing.writeUInt8(ROLLBACK, 0);
    nothing.writeUInt32LE(crc32(nothing.subarray(0, 8)), 8);
    const first = framesOf(stream).find((at) => stream[at] === COMMIT) ?? 0;
    const long = [stream.subarray(0, first + HEAD), ...Array<Buffer>(3_000_000).fill(nothing)];
    const file = fresh('.stream');
    writeFileSync(file, Buffer.concat([...long, stream.subarray(first + HEAD)]));
    const before = createHash('sha256').update(readFileSync(file)).digest('hex');
    const child = spawn(COLLECTOR, ['--from', file, '--out', fresh('.modtrail')], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr.once('data', () => child.kill('SIGTERM'));
    expect([0, 1]).toContain(await ended(child));
    expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(before);
    rmSync(file);
  });

  test('through a fifo ends where its writer ends', async () => {
    const fifo = fresh('.fifo');
    const part = fresh('.stream');
    writeFileSync(part, stream.subarray(0, -HEAD));
    run('mkfifo', [fifo]);
    const written = ended(spawn('sh', ['-c', 'cat "$1" > "$2"', 'sh', part, fifo]));
    const { code, stderr } = await recorderEnds(['--from', fifo, '--out', fresh('.modtrail')]);
    await written;
    expect([code, stderr]).toEqual([1, expect.stringContaining('the stream broke off')]);
  });

  test('whose file is taken away meanwhile is not said to be finished', async () => {
    const capture = fresh('.modtrail');
    const child = spawn(COLLECTOR, ['--from', '-', '--out', capture], { stdio: ['pipe', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
    child.stdin.on('error', () => undefined).write(stream.subarray(0, -HEAD));
    await vi.waitUntil(() => said.includes('recording to'), { timeout: 5000 });
    rmSync(capture);
    expect(await ended(child)).toBe(1);
    expect(said).toContain('was deleted');
    expect(said).not.toContain('finished');
  });

  test('that never began removes its file, and none that has taken the place of it', async () => {
    for (const isTaken of [false, true]) {
      const capture = fresh('.modtrail');
      const child = spawn(COLLECTOR, ['--from', '-', '--out', capture], { stdio: ['pipe', 'ignore', 'ignore'] });
      await vi.waitUntil(() => existsSync(capture), { timeout: 5000 });
      if (isTaken) {
        rmSync(capture);
        writeFileSync(capture, 'precious');
      }
      child.stdin.end();
      expect(await ended(child)).toBe(2);
      expect(existsSync(capture)).toBe(isTaken);
      if (isTaken) expect(readFileSync(capture, 'utf8')).toBe('precious');
    }
  });

  test('is followed on the command line', () => {
    const file = fresh('.stream');
    writeFileSync(file, stream);
    const capture = fresh('.modtrail');
    const words = [join(ROOT, 'cli/main.ts'), 'attach', '-', '--out', capture];
    const script = 'exec "$0" "$@" < "$STREAM"';
    const run = spawnSync('sh', ['-c', script, process.execPath, ...words], {
      encoding: 'utf8',
      env: { ...process.env, STREAM: file },
    });
    expect(run.stderr).toContain('finished');
    expect(run.status).toBe(0);
    expect(run.stdout).toMatch(/^SEQ +TIME +KIND/);
    expect(run.stdout.match(/ finit_module /g)).toHaveLength(1);
    const json = spawnSync(process.execPath, [...words.slice(0, 2), file, '--out', fresh('.modtrail'), '--json'], {
      encoding: 'utf8',
    });
    expect(
      json.stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { seq: number }).seq),
    ).toEqual(eventsOf(capture).map(({ seq }) => seq));
    const again = spawnSync(process.execPath, [...words.slice(0, 2), file, '--out', capture], { encoding: 'utf8' });
    expect(again.status).toBe(2);
    expect(again.stderr).toContain('exists already');
    expect(again.stdout).toBe('');
  });

  test('never goes to where it cannot be read again', async () => {
    const both = spawnSync('sh', ['-c', `exec "$0" --stdout 2>&1`, COLLECTOR], { encoding: 'utf8' });
    expect(both.status).toBe(2);
    expect(both.stdout).toContain('standard output and standard error lead to the same place');
    const program = 'import pty, sys; sys.exit(pty.spawn(sys.argv[1:]) >> 8)';
    const screen = spawnSync('python3', ['-c', program, COLLECTOR, '--stdout'], { encoding: 'utf8' });
    expect(screen.stdout).toContain('a stream is not for the screen');
    expect(screen.status).toBe(2);
  });

  test.each([
    ['--stdout and a file', ['--stdout', '--out', 'x'], 'exclude each other'],
    ['--stdout and --from', ['--stdout', '--from', '-'], 'exclude each other'],
    ['--stdout and a size', ['--stdout', '--max-size', '2000000'], 'no --max-size'],
    ['--stdout and a line', ['--stdout', '--control', 'x'], 'standard input'],
    ['--from without a file', ['--from', '-'], '--out FILE is missing'],
    ['a stream that is not there', ['--from', '/nowhere', '--out', '/tmp/x'], '/nowhere cannot be opened'],
  ])('%s: wrong usage', async (_, words, sentence) => {
    const { code, stderr } = await recorderEnds(words);
    expect(code).toBe(2);
    expect(stderr).toContain(sentence);
  });

  test('takes what a pipe brings in pieces of any size', async () => {
    const file = fresh('.stream');
    writeFileSync(file, stream);
    const capture = fresh('.modtrail');
    const child = spawn(COLLECTOR, ['--from', '-', '--out', capture], { stdio: ['pipe', 'ignore', 'ignore'] });
    createReadStream(file, { highWaterMark: 7 }).pipe(child.stdin);
    expect(await ended(child)).toBe(0);
    const whole = await receive(stream);
    expect(readFileSync(capture).equals(readFileSync(whole.capture))).toBe(true);
  });
});
