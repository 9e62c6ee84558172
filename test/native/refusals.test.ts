/** How the recorder starts, is refused, stops, and is spoken to. */
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../lab/boot/run.ts';
import { buildProgram } from '../lab/boot/program.ts';
import { COLLECTOR, ROOT } from '../../scripts/places.ts';
import { Recorder, recorderEnds, whyNotHere, type Ended } from './collector.ts';
import { infoOf } from './modtrail.ts';

const NOBODY = 65534;
const reason = whyNotHere();

let work = '';

/** One sentence on one line, exit code 2. */
function expectRefusal(end: Ended, words: RegExp): void {
  expect(end.code).toBe(2);
  expect(end.stderr).toMatch(words);
  expect(end.stderr.trim().split('\n')).toHaveLength(1);
}

/** A listener as the app has one; what the recorder says is kept in `lines`. */
class Listener {
  readonly path: string;
  readonly lines: string[] = [];
  readonly #server: Server;
  #peer: Socket | undefined;

  constructor(path: string) {
    this.path = path;
    this.#server = createServer((peer) => {
      this.#peer = peer;
      let rest = '';
      peer.on('data', (bytes: Buffer) => {
        const lines = (rest + bytes.toString()).split('\n');
        rest = lines.pop() ?? '';
        this.lines.push(...lines);
      });
      peer.on('error', () => undefined);
    });
  }

  async listen(): Promise<this> {
    this.#server.listen(this.path);
    await once(this.#server, 'listening');
    chmodSync(this.path, 0o777);
    return this;
  }

  say(bytes: string | Buffer): void {
    this.#peer?.write(bytes);
  }

  hangUp(): void {
    this.#peer?.destroy();
  }

  async hears(word: string): Promise<string> {
    for (let tries = 0; tries < 500; tries++) {
      const line = this.lines.find((text) => text.startsWith(word));
      if (line !== undefined) return line;
      await sleep(10);
    }
    throw new Error(`'${word}' was not said: ${this.lines.join(' | ')}`);
  }

  close(): void {
    this.hangUp();
    this.#server.close();
  }
}

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
  ])('%j', async (args, words) => {
    expectRefusal(await recorderEnds(args), words);
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

  test('an ordinary user is told that root is needed', async () => {
    const copy = join(work, 'collector');
    copyFileSync(COLLECTOR, copy);
    chmodSync(copy, 0o755);
    const end = await new Recorder(['--out', join(work, 'never')], { program: copy, uid: NOBODY }).ended;
    expectRefusal(end, /needs root/);
  });

  test('becomes the user who called sudo, who owns the file and must be able to write there', async () => {
    const folder = join(work, 'theirs');
    mkdirSync(folder);
    chownSync(folder, NOBODY, NOBODY);
    const env = { SUDO_UID: String(NOBODY), SUDO_GID: String(NOBODY) };
    const capture = join(folder, 'x.modtrail');
    const recorder = await new Recorder(['--out', capture], { env }).ready();
    const status = readFileSync(`/proc/${String(recorder.process.pid)}/status`, 'utf8');
    expect(status).toMatch(/^Uid:\t65534\t65534\t65534\t65534$/m);
    expect(status).toMatch(/^CapPrm:\t0+$/m);
    expect(status).toMatch(/^CapEff:\t0+$/m);
    expect(status).toMatch(/^NoNewPrivs:\t1$/m);
    expect(await recorder.stop()).toMatchObject({ code: 0 });
    expect(statSync(capture)).toMatchObject({ uid: NOBODY, gid: NOBODY });
    expect(statSync(capture).mode & 0o777).toBe(0o600);
    expectRefusal(await new Recorder(['--out', join(work, 'mine')], { env }).ended, /Permission denied/);
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

  test('control: hello, status, stop', async () => {
    const listener = await new Listener(join(work, 'control')).listen();
    const capture = join(work, 'control.modtrail');
    const recorder = new Recorder(['--out', capture, '--control', listener.path]);
    expect(await listener.hears('hello')).toMatch(/ format=1 pid=\d+ out=\S+control\.modtrail attached=\d+/);
    expect(await listener.hears('status')).toMatch(/^status events=\d+ calls=\d+ lost=\d+ bytes=\d+$/);
    listener.say('sing\n');
    expect(await listener.hears('error')).toMatch(/code=unknown-request/);
    listener.say(Buffer.concat([Buffer.alloc(20_000, 0x78), Buffer.from('\n\0\0\n\xff\xfe\n')]));
    listener.say('stop\n');
    expect(await recorder.ended).toMatchObject({ code: 0 });
    await listener.hears('finishing');
    expect(await listener.hears('stopped')).toMatch(/^stopped reason=request events=\d+/);
    expect(infoOf(capture)).toMatchObject({ completeness: 'finished', stopReason: 'request' });
    listener.close();
  });

  test('control: a peer that goes away ends the recording, in order', async () => {
    const listener = await new Listener(join(work, 'gone')).listen();
    const capture = join(work, 'gone.modtrail');
    const recorder = new Recorder(['--out', capture, '--control', listener.path]);
    await listener.hears('hello');
    listener.hangUp();
    expect(await recorder.ended).toMatchObject({ code: 0 });
    expect(infoOf(capture)).toMatchObject({ completeness: 'finished', stopReason: 'peer-gone' });
    listener.close();
  });

  test('control: nobody listens, nothing is created', async () => {
    const capture = join(work, 'alone.modtrail');
    const end = await recorderEnds(['--out', capture, '--control', join(work, 'no-socket')]);
    expectRefusal(end, /does not answer/);
    expect(existsSync(capture)).toBe(false);
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
