/** Captures that others record: noticed as they grow, and let go of when they are finished. Real recorder, as root. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, linkSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Notices } from '#contract/api.ts';
import { fail } from '#contract/result.ts';
import { Captures } from '../../main/app/captures.ts';
import { StoreClient } from '../../main/app/store-client.ts';
import { COLLECTOR, NODE, ROOT, SAMPLE } from '../../scripts/places.ts';

let folder: string;
let store: StoreClient;
let captures: Captures;
let grown: Notices['grown'][];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modtrail-captures-'));
  grown = [];
  store = new StoreClient({ execPath: NODE, entry: join(ROOT, 'main/store/store.ts') });
  captures = new Captures(store, (notice) => void grown.push(notice));
});

afterEach(async () => {
  await store.end();
  rmSync(folder, { recursive: true, force: true });
});

describe('the list', () => {
  test('a file that is open already keeps its id, by whatever link it is named', async () => {
    const file = join(folder, 'a.modtrail');
    const link = join(folder, 'link.modtrail');
    copyFileSync(SAMPLE, file);
    symlinkSync(file, link);
    const first = await captures.open(file);
    const again = await captures.open(link);
    expect(first.ok && again.ok && first.value.id === again.value.id).toBe(true);
    expect(captures.list().map(({ name }) => name)).toEqual(['a.modtrail']);
    expect(captures.pathOf(captures.list()[0]?.id ?? '')).toBe(file);
  });

  test('closing forgets, and the next opening is a new one', async () => {
    const first = await captures.open(SAMPLE);
    const id = first.ok ? first.value.id : '';
    await captures.close(id);
    expect(captures.list()).toEqual([]);
    const again = await captures.open(SAMPLE);
    expect(again.ok && again.value.id).not.toBe(id);
  });

  test('a finished capture is not watched', async () => {
    const refresh = vi.spyOn(store, 'refresh');
    const file = join(folder, 'hard.modtrail');
    copyFileSync(SAMPLE, join(folder, 'b.modtrail'));
    linkSync(join(folder, 'b.modtrail'), file);
    await captures.open(file);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(refresh).not.toHaveBeenCalled();
  });
});

describe('a store process that ends by itself', () => {
  test('is told, and the window asks again for what it shows', async () => {
    const ended = vi.fn(() => {
      captures.storeEnded();
    });
    store.onEnd = ended;
    await captures.open(SAMPLE);
    const told = grown.length;
    if (store.pid !== undefined) process.kill(store.pid, 'SIGKILL');
    await vi.waitUntil(() => grown.length > told, { timeout: 10_000 });
    expect(ended).toHaveBeenCalledOnce();
  });

  test('by a capture that ends it each time is not started again and again', async () => {
    const refresh = vi.spyOn(store, 'refresh').mockImplementation(() => {
      captures.storeEnded();
      return Promise.resolve(fail('store-gone', 'ended'));
    });
    await captures.open(SAMPLE);
    captures.storeEnded();
    await vi.waitUntil(() => refresh.mock.calls.length > 0);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(refresh).toHaveBeenCalledOnce();
  });

  test('is not told when it was asked to', async () => {
    const ended = vi.fn();
    store.onEnd = ended;
    await captures.open(SAMPLE);
    await store.end();
    expect(ended).not.toHaveBeenCalled();
  });
});

describe.skipIf(process.getuid?.() !== 0 || !existsSync(COLLECTOR))('a capture that grows', () => {
  // It may hold other calls than the test's own: all of this machine's are recorded.
  let recorder: ChildProcess;
  let file: string;

  beforeEach(async () => {
    file = join(folder, 'growing.modtrail');
    recorder = spawn(COLLECTOR, ['--out', file], { stdio: ['ignore', 'ignore', 'pipe'] });
    if (recorder.stderr) await once(recorder.stderr, 'data');
  });

  afterEach(() => {
    recorder.kill('SIGKILL');
  });

  test('is told while it grows, and its recorder leaves one file in the end', async () => {
    const opened = await captures.open(file);
    expect(opened).toMatchObject({ ok: true, value: { info: { completeness: 'recording' } } });
    spawnSync('python3', ['-c', 'import ctypes; ctypes.CDLL(None).syscall(313, -1, b"", 0)']);
    await vi.waitUntil(() => (grown.at(-1)?.info.attempts ?? 0) >= 1, { timeout: 3000 });

    recorder.kill('SIGTERM');
    const [code] = (await once(recorder, 'exit')) as [number];
    expect(code).toBe(0);
    await vi.waitUntil(() => grown.at(-1)?.info.completeness === 'finished', { timeout: 3000 });
    expect(readdirSync(folder)).toEqual(['growing.modtrail']);
    const info = await store.ask('captureInfo', captures.list()[0]?.id ?? '');
    const attempts = grown.at(-1)?.info.attempts;
    expect(info).toMatchObject({ ok: true, value: { completeness: 'finished', attempts } });
  });

  test('is watched again after the store process ended', async () => {
    store.onEnd = () => {
      captures.storeEnded();
    };
    await captures.open(file);
    if (store.pid !== undefined) process.kill(store.pid, 'SIGKILL');
    await vi.waitUntil(() => store.pid === undefined);
    spawnSync('python3', ['-c', 'import ctypes; ctypes.CDLL(None).syscall(313, -1, b"", 0)']);
    await vi.waitUntil(() => (grown.at(-1)?.info.attempts ?? 0) >= 1, { timeout: 15_000 });
  });
});
