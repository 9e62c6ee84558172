/** The store process itself, on the pinned Node and from its source, with real captures. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { StoreClient } from '../../main/app/store-client.ts';
import { StoreProcess, type StoreProgram } from '../../main/app/store-process.ts';
import { NODE, ROOT, SAMPLE } from '../../scripts/places.ts';

const PROGRAM: StoreProgram = { execPath: NODE, entry: join(ROOT, 'main/store/store.ts') };
const PAGE = { sort: 'time', descending: false, start: 0, limit: 5 } as const;

let folder: string;
let store: StoreClient;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modtrail-store-'));
  store = new StoreClient(PROGRAM);
});

afterEach(async () => {
  await store.end();
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

async function openSample(): Promise<string> {
  const opened = await store.open(SAMPLE);
  if (!opened.ok) throw new Error(opened.error.message);
  return opened.value.id;
}

/** What the process has open. */
function openFiles(): string {
  return execFileSync('ls', ['-l', `/proc/${String(store.pid)}/fd`], { encoding: 'utf8' });
}

function kill(signal: NodeJS.Signals): void {
  if (store.pid === undefined) throw new Error('no store process');
  process.kill(store.pid, signal);
}

describe('a capture', () => {
  test('is opened, read and closed', async () => {
    const id = await openSample();
    const page = await store.ask('attempts', id, PAGE);
    expect(page.ok && page.value.rows.length).toBe(5);
    const info = await store.ask('captureInfo', id);
    expect(info.ok && page.ok && info.value.attempts === page.value.total).toBe(true);
    await store.close(id);
    expect(await store.ask('captureInfo', id)).toMatchObject({ ok: false, error: { code: 'no-such-row' } });
  });

  test('an id that was never given names nothing', async () => {
    expect(await store.ask('captureInfo', 'c99')).toMatchObject({
      ok: false,
      error: { code: 'no-such-row', closed: 'c99' },
    });
    expect(store.pid).toBeUndefined();
  });

  test('the reference needs none', async () => {
    const reference = await store.reference();
    expect(reference.ok && reference.value.events.map(({ name }) => name)).toContain('finit_module');
  });
});

describe('a file that is no capture', () => {
  test('is one sentence, and the next is read', async () => {
    const empty = join(folder, 'empty.modtrail');
    const text = join(folder, 'text.modtrail');
    const cut = join(folder, 'cut.modtrail');
    writeFileSync(empty, '');
    writeFileSync(text, 'hello, this is no database at all; '.repeat(10));
    writeFileSync(cut, readFileSync(SAMPLE).subarray(0, 20_000));
    mkdirSync(join(folder, 'folder'));
    const codes: Record<string, string> = {};
    for (const path of [empty, text, cut, join(folder, 'folder'), join(folder, 'missing')]) {
      const opened = await store.open(path);
      if (!opened.ok) codes[path.slice(folder.length + 1)] = opened.error.code;
    }
    expect(codes).toEqual({
      'empty.modtrail': 'empty-file',
      'text.modtrail': 'not-a-database',
      'cut.modtrail': 'damaged',
      folder: 'is-directory',
      missing: 'not-found',
    });
    expect(await openSample()).toBe('c1');
  });
});

describe('when the process ends', () => {
  test('what was asked is answered, and its captures are read again under their ids', async () => {
    const first = await openSample();
    const copy = join(folder, 'copy.modtrail');
    copyFileSync(SAMPLE, copy);
    const second = await store.open(copy);
    const before = store.pid;
    kill('SIGSTOP');
    const asked = store.ask('attempts', first, PAGE);
    kill('SIGKILL');
    expect(await asked).toMatchObject({ ok: false, error: { code: 'store-gone' } });

    const [again, other] = await Promise.all([
      store.ask('attempts', first, PAGE),
      store.ask('captureInfo', second.ok ? second.value.id : ''),
    ]);
    expect(again.ok && again.value.rows.length).toBe(5);
    expect(other.ok).toBe(true);
    expect(store.pid).not.toBe(before);
  });

  test('a file that is gone by then is told, and comes back with it', async () => {
    const copy = join(folder, 'copy.modtrail');
    copyFileSync(SAMPLE, copy);
    const opened = await store.open(copy);
    const id = opened.ok ? opened.value.id : '';
    rmSync(copy);
    kill('SIGKILL');
    await vi.waitUntil(() => store.pid === undefined);
    expect(await store.ask('captureInfo', id)).toMatchObject({ ok: false, error: { code: 'not-found' } });
    copyFileSync(SAMPLE, copy);
    expect((await store.ask('captureInfo', id)).ok).toBe(true);
  });

  test('a question that takes too long is stopped', async () => {
    await store.end();
    store = new StoreClient(PROGRAM, 6000);
    const id = await openSample();
    kill('SIGSTOP');
    expect(await store.ask('captureInfo', id)).toMatchObject({
      ok: false,
      error: { code: 'store-gone', message: expect.stringContaining('6 s') as string },
    });
    await vi.waitUntil(() => store.pid === undefined);
    expect((await store.ask('captureInfo', id)).ok).toBe(true);
  });

  test('it does not outlive the one who started it', async () => {
    const id = await openSample();
    const { pid } = store;
    await store.end();
    expect(pid).toBeDefined();
    expect(() => process.kill(pid ?? 0, 0)).toThrow();
    // Ended is not broken: whoever asks again is answered.
    expect((await store.ask('captureInfo', id)).ok).toBe(true);
  });

  test('one that cannot be started is told', async () => {
    const log = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const broken = new StoreClient({ ...PROGRAM, execPath: join(folder, 'no-node') });
    expect(await broken.reference()).toMatchObject({ ok: false, error: { code: 'store-gone' } });
    expect(log).toHaveBeenCalled();
    await broken.end();
  });
});

describe('hold and resume', () => {
  test('questions wait until the file may be opened again', async () => {
    const id = await openSample();
    await store.hold(id);
    let answered = false;
    const asked = store.ask('captureInfo', id).finally(() => {
      answered = true;
    });
    // The store answers others meanwhile, and so it would have answered this.
    await store.reference();
    await store.reference();
    expect(answered).toBe(false);
    expect(openFiles()).not.toContain('sample.modtrail');
    expect((await store.resume(id)).ok).toBe(true);
    expect((await asked).ok).toBe(true);
  });

  test('a file that is just being opened again is let go of, too', async () => {
    const id = await openSample();
    kill('SIGKILL');
    await vi.waitUntil(() => store.pid === undefined);
    const asked = store.ask('captureInfo', id);
    await store.hold(id);
    await store.reference();
    expect(openFiles()).not.toContain('sample.modtrail');
    expect((await store.resume(id)).ok).toBe(true);
    expect((await asked).ok).toBe(true);
  });

  test('a file is let go of whose recorder finishes it once more while it is opened anew', async () => {
    const id = await openSample();
    await store.hold(id);
    const resumed = store.resume(id);
    const asked = store.ask('captureInfo', id);
    await store.hold(id);
    expect((await resumed).ok).toBe(true);
    await store.reference();
    expect(openFiles()).not.toContain('sample.modtrail');
    expect((await store.resume(id)).ok).toBe(true);
    expect((await asked).ok).toBe(true);
  });

  test('a capture that is closed while it is opened again leaves no file open', async () => {
    const id = await openSample();
    kill('SIGKILL');
    await vi.waitUntil(() => store.pid === undefined);
    const asked = store.ask('captureInfo', id);
    await store.close(id);
    expect(await asked).toMatchObject({ ok: false, error: { code: 'no-such-row' } });
    expect(openFiles()).not.toContain('sample.modtrail');
  });

  test('a capture that is closed meanwhile does not leave anybody waiting', async () => {
    const id = await openSample();
    await store.hold(id);
    const asked = store.ask('captureInfo', id);
    await store.close(id);
    expect(await asked).toMatchObject({ ok: false, error: { code: 'no-such-row' } });
    expect(await store.resume(id)).toMatchObject({ ok: false, error: { code: 'no-such-row' } });
  });
});

describe('the process', () => {
  test('gets nothing of the environment that could be a secret', async () => {
    vi.stubEnv('MODTRAIL_TEST_TOKEN', 'secret');
    vi.stubEnv('NODE_OPTIONS', '--trace-warnings');
    await store.reference();
    const names = readFileSync(`/proc/${String(store.pid)}/environ`, 'utf8')
      .split('\0')
      .map((line) => line.split('=')[0]);
    for (const name of names) {
      expect(['', 'TMPDIR', 'TZ', 'LANG', 'LC_ALL', 'ELECTRON_RUN_AS_NODE', 'MALLOC_MMAP_THRESHOLD_']).toContain(
        name?.replace(/^NODE_CHANNEL_.*/, ''),
      );
    }
    vi.unstubAllEnvs();
  });

  test('checks what it is asked, whoever asks', async () => {
    const bare = new StoreProcess(PROGRAM);
    const wrong = [
      await bare.ask('attempts', ['c1', { ...PAGE, limit: 1e9 }]),
      await bare.ask('open', [7]),
      await bare.ask('open', []),
      await bare.ask('timeline', ['1', { fromNs: 0, toNs: 1, columns: -1 }]),
    ];
    for (const answer of wrong) expect(answer).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    await bare.end();
  });

  test('is not started by hand', () => {
    expect(() => execFileSync(NODE, [PROGRAM.entry], { stdio: 'pipe' })).toThrow(/started by main only/);
  });
});
