/** The line to whoever started the recorder: what is said on it, and that no peer can harm the recording. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram } from '../lab/boot/program.ts';
import { ROOT } from '../../scripts/places.ts';
import { Recorder, recorderEnds, whyNotHere } from './collector.ts';
import { Listener, Peer } from './listener.ts';
import { eventsOf, infoOf } from './modtrail.ts';
import { expectRefusal } from './refusal.ts';

const NOBODY = 65534;
const reason = whyNotHere();

let work = '';
let caller = '';
let count = 0;

/** A recorder with a line to a listener, both fresh. */
async function connect(deaf = false): Promise<{ listener: Listener; recorder: Recorder; capture: string }> {
  const name = join(work, `line-${String(++count)}`);
  const listener = await new Listener(name, deaf).listen();
  const capture = `${name}.modtrail`;
  const recorder = new Recorder(['--out', capture, '--control', name]);
  await listener.connected();
  await recorder.ready();
  return { listener, recorder, capture };
}

/** Makes calls beside the recorder; resolves to what the program printed. */
async function calls(...words: string[]): Promise<string> {
  const child = spawn(caller, words, { cwd: work, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (bytes: Buffer) => (text += bytes.toString()));
  await once(child, 'close');
  return text;
}

describe.skipIf(reason !== undefined)(`on this kernel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'modtrail-control-'));
    caller = buildProgram(join(ROOT, 'test/native/caller.c'), work);
  });

  afterAll(() => {
    rmSync(work, { recursive: true, force: true });
  });

  test('hello, status, snapshot, errors, stop', async () => {
    const { listener, recorder, capture } = await connect();
    const hello = await listener.hears('hello');
    expect(hello).toMatch(
      /^hello version=\d\S* format=2 pid=\d+ out=\S+\.modtrail attached=\d+ unavailable=\d+ hooks=/,
    );
    const hooks = / hooks=(\S*)/.exec(hello)?.[1]?.split(',') ?? [];
    expect(hooks).toHaveLength(Number(/ attached=(\d+)/.exec(hello)?.[1]));

    await calls('once');
    listener.say('snapshot\nsing\n\n');
    await listener.hears('snapshot');
    expect(await listener.hears('error')).toMatch(/code=unknown-request text=known%20requests/);
    const reasons = eventsOf(capture).map((event) => event.snapshot?.reason);
    expect(reasons.filter((word) => word === 'request')).toHaveLength(1);
    listener.say('snapshot\nsnapshot\n');
    await listener.hears('error code=busy');

    await sleep(700);
    const status = Listener.numbers(listener.lines.findLast((line) => line.startsWith('status')) ?? '');
    expect(Object.keys(status)).toEqual(
      expect.arrayContaining(['events', 'calls', 'attempts', 'coalesced', 'images', 'lost', 'bytes', 'rate']),
    );
    expect(status['attempts']).toBeGreaterThan(0);
    expect(status['bytes']).toBeGreaterThan(4096);
    listener.say('stop\n');
    expect(await recorder.ended).toMatchObject({ code: 0 });
    await listener.hears('finishing');
    expect(await listener.hears('stopped')).toMatch(/^stopped reason=request events=\d+ calls=\d+ lost=0$/);
    expect(infoOf(capture)).toMatchObject({ completeness: 'finished', stopReason: 'request' });
    listener.close();
  });

  test('an idle recorder says how it is at least once a second', async () => {
    const { listener, recorder } = await connect();
    await listener.hears('status');
    const before = listener.lines.length;
    await sleep(3000);
    expect(listener.lines.length - before).toBeGreaterThanOrEqual(3);
    await recorder.stop();
    listener.close();
  });

  test('a request that comes with others, or in pieces, is taken', async () => {
    const { listener, recorder } = await connect();
    await listener.hears('hello');
    listener.say('snapshot\nst');
    await listener.hears('snapshot');
    listener.say('op\n');
    expect(await recorder.ended).toMatchObject({ code: 0 });
    listener.close();
  });

  test.each([
    ['that goes away', (listener: Listener) => void listener.hangUp()],
    ['that closes its half', (listener: Listener) => void listener.peer?.end()],
  ])('a peer %s ends the recording, in order', async (_, leave) => {
    const { listener, recorder, capture } = await connect();
    await listener.hears('status');
    leave(listener);
    expect(await recorder.ended).toMatchObject({ code: 0 });
    expect(infoOf(capture)).toMatchObject({ completeness: 'finished', stopReason: 'peer-gone' });
    listener.close();
  });

  test('a peer that goes away while the recorder is stopped', async () => {
    const { listener, recorder, capture } = await connect();
    await listener.hears('status');
    recorder.process.kill('SIGSTOP');
    listener.hangUp();
    await sleep(200);
    recorder.process.kill('SIGCONT');
    expect(await recorder.ended).toMatchObject({ code: 0 });
    expect(infoOf(capture)).toMatchObject({ stopReason: 'peer-gone' });
    listener.close();
  });

  test('stopped and continued: it goes on, and says so', async () => {
    const { listener, recorder, capture } = await connect();
    await listener.hears('status');
    recorder.process.kill('SIGSTOP');
    await calls('once');
    await sleep(1500);
    recorder.process.kill('SIGCONT');
    const before = listener.lines.length;
    await sleep(1200);
    expect(listener.lines.length).toBeGreaterThan(before);
    expect(await recorder.stop()).toMatchObject({ code: 0 });
    const info = infoOf(capture);
    expect(info.losses.lost).toBe(0);
    expect(info.eventsByKind.finit_module).toBeGreaterThan(0);
    listener.close();
  });

  test.each([
    ['NULs and bytes that are no text', Buffer.from('\0\0\n\xff\xfe\nstop\0\nSTOP\n stop\nstop \n\r\n', 'latin1')],
    ['100,000 wrong lines', Buffer.from('x\n'.repeat(100_000))],
    ['200,000 empty lines', Buffer.alloc(200_000, 0x0a)],
    ['a line of 4096 bytes', Buffer.from(`${'y'.repeat(4096)}\n`)],
  ])('%s: answered, and the recording goes on', async (_, bytes) => {
    const { listener, recorder, capture } = await connect();
    await listener.hears('hello');
    listener.say(bytes);
    await listener.hears('error code=');
    await calls('once');
    listener.say('stop\n');
    expect(await recorder.ended).toMatchObject({ code: 0 });
    const info = infoOf(capture);
    expect(info).toMatchObject({ stopReason: 'request', losses: { lost: 0 } });
    expect(info.eventsByKind.finit_module).toBeGreaterThan(0);
    listener.close();
  });

  test('a line of 1 GB: the recording goes on meanwhile, and its end is found', { timeout: 60_000 }, async () => {
    const { listener, recorder, capture } = await connect();
    await listener.hears('hello');
    const block = Buffer.alloc(1 << 20, 0x61);
    let made = 0;
    for (let sent = 0; sent < 1024; sent++) {
      if (listener.peer?.write(block) === false) await once(listener.peer, 'drain');
      if (sent % 256 === 128) made += (await calls('once')).split('\n').filter((line) => line !== '').length;
    }
    listener.say('\nstop\n');
    expect(await recorder.ended).toMatchObject({ code: 0 });
    expect(listener.lines.filter((line) => line.startsWith('error'))).toEqual([
      'error code=line-too-long text=a%20line%20has%20at%20most%204096%20bytes',
    ]);
    const info = infoOf(capture);
    const recorded = ['finit_module', 'init_module', 'delete_module'] as const;
    expect(recorded.reduce((sum, kind) => sum + (info.eventsByKind[kind] ?? 0), 0)).toBeGreaterThanOrEqual(made);
    expect(info.losses.lost).toBe(0);
    listener.close();
  });

  test('a peer that never reads while a flood runs', { timeout: 60_000 }, async () => {
    const { listener, recorder, capture } = await connect(true);
    const flood = calls('flood', '4', '20000');
    // Wrong lines, each of which would have an answer, until nothing more is taken.
    const questions = setInterval(() => {
      listener.say('sing\n'.repeat(2000));
    }, 5);
    await flood;
    clearInterval(questions);
    listener.say('\nstop\n');
    const end = await recorder.ended;
    expect(end.code).toBe(0);
    const [, made, lost] = /(\d+) calls, (\d+) lost$/.exec(end.stderr.trim()) ?? [];
    expect(Number(made)).toBeGreaterThan(10_000);
    expect(Number(made) + Number(lost)).toBeGreaterThanOrEqual(80_000);
    expect(infoOf(capture)).toMatchObject({ completeness: 'finished', stopReason: 'request' });
    listener.close();
  });

  test('with --keep it goes on without a peer, and takes another one of the same user', async () => {
    const [name, door] = [join(work, 'kept'), join(work, 'kept-door')];
    const listener = await new Listener(name).listen();
    const capture = `${name}.modtrail`;
    const recorder = new Recorder(['--out', capture, '--control', name, '--keep', door, '--duration', '60']);
    await listener.connected();
    const first = listener.peer;
    await listener.hears('status');
    expectRefusal(
      await recorderEnds(['--out', `${name}-2`, '--control', name, '--keep', door]),
      /Address already in use/,
    );
    const early = await Peer.at(door);
    await early.turnedAway();
    first?.destroy();
    listener.close();
    await calls('once');

    const peer = await Peer.at(door);
    expect(await peer.hears('hello')).toContain(`out=${capture} `);
    const status = Listener.numbers(await peer.hears('status'));
    expect(status['attempts']).toBeGreaterThan(0);
    await (await Peer.at(door)).turnedAway();
    peer.say('snapshot\n');
    await peer.hears('snapshot');
    // The next one comes before it was noticed that this one is gone.
    recorder.process.kill('SIGSTOP');
    peer.hangUp();
    const next = await Peer.at(door);
    recorder.process.kill('SIGCONT');
    await next.hears('hello');
    next.say('stop\n');
    await next.hears('stopped reason=request');
    expect(await recorder.ended).toMatchObject({ code: 0 });
    expect(infoOf(capture)).toMatchObject({ completeness: 'finished', stopReason: 'request', losses: { lost: 0 } });
  });

  test('with --keep nobody of another user is taken, not even root', async () => {
    const folder = join(work, 'nobodys');
    mkdirSync(folder);
    chmodSync(work, 0o755);
    chownSync(folder, NOBODY, NOBODY);
    const listener = await new Listener(join(work, 'nobody-line')).listen();
    const [capture, door] = [join(folder, 'kept.modtrail'), join(folder, 'door')];
    const words = ['--out', capture, '--control', listener.path, '--keep', door, '--user', String(NOBODY)];
    const recorder = new Recorder([...words, '--duration', '60']);
    await listener.hears('status');
    listener.close();
    await (await Peer.at(door)).turnedAway();
    expect(await recorder.stop()).toMatchObject({ code: 0 });
    expect(infoOf(capture)).toMatchObject({ completeness: 'finished', stopReason: 'signal' });
  });

  test('a listener of another user is not obeyed', async () => {
    const capture = join(work, 'foreign.modtrail');
    const script = `import os, socket, sys, time
os.umask(0); s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen(1)
print('listening', flush=True); time.sleep(20)`;
    const path = `/tmp/modtrail-foreign-${String(process.pid)}`;
    const other = spawn('python3', ['-c', script, path], {
      uid: NOBODY,
      gid: NOBODY,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(other.stdout, 'data');
    for (const user of ['0', '12345']) {
      const end = await recorderEnds(['--out', capture, '--control', path, '--user', user]);
      expectRefusal(end, /belongs to another user \(65534\)/);
    }
    other.kill();
    rmSync(path, { force: true });
    expect(existsSync(capture)).toBe(false);
  });

  test('sockets that are none', async () => {
    const capture = join(work, 'alone.modtrail');
    const file = join(work, 'plain');
    writeFileSync(file, '');
    const link = join(work, 'dangling');
    symlinkSync(join(work, 'nowhere'), link);
    const ends = (path: string) => recorderEnds(['--out', capture, '--control', path]);
    expectRefusal(await ends(join(work, 'no-socket')), /does not answer: No such file/);
    expectRefusal(await ends(file), /does not answer: Connection refused/);
    expectRefusal(await ends(link), /does not answer: No such file/);
    expectRefusal(await ends(work), /does not answer/);
    expectRefusal(await ends(`/tmp/${'x'.repeat(200)}`), /longer than 107 bytes/);
    expect(existsSync(capture)).toBe(false);
  });

  test('a second recorder on the same line, and one on the same file', async () => {
    const { listener, recorder, capture } = await connect();
    const first = listener.peer;
    await listener.hears('hello');
    expectRefusal(await recorderEnds(['--out', capture]), /exists already/);
    // As the app does: whoever comes second is turned away.
    listener.server.on('connection', (peer) => peer.destroy());
    const second = join(work, 'second.modtrail');
    expect(await recorderEnds(['--out', second, '--control', listener.path])).toMatchObject({ code: 0 });
    expect(infoOf(second)).toMatchObject({ completeness: 'finished', stopReason: 'peer-gone' });
    first?.write('stop\n');
    expect(await recorder.ended).toMatchObject({ code: 0 });
    expect(infoOf(capture)).toMatchObject({ completeness: 'finished', stopReason: 'request' });
    listener.close();
  });
});
