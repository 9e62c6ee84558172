/** Live sessions: how they begin and end with a scripted recorder, and as root with the real one. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Notices, OpenCapture } from '#contract/api.ts';
import type { Attempt } from '#contract/attempt.ts';
import type { RecordingState } from '#contract/recording.ts';
import { fail, ok, type Result } from '#contract/result.ts';
import { Captures } from '../../main/app/captures.ts';
import { RecordingJournal, type Begun } from '../../main/app/recorder/journal.ts';
import { Recording, type Surroundings } from '../../main/app/recorder/recording.ts';
import { StoreClient } from '../../main/app/store-client.ts';
import { COLLECTOR, NODE, ROOT } from '../../scripts/places.ts';
import { OwnCall } from '../native/own-call.ts';

let folder: string;
let file: string;
let states: RecordingState[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modtrail-rec-'));
  file = join(folder, 'new.modtrail');
  states = [];
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const tell = (state: RecordingState): void => void states.push(state);
const last = (): RecordingState | undefined => states.at(-1);

describe('with a scripted recorder', () => {
  const captures = {
    open: vi.fn((path: string) => Promise.resolve(ok({ id: 'c1', name: path } as OpenCapture) as Result<OpenCapture>)),
    hold: vi.fn(() => Promise.resolve()),
    resume: vi.fn(() => Promise.resolve()),
  };

  beforeEach(() => {
    vi.clearAllMocks();
  });

  /** A caller on the line; what goes wrong there shows in what it does not get. */
  function call(words: readonly string[]): Socket {
    return connect(words[words.indexOf('--control') + 1] ?? '').on('error', () => undefined);
  }

  /** A recording whose collector is the given script; the script gets the line and says how the process ended. */
  function scripted(script: (line: Socket, words: readonly string[]) => Promise<Result<null>>): Recording {
    const run: NonNullable<Surroundings['run']> = async (words) => {
      const line = call(words);
      await new Promise((resolve) => line.once('connect', resolve));
      const outcome = await script(line, words);
      line.end();
      return outcome;
    };
    return new Recording({ collector: process.execPath, captures, tell, run });
  }

  const HELLO = 'hello version=1 format=1 pid=1 out=/elsewhere attached=1 unavailable=0\n';
  const untilStop = (line: Socket): Promise<unknown> => new Promise((resolve) => line.once('data', resolve));

  test('goes from start to stop, off the file while it is finished', async () => {
    const recording = scripted(async (line) => {
      line.write(`${HELLO}status events=4 calls=1 lost=0 bytes=4096\n`);
      await untilStop(line);
      line.write('finishing\nstopped reason=request events=5 calls=1 lost=0\n');
      return ok(null);
    });
    expect(await recording.start(file)).toMatchObject({ ok: true, value: { id: 'c1' } });
    // The collector's word for where the file lies is not trusted.
    expect(captures.open).toHaveBeenCalledWith(file);
    expect(recording.records('c1')).toBe(true);
    await vi.waitUntil(() => last()?.state === 'recording');
    expect(await recording.start(join(folder, 'second'))).toMatchObject({ ok: false, error: { code: 'busy' } });
    expect(await recording.stop()).toEqual(ok(null));
    expect(captures.hold.mock.invocationCallOrder[0]).toBeLessThan(captures.resume.mock.invocationCallOrder[0] ?? 0);
    expect([...new Set(states.map(({ state }) => state))]).toEqual(['starting', 'recording', 'stopping', 'idle']);
    expect(recording.running).toBe(false);
  });

  test('counts are told as they come', async () => {
    const recording = scripted(async (line) => {
      line.write(HELLO);
      await new Promise((resolve) => setTimeout(resolve, 50));
      line.write('nonsense\nstatus events=9 calls=2 lost=1 bytes=18446744073709551\n');
      await untilStop(line);
      line.write('finishing\nstopped reason=request events=9 calls=2 lost=1\n');
      return ok(null);
    });
    await recording.start(file);
    await vi.waitUntil(() => states.some((state) => state.state === 'recording' && state.events === 9));
    expect(last()).toMatchObject({
      calls: 2,
      lost: 1,
      bytes: '18446744073709551',
      capture: 'c1',
      file: 'new.modtrail',
    });
    await recording.stop();
  });

  describe('where nobody can ask for rights', () => {
    const refused = fail('not-authorised', 'nobody asks');
    let words: readonly string[] = [];
    const byHand = (): Recording =>
      new Recording({
        ...{ collector: process.execPath, captures, tell },
        run: (given) => {
          words = given;
          return Promise.resolve({ ...refused, byHand: true as const });
        },
      });

    test('the line for a terminal is told, and the recorder that it starts is attached to', async () => {
      const recording = byHand();
      const started = recording.start(file);
      await vi.waitUntil(() => last()?.state === 'starting' && 'byHand' in (last() ?? {}));
      expect(last()).toMatchObject({ byHand: { command: `sudo ${words.join(' ')}`, reason: 'nobody asks' } });
      // Whatever lies there now is another's.
      writeFileSync(file, '');
      expect(recording.recorded).toBeUndefined();
      const line = call(words);
      line.write(HELLO);
      expect(await started).toMatchObject({ ok: true });
      expect(recording.recorded).toMatchObject({ file, capture: 'c1' });
      const asked = untilStop(line);
      const stopped = recording.stop();
      await asked;
      line.end('finishing\nstopped reason=request events=0 calls=0 lost=0\n');
      expect(await stopped).toEqual(ok(null));
      expect(recording.running).toBe(false);
    });

    test('the wait for it can be called off', async () => {
      const recording = byHand();
      const started = recording.start(file);
      await vi.waitUntil(() => 'byHand' in (last() ?? {}));
      expect(await recording.stop()).toEqual(ok(null));
      expect(await started).toMatchObject({ ok: false, error: { code: 'dismissed' } });
      expect(last()).toEqual({ state: 'idle' });
    });
  });

  test('a recorder that connects and says nothing is not waited for', async () => {
    let hungUp = false;
    const run: NonNullable<Surroundings['run']> = async (words) => {
      const line = call(words);
      await new Promise((resolve) => line.once('close', resolve));
      hungUp = true;
      return ok(null);
    };
    const recording = new Recording({ collector: process.execPath, captures, tell, run, helloLimit: 50 });
    expect(await recording.start(file)).toMatchObject({
      ok: false,
      error: { code: 'collector-failed', message: expect.stringContaining('does not say that it records') as string },
    });
    await vi.waitUntil(() => hungUp);
    expect(recording.running).toBe(false);
    expect(last()).toEqual({ state: 'idle' });
  });

  test('whoever wants no bytes of modules says so to the recorder', async () => {
    const asked: (readonly string[])[] = [];
    for (const images of [true, false]) {
      const recording = scripted(async (line, words) => {
        asked.push(words);
        line.write(HELLO);
        await untilStop(line);
        line.write('finishing\nstopped reason=request events=1 calls=0 lost=0\n');
        return ok(null);
      });
      await recording.start(file, { images });
      await recording.stop();
    }
    expect(asked.map((words) => words.includes('--no-images'))).toEqual([false, true]);
  });

  test('a recorder that had to stop says why, and its file is whole', async () => {
    const recording = scripted(async (line) => {
      line.write(HELLO);
      await new Promise((resolve) => setTimeout(resolve, 50));
      line.write('finishing\nstopped reason=disk-full detail=No%20space%20left events=1 calls=0 lost=0\n');
      return ok(null);
    });
    await recording.start(file);
    await vi.waitUntil(() => last()?.state === 'failed');
    expect(last()).toMatchObject({
      error: { message: expect.stringContaining('by itself: the disk is full: No space left') as string },
    });
    expect(captures.resume).toHaveBeenCalledWith('c1');
  });

  test.each([
    ['closed dialog', fail('dismissed', 'closed')],
    ['refusal', fail('not-authorised', 'refused')],
    ['failure', fail('collector-failed', 'no BPF here')],
  ])('a %s at the start is the answer, and nothing runs', async (_what, outcome) => {
    const recording = new Recording({
      collector: process.execPath,
      captures,
      tell,
      run: () => Promise.resolve(outcome),
    });
    expect(await recording.start(file)).toEqual(outcome);
    expect(last()).toEqual({ state: 'idle' });
    expect(recording.running).toBe(false);
    expect(captures.open).not.toHaveBeenCalled();
  });

  test('what the recorder itself says of its failure counts more than its exit code', async () => {
    const recording = scripted((line) => {
      line.write('error code=recording-failed text=no%20room%20left\n');
      return Promise.resolve(fail('collector-failed', 'the recorder ended with code 2'));
    });
    expect(await recording.start(file)).toMatchObject({ error: { message: 'no room left' } });
  });

  test('a recorder that dies is told, and what it left is opened', async () => {
    const recording = scripted((line) => {
      line.write(HELLO);
      return new Promise((resolve) => setTimeout(resolve, 100, fail('collector-failed', 'ended with a signal')));
    });
    await recording.start(file);
    await vi.waitUntil(() => last()?.state === 'failed');
    expect(last()).toMatchObject({ error: { message: expect.stringContaining(file) as string } });
    expect(captures.resume).toHaveBeenCalledWith('c1');
    expect(recording.running).toBe(false);
  });

  test('one that dies while it is given up leaves no word of a file that is deleted then', async () => {
    const recording = scripted(async (line) => {
      line.write(HELLO);
      await untilStop(line);
      return fail('collector-failed', 'ended with a signal');
    });
    await recording.start(file);
    expect(await recording.giveUp()).toEqual(ok(null));
    expect(states.some(({ state }) => state === 'failed')).toBe(false);
    expect(last()).toEqual({ state: 'idle' });
    expect(captures.resume).not.toHaveBeenCalled();
    expect(recording.running).toBe(false);
  });

  test('a second caller on the line is turned away', async () => {
    let turnedAway = false;
    const recording = scripted(async (line, words) => {
      const stranger = call(words);
      stranger.write(HELLO);
      await new Promise((resolve) => stranger.once('close', resolve));
      turnedAway = true;
      line.write(HELLO);
      await untilStop(line);
      line.write('finishing\nstopped reason=request events=1 calls=0 lost=0\n');
      return ok(null);
    });
    await recording.start(file);
    expect(turnedAway).toBe(true);
    await recording.stop();
  });

  test('the line lies in a private folder, which goes with it', async () => {
    let path = '';
    let mode = 0;
    const recording = scripted(async (line, words) => {
      path = words[words.indexOf('--control') + 1] ?? '';
      mode = statSync(dirname(path)).mode & 0o777;
      line.write(HELLO);
      await untilStop(line);
      line.write('finishing\nstopped reason=request events=1 calls=0 lost=0\n');
      return ok(null);
    });
    await recording.start(file);
    expect(mode).toBe(0o700);
    await recording.stop();
    expect(existsSync(dirname(path))).toBe(false);
  });

  describe('where its line cannot be tidied up', () => {
    const untidy = vi.spyOn(process.stderr, 'write');

    beforeEach(() => {
      untidy.mockReturnValue(true);
    });

    afterEach(() => {
      untidy.mockRestore();
    });

    test('the recording is over all the same, and its file is shown', async () => {
      const recording = scripted(async (line, words) => {
        mkdirSync(join(dirname(words[words.indexOf('--control') + 1] ?? ''), 'door'));
        line.write(HELLO);
        await untilStop(line);
        line.write('finishing\nstopped reason=request events=1 calls=0 lost=0\n');
        return ok(null);
      });
      await recording.start(file);
      expect(await recording.stop()).toEqual(ok(null));
      expect(captures.resume).toHaveBeenCalledWith('c1');
      expect(recording.running).toBe(false);
      expect(untidy).toHaveBeenCalled();
    });
  });

  describe('when the app ends while it starts', () => {
    /** One that has connected and says nothing yet. */
    async function starting(): Promise<{ recording: Recording; heard: string[]; folder: string; line: Socket }> {
      const heard: string[] = [];
      let [words, line]: [readonly string[], Socket | undefined] = [[], undefined];
      const recording = scripted(async (socket, given) => {
        [words, line] = [given, socket];
        socket.on('data', (bytes) => heard.push(String(bytes)));
        await untilStop(socket);
        return ok(null);
      });
      void recording.start(file, { images: true, keep: true });
      const found = await vi.waitUntil(() => line);
      return { recording, heard, folder: dirname(words[words.indexOf('--control') + 1] ?? ''), line: found };
    }

    test('one that would outlive it is told to end, where that was chosen', async () => {
      const { recording, heard, folder: lines } = await starting();
      recording.keepNoMore();
      await recording.end();
      expect(heard).toEqual(['stop\n']);
      expect(existsSync(lines)).toBe(false);
    });

    test('one that is to outlive it is left alone', async () => {
      const { recording, heard, folder: lines, line } = await starting();
      await recording.end();
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(heard).toEqual([]);
      expect(existsSync(join(lines, 'line'))).toBe(true);
      line.destroy();
    });

    test('one that has not connected finds nobody any more', async () => {
      let lines = '';
      const run: NonNullable<Surroundings['run']> = (words) => {
        lines = dirname(words[words.indexOf('--control') + 1] ?? '');
        return new Promise(() => undefined);
      };
      const recording = new Recording({ collector: process.execPath, captures, tell, run });
      void recording.start(file, { images: true, keep: true });
      await vi.waitUntil(() => lines !== '' && existsSync(lines));
      await recording.end();
      expect(existsSync(lines)).toBe(false);
    });
  });

  describe('that outlived the app', () => {
    const greetings = new Set<Server>();

    afterEach(() => {
      for (const one of greetings) one.close();
    });

    /** A recorder at its door. */
    async function kept(): Promise<Begun> {
      const line = mkdtempSync(join(folder, 'line-'));
      const door = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.write(HELLO);
      }).listen(join(line, 'door'));
      greetings.add(door);
      await new Promise((resolve) => door.once('listening', resolve));
      const journal = new RecordingJournal(join(folder, 'recordings.json'));
      journal.begin(join(folder, 'kept.modtrail'), 'here', line);
      const [begun] = new RecordingJournal(join(folder, 'recordings.json')).left();
      if (!begun) throw new Error('nothing was written down');
      return begun;
    }

    test('and cannot be shown is offered again, whatever comes after', async () => {
      const begun = await kept();
      const journal = new RecordingJournal(join(folder, 'recordings.json'));
      const recording = new Recording({ collector: join(folder, 'none'), captures, journal, tell });
      captures.open.mockResolvedValueOnce(fail('damaged', 'not now'));
      expect(await recording.rejoin(begun)).toBeUndefined();
      expect(recording.running).toBe(false);
      expect(await recording.start(file)).toMatchObject({ error: { code: 'collector-missing' } });
      expect(journal.left()).toEqual([begun]);
      expect(new RecordingJournal(join(folder, 'recordings.json')).left()).toEqual([begun]);
    });

    test('keeps another one from beginning while it is looked for', async () => {
      const begun = await kept();
      const recording = new Recording({ collector: join(folder, 'none'), captures, tell });
      const rejoined = recording.rejoin(begun);
      expect(await recording.start(file)).toMatchObject({ error: { code: 'busy' } });
      expect(await rejoined).toMatchObject({ id: 'c1' });
      expect(recording.records('c1')).toBe(true);
      await recording.end();
    });
  });

  test('a store process that ends again and again does not end a recording that has begun', async () => {
    const recording = scripted(async (line) => {
      line.write(HELLO);
      await untilStop(line);
      line.write('finishing\nstopped reason=request events=1 calls=0 lost=0\n');
      return ok(null);
    });
    const gone = fail('store-gone', 'ended');
    captures.open.mockResolvedValueOnce(gone).mockResolvedValueOnce(gone).mockResolvedValueOnce(gone);
    expect(await recording.start(file)).toMatchObject({ ok: true });
    await recording.stop();
  });

  test('a file that is there is not touched', async () => {
    writeFileSync(file, 'evidence');
    const run = vi.fn();
    const recording = new Recording({ collector: process.execPath, captures, tell, run });
    expect(await recording.start(file)).toMatchObject({ error: { code: 'already-exists' } });
    expect(run).not.toHaveBeenCalled();
  });

  test('a recorder that is not there is told', async () => {
    const recording = new Recording({ collector: join(folder, 'none'), captures, tell });
    expect(await recording.start(file)).toMatchObject({ error: { code: 'collector-missing' } });
  });

  test('a recorder that is there and may not be executed is not said to be missing', async () => {
    const plain = join(folder, 'plain');
    writeFileSync(plain, '', { mode: 0o644 });
    const recording = new Recording({ collector: plain, captures, tell });
    expect(await recording.start(file)).toMatchObject({
      error: { code: 'collector-failed', message: expect.stringContaining('may not be executed') as string },
    });
  });

  test('stop without a recording is fine', async () => {
    const recording = new Recording({ collector: process.execPath, captures, tell });
    expect(await recording.stop()).toEqual(ok(null));
  });
});

const isRoot = process.getuid?.() === 0;

describe.skipIf(!isRoot || !existsSync(COLLECTOR))('with the real recorder, as root', () => {
  let store: StoreClient;
  let captures: Captures;
  let recording: Recording;
  let grown: Notices['grown'][];

  beforeEach(() => {
    grown = [];
    store = new StoreClient({ execPath: NODE, entry: join(ROOT, 'main/store/store.ts') });
    captures = new Captures(store, (notice) => void grown.push(notice));
    recording = new Recording({ collector: COLLECTOR, captures, tell });
  });

  afterEach(async () => {
    await recording.stop();
    await store.end();
  });

  async function found(own: OwnCall, id: string): Promise<Attempt[]> {
    const attempts = await store.ask('attempts', id, { sort: 'time', descending: false, start: 0, limit: 100 });
    return own.among(attempts.ok ? attempts.value.rows : []);
  }

  test('a call is on the screen within a second, and the file is whole in the end', async () => {
    const started = await recording.start(file);
    expect(started).toMatchObject({ ok: true, value: { info: { completeness: 'recording' } } });
    const id = started.ok ? started.value.id : '';
    const own = new OwnCall();
    expect(await found(own, id)).toEqual([]);
    own.make();
    const called = performance.now();
    await vi.waitUntil(async () => grown.length > 0 && (await found(own, id)).length > 0, {
      timeout: 5000,
      interval: 10,
    });
    expect(performance.now() - called).toBeLessThan(1000);

    expect(await recording.stop()).toEqual(ok(null));
    expect(readdirSync(folder)).toEqual(['new.modtrail']);
    expect(grown.at(-1)?.info).toMatchObject({ completeness: 'finished', stopReason: 'request' });
    expect(await found(own, id)).toMatchObject([{ kind: 'finit_module', process: { comm: 'python3' } }]);
    expect(last()).toEqual({ state: 'idle' });
  });

  test('a recorder that is killed leaves what it had', async () => {
    const started = await recording.start(file);
    const id = started.ok ? started.value.id : '';
    const own = new OwnCall();
    own.make();
    await vi.waitUntil(async () => (await found(own, id)).length > 0, { timeout: 5000 });
    execFileSync('pkill', ['-KILL', '-f', `modtrail-collector --out ${file} `]);
    await vi.waitUntil(() => last()?.state === 'failed', { timeout: 5000 });
    const info = await store.ask('captureInfo', id);
    expect(info).toMatchObject({ ok: true, value: { completeness: 'unfinished' } });
    expect(await found(own, id)).toHaveLength(1);
  });

  test('one that is kept goes on without the app, and the next run stops it; its line is tidied up', async () => {
    const path = join(folder, 'recordings.json');
    const journal = new RecordingJournal(path);
    const first = new Recording({ collector: COLLECTOR, captures, journal, tell });
    expect(await first.start(file, { images: true, keep: true })).toMatchObject({ ok: true });
    expect(last()).toMatchObject({ state: 'recording', keeps: true });
    await first.end();
    const own = new OwnCall();
    own.make();

    const next = new RecordingJournal(path);
    const [begun] = next.left();
    const line = begun?.line ?? '';
    expect(existsSync(line)).toBe(true);
    recording = new Recording({ collector: COLLECTOR, captures, journal: next, tell });
    const rejoined = begun && (await recording.rejoin(begun));
    expect(rejoined).toMatchObject({ name: 'new.modtrail' });
    expect(recording.keeps).toBe(true);
    await vi.waitUntil(async () => (await found(own, rejoined?.id ?? '')).length > 0, { timeout: 5000 });
    expect(await recording.stop()).toEqual(ok(null));
    expect(grown.at(-1)?.info).toMatchObject({ completeness: 'finished', stopReason: 'request' });
    expect(existsSync(line)).toBe(false);
    expect(new RecordingJournal(path).left()).toEqual([]);
  });

  test('one that was to be kept ends where that is given up while it starts', async () => {
    const path = join(folder, 'recordings.json');
    recording = new Recording({ collector: COLLECTOR, captures, journal: new RecordingJournal(path), tell });
    const started = recording.start(file, { images: true, keep: true });
    const line = await vi.waitUntil(() => new RecordingJournal(path).left()[0]?.line, { interval: 5 });
    await vi.waitUntil(() => existsSync(join(line, 'door')), { timeout: 5000, interval: 5 });
    recording.keepNoMore();
    await recording.end();
    await started;
    await vi.waitUntil(() => spawnSync('pgrep', ['-f', `modtrail-collector --out ${file} `]).status === 1);
    expect(existsSync(line)).toBe(false);
  });

  test('one that is kept and has ended meanwhile is not met again', async () => {
    const path = join(folder, 'recordings.json');
    const first = new Recording({ collector: COLLECTOR, captures, journal: new RecordingJournal(path), tell });
    await first.start(file, { images: true, keep: true });
    await first.end();
    execFileSync('pkill', ['-TERM', '-f', `modtrail-collector --out ${file} `]);
    const [begun] = new RecordingJournal(path).left();
    await vi.waitUntil(() => !existsSync(`${file}-wal`), { timeout: 5000 });
    const { line = '' } = begun ?? {};
    await vi.waitUntil(async () => begun && (await recording.rejoin(begun)) === undefined && !existsSync(line));
    expect(recording.running).toBe(false);
  });

  test('a folder that cannot be written to is told in the words of the recorder', async () => {
    const answer = await recording.start('/proc/new.modtrail');
    expect(answer).toMatchObject({ ok: false, error: { code: 'collector-failed' } });
    expect(!answer.ok && answer.error.message).toContain('/proc/new.modtrail');
  });
});
