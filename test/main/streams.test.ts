/** Streams as sessions: over ssh (a script in its place, the recorder real), from a path, refused, called off. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Notices } from '#contract/api.ts';
import type { RecordingState } from '#contract/recording.ts';
import { ok } from '#contract/result.ts';
import { Captures } from '../../main/app/captures.ts';
import { sshWords } from '../../main/app/recorder/receiver.ts';
import { Recording } from '../../main/app/recorder/recording.ts';
import { StoreClient } from '../../main/app/store-client.ts';
import { COLLECTOR, NODE, ROOT } from '../../scripts/places.ts';
import { OwnCall } from '../native/own-call.ts';

const isRoot = process.getuid?.() === 0;

test('ssh gets fixed words, and the address behind the mark that ends its options', () => {
  expect(sshWords({ from: 'ssh', host: 'db-1', user: 'root', port: 2222, program: './modtrail-collector' })).toEqual([
    ...['-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=20', '-o', 'ServerAliveInterval=5'],
    ...['-p', '2222', '-l', 'root', '--', 'db-1', './modtrail-collector', '--stdout'],
  ]);
});

describe.skipIf(!isRoot || !existsSync(COLLECTOR))('with the real recorder, as root', () => {
  const path = process.env['PATH'];
  let folder: string;
  let file: string;
  let states: RecordingState[];
  let store: StoreClient;
  let grown: Notices['grown'][];
  let recording: Recording;

  /** Puts a script in ssh's place. */
  function asSsh(script: string): void {
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin/ssh'), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, 'bin/ssh'), 0o755);
    process.env['PATH'] = `${join(folder, 'bin')}${delimiter}${path ?? ''}`;
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'modtrail-streams-'));
    file = join(folder, 'new.modtrail');
    states = [];
    grown = [];
    store = new StoreClient({ execPath: NODE, entry: join(ROOT, 'main/store/store.ts') });
    const captures = new Captures(store, (notice) => void grown.push(notice));
    recording = new Recording({ collector: COLLECTOR, captures, tell: (state) => void states.push(state) });
  });

  afterEach(async () => {
    process.env['PATH'] = path;
    await recording.stop();
    await store.end();
    rmSync(folder, { recursive: true, force: true });
  });

  test('over ssh: what is called there is shown here, and stop ends the recorder there in order', async () => {
    asSsh(`printf '%s\\n' "$@" > ${join(folder, 'said')}; exec ${COLLECTOR} --stdout`);
    const started = await recording.attach(file, { from: 'ssh', host: 'there', program: 'modtrail-collector' });
    expect(started).toMatchObject({ ok: true, value: { info: { completeness: 'recording' } } });
    expect(states[0]).toMatchObject({ state: 'starting', stream: true });
    const own = new OwnCall();
    own.make();
    await vi.waitUntil(() => (grown.at(-1)?.info.attempts ?? 0) > 0, { timeout: 10_000 });
    await vi.waitUntil(() => states.some((state) => state.state === 'recording' && state.silent !== undefined), {
      timeout: 10_000,
    });
    expect(await recording.stop()).toEqual(ok(null));
    expect(grown.at(-1)?.info).toMatchObject({ completeness: 'finished', stopReason: 'request' });
    expect(own.in(file)).toHaveLength(1);
    expect(states.at(-1)).toEqual({ state: 'idle' });
    expect(readFileSync(join(folder, 'said'), 'utf8').split('\n').slice(-4, -1)).toEqual([
      'there',
      'modtrail-collector',
      '--stdout',
    ]);
    expect(readdirSync(folder).sort()).toEqual(['bin', 'new.modtrail', 'said']);
  });

  test('one that breaks off is told, and what came is kept', async () => {
    asSsh(`echo $$ > ${join(folder, 'pid')}; exec ${COLLECTOR} --stdout`);
    const started = await recording.attach(file, { from: 'ssh', host: 'there', program: 'modtrail-collector' });
    expect(started.ok).toBe(true);
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGKILL');
    await vi.waitUntil(() => states.at(-1)?.state === 'failed', { timeout: 10_000 });
    const told = states.at(-1);
    expect(told?.state === 'failed' && told.error.message).toBe(
      'the recording ended by itself: the stream broke off; what came before its last commit is there; ' +
        `what was recorded until then is in ${file}`,
    );
    expect(grown.at(-1)?.info.completeness).toBe('unfinished');
  });

  test('what ssh says of why one breaks off is told beside it', async () => {
    const cut = join(folder, 'cut');
    asSsh(
      `${COLLECTOR} --stdout & until [ -e ${cut} ]; do sleep 0.05; done; kill -9 $!; ` +
        'echo "client_loop: send disconnect: Broken pipe" >&2; exit 255',
    );
    const started = await recording.attach(file, { from: 'ssh', host: 'there', program: 'modtrail-collector' });
    expect(started.ok).toBe(true);
    writeFileSync(cut, '');
    await vi.waitUntil(() => states.at(-1)?.state === 'failed', { timeout: 10_000 });
    const told = states.at(-1);
    expect(told?.state === 'failed' && told.error.message).toMatch(
      /broke off; what came.*; the other machine says: client_loop: send disconnect: Broken pipe; what was recorded/,
    );
  });

  test('what the receiver finds wrong with what came counts more than what follows from it', async () => {
    asSsh(`echo "Welcome to there"; sleep 0.2; exec ${COLLECTOR} --stdout`);
    const answer = await recording.attach(file, { from: 'ssh', host: 'there', program: 'modtrail-collector' });
    expect(!answer.ok && answer.error.message).toBe(
      'what arrives is no stream of a recorder: it does not begin as one',
    );
    expect(existsSync(file)).toBe(false);
  });

  test('an end of ssh without a word is told with its code', async () => {
    asSsh('exit 255');
    const answer = await recording.attach(file, { from: 'ssh', host: 'there', program: 'modtrail-collector' });
    expect(!answer.ok && answer.error.message).toBe('ssh ended with code 255');
  });

  test('what the other machine says of why nothing comes is the answer', async () => {
    asSsh('echo "root@there: Permission denied (publickey)." >&2; exit 255');
    const answer = await recording.attach(file, { from: 'ssh', host: 'there', program: 'modtrail-collector' });
    expect(answer).toMatchObject({ ok: false, error: { code: 'collector-failed' } });
    expect(!answer.ok && answer.error.message).toMatch(/the other machine says: .*Permission denied.*no terminal here/);
    expect(existsSync(file)).toBe(false);
    expect(states.at(-1)).toEqual({ state: 'idle' });
  });

  test('a wait for one that does not begin is called off', async () => {
    asSsh('exec sleep 1000');
    const answer = recording.attach(file, { from: 'ssh', host: 'there', program: 'modtrail-collector' });
    await vi.waitUntil(() => states.at(-1)?.state === 'starting');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await recording.stop()).toEqual(ok(null));
    expect((await answer).ok).toBe(false);
    expect(recording.running).toBe(false);
    expect(existsSync(file)).toBe(false);
  });

  test('a saved stream is a capture when it has been read', async () => {
    const saved = join(folder, 'saved.stream');
    spawnSync('sh', ['-c', `${COLLECTOR} --stdout --duration 0.5 > ${saved}`]);
    const started = await recording.attach(file, { from: 'path', path: saved });
    expect(started.ok).toBe(true);
    await vi.waitUntil(() => states.at(-1)?.state === 'idle', { timeout: 10_000 });
    expect(grown.at(-1)?.info).toMatchObject({ completeness: 'finished', stopReason: 'duration' });
  });

  test('a path that holds no stream is told in one sentence', async () => {
    const answer = await recording.attach(file, { from: 'path', path: join(ROOT, 'package.json') });
    expect(!answer.ok && answer.error.message).toContain('is no stream of a recorder');
    expect(existsSync(file)).toBe(false);
  });
});
