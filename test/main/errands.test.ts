/** Long work: each errand in a process of its own, told step by step, ended when it is called off. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ok } from '#contract/result.ts';
import type { ExportRequest } from '#contract/row-export.ts';
import type { SealProgress } from '#contract/seal.ts';
import { Errands } from '../../main/app/errands.ts';
import { NODE, ROOT } from '../../scripts/places.ts';
import { CaptureBuilder, removeFolders } from '../core/builder.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modtrail-errand-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  removeFolders();
});

/** A store process that walks for ever, or until the step with that number; it notes its process id. */
function scripted(steps: number): Errands {
  const entry = join(folder, 'store.mjs');
  writeFileSync(
    entry,
    `import { appendFileSync } from 'node:fs';
    appendFileSync(${JSON.stringify(join(folder, 'pids'))}, process.pid + '\\n');
    let step = 0;
    const info = { completeness: 'finished' };
    process.on('message', ({ id, verb, args }) => {
      const value = verb === 'open'
        ? { handle: '1', info, clock: [] }
        : ++step > ${String(steps)}
          ? { verdict: { state: 'holds', commits: 1, rows: 2, signed: 'no', text: args.join() } }
          : { progress: { rows: step, allRows: 100, seconds: step / 10 } };
      setTimeout(() => process.send({ id, result: { ok: true, value } }), 5);
    });
    process.on('disconnect', () => process.exit(0));`,
  );
  return new Errands({ execPath: NODE, entry });
}

const pids = (): number[] => readFileSync(join(folder, 'pids'), 'utf8').trim().split('\n').map(Number);

function isGone(pid: number): boolean {
  try {
    return !process.kill(pid, 0);
  } catch {
    return true;
  }
}

describe('a walk over a seal', () => {
  test('tells each step, and its process ends with it', async () => {
    const told: SealProgress[] = [];
    const verdict = await scripted(3).verify('/x', (progress) => told.push(progress));
    // Only the first step begins anew.
    expect(verdict).toMatchObject({ ok: true, value: { state: 'holds', text: '1,false' } });
    expect(told.map(({ rows }) => rows)).toEqual([1, 2, 3]);
    expect(pids().every(isGone)).toBe(true);
  });

  test('is called off, however long it would take', async () => {
    const errands = scripted(Number.MAX_SAFE_INTEGER);
    const told = vi.fn();
    const walk = errands.verify('/x', told);
    await vi.waitUntil(() => told.mock.calls.length > 2, { timeout: 20_000 });
    expect(await errands.verify('/x', told)).toMatchObject({ ok: false, error: { code: 'busy' } });
    await errands.callOff('/x');
    expect(await walk).toEqual(ok(null));
    expect(pids().every(isGone)).toBe(true);
    // Nothing is left of it: the next one begins.
    const again = errands.verify('/x', told);
    await errands.callOff('/y');
    await errands.callOff(undefined);
    await errands.end();
    expect(await again).toEqual(ok(null));
  });

  test('whose process is killed says so', async () => {
    const errands = scripted(Number.MAX_SAFE_INTEGER);
    const walk = errands.verify('/x', () => {
      process.kill(pids()[0] ?? 0, 'SIGKILL');
    });
    expect(await walk).toMatchObject({
      error: { code: 'store-gone', message: 'the seal was not verified: its process ended by itself' },
    });
  });
});

describe('with the real store', () => {
  const errands = new Errands({ execPath: NODE, entry: join(ROOT, 'main/store/store.ts') });
  const bytes = Buffer.from('\x7fELF, and then some');

  function built(): { path: string; sha256: string } {
    const capture = new CaptureBuilder();
    const call = capture.call({ returned: 0, file: capture.file('/lib/modules/dummy.ko', 17) });
    capture.keptImage(call, bytes);
    capture.load(call, 4096, 'dummy');
    const path = capture.finish();
    return { path, sha256: '' };
  }

  test('a capture without a seal has nothing to walk', async () => {
    expect(await errands.verify(built().path, () => undefined)).toMatchObject({ ok: true, value: { state: 'none' } });
  });

  test('rows are written as a file, and what is called off leaves none', async () => {
    const { path } = built();
    const order = { sort: 'time', descending: false } as const;
    const request: ExportRequest = { table: 'attempts', form: 'csv', columns: ['module'], order };
    const place = { path: join(folder, 'out.csv'), fresh: join(folder, '.fresh.part'), replace: false };
    const written = errands.exportRows(path, request, place, () => undefined);
    expect(await errands.exportRows(path, request, place, () => undefined)).toMatchObject({ error: { code: 'busy' } });
    expect(await written).toMatchObject({ ok: true, value: { name: 'out.csv', rows: 1 } });
    expect(readFileSync(place.path, 'utf8')).toBe('module.name,operation,repeat\ndummy,load,1\n');
    rmSync(place.path);

    const off = errands.exportRows(path, request, place, () => void errands.callOffExport());
    expect(await off).toEqual(ok(null));
    const killed = errands.exportRows(path, request, place, () => {
      process.kill(
        Number(
          readFileSync(`/proc/${String(process.pid)}/task/${String(process.pid)}/children`, 'utf8')
            .trim()
            .split(' ')
            .at(-1),
        ),
        'SIGKILL',
      );
    });
    const message = 'the rows were not exported, and no file is left of it: its process ended by itself';
    expect(await killed).toMatchObject({ ok: false, error: { code: 'store-gone', message } });
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a file that is none is one sentence', async () => {
    expect(await errands.verify(join(folder, 'missing'), () => undefined)).toMatchObject({
      ok: false,
      error: { code: 'not-found' },
    });
  });
});
