/** --rotate: one file after the other, each whole, and the seal goes on through all of them. */
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { buildProgram } from '../lab/boot/program.ts';
import { run } from '../lab/boot/run.ts';
import { NODE, ROOT } from '../../scripts/places.ts';
import { Calling } from './calling.ts';
import { Recorder, whyNotHere } from './collector.ts';
import { Listener } from './listener.ts';
import { callsInParts, captureRowOf, journalOf, lossesIn, stopOf, textsIn } from './rows.ts';
import { walkSeal } from './walk-seal.ts';

const MAX = 1_000_000 + 2 ** 21;
const reason = whyNotHere();

let work = '';
let caller = '';

/** The captures of a folder, in the order of their parts. */
function partsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.modtrail'))
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).size > 0)
    .sort((a, b) => (captureRowOf(a)?.part ?? 0) - (captureRowOf(b)?.part ?? 0));
}

function expectChain(parts: readonly string[]): void {
  let before: { uuid: string; head: string } | undefined;
  for (const [index, path] of parts.entries()) {
    const row = captureRowOf(path);
    const walked = walkSeal(path);
    expect(row?.part).toBe(index + 1);
    expect(row?.previous_uuid ?? undefined).toBe(before?.uuid);
    expect(walked.previous).toBe(before?.head);
    expect(journalOf(path)).toBe('delete');
    expect(stopOf(path)?.reason).toBe(index + 1 < parts.length ? 'rotated' : 'signal');
    expect(statSync(path).size).toBeLessThanOrEqual(MAX);
    before = { uuid: row?.uuid ?? '', head: walked.head };
  }
}

/** Calls that found no room in the ring. Nothing else may be lost. */
function onlyRingCallsIn(parts: readonly string[]): number {
  return parts.reduce((sum, path) => {
    const { 'ring-call': calls = 0, ...others } = lossesIn(path);
    expect(others, path).toEqual({});
    return sum + calls;
  }, 0);
}

describe.skipIf(reason !== undefined)(`on this kernel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'modtrail-parts-'));
    caller = buildProgram(join(ROOT, 'test/native/caller.c'), work);
  });

  afterAll(() => {
    rmSync(work, { recursive: true, force: true });
  });

  test('a flood through several files: every call is in one of them, or counted', async () => {
    const folder = join(work, 'flood');
    mkdirSync(folder);
    const key = join(work, 'key.pem');
    writeFileSync(key, generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }));
    writeFileSync(join(folder, 'x-3.modtrail'), ''); // a name that is taken is passed over
    const listener = await new Listener(join(work, 'control')).listen();
    const args = ['--max-size', String(MAX), '--rotate', '--sign-key', key, '--control', listener.path];
    const recorder = await new Recorder(['--out', join(folder, 'x.modtrail'), ...args]).ready();
    let made = 0;
    // How much of a flood finds room in the ring, and so in the files, depends on how fast the machine is.
    for (const end = performance.now() + 60_000; partsIn(folder).length < 4 && performance.now() < end;) {
      made += (JSON.parse(run(caller, ['flood', '2', '1500'])) as { made: number }).made;
    }
    const end = await recorder.stop();
    expect(end.code, end.stderr).toBe(0);
    expect(await listener.hears('part')).toMatch(/^part number=2 out=\S+x-2\.modtrail$/);
    listener.close();
    expect(readFileSync(join(folder, 'x-3.modtrail'), 'utf8')).toBe('');
    const parts = partsIn(folder);
    expect(parts.length).toBeGreaterThanOrEqual(4);
    expect(parts.slice(0, 3).map((path) => path.slice(folder.length + 1))).toEqual([
      'x.modtrail',
      'x-2.modtrail',
      'x-4.modtrail',
    ]);
    expectChain(parts);
    for (const path of parts) expect(walkSeal(path).signatures).toBe(walkSeal(path).commits);
    expect(callsInParts(parts) + onlyRingCallsIn(parts)).toBe(made);
  });

  test('what is on its way at the end goes into a further file', async () => {
    const folder = join(work, 'end');
    mkdirSync(folder);
    const args = ['--out', join(folder, 'x.modtrail'), '--max-size', String(2 ** 21), '--rotate'];
    const recorder = await new Recorder(args).ready();
    recorder.process.kill('SIGSTOP'); // what waits for it when it is asked to end is more than such a file takes
    const { made } = JSON.parse(run(caller, ['flood', '4', '5000'])) as { made: number };
    recorder.process.kill('SIGTERM');
    recorder.process.kill('SIGCONT');
    const end = await recorder.ended;
    expect(end.code, end.stderr).toBe(0);
    const parts = partsIn(folder);
    expect(parts.length).toBeGreaterThan(1);
    expectChain(parts);
    expect(callsInParts(parts) + onlyRingCallsIn(parts)).toBe(made);
  });

  test('whoever looks into a file that is being made only delays it', async () => {
    const folder = join(work, 'early');
    mkdirSync(folder);
    const reader = spawn(NODE, [join(import.meta.dirname, 'early-reader.ts'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    reader.stdout.on('data', (bytes: Buffer) => (said += bytes.toString()));
    await vi.waitFor(() => {
      expect(said).toMatch(/^ready$/m);
    }, 20_000);
    // It may come too late once.
    const early = (): number => said.match(/^held early$/gm)?.length ?? 0;
    for (let count = 0; count < 30 && early() < 3; count++) {
      const path = join(folder, `x${String(count)}.modtrail`);
      const end = await (await new Recorder(['--out', path]).ready()).stop();
      expect(end.code, end.stderr).toBe(0);
      expect(stopOf(path)?.reason).toBe('signal');
      await sleep(500);
    }
    reader.kill();
    expect(early()).toBe(3);
  }, 60_000);

  test('nothing is lost at the turn, with a reader that holds the file that is left', async () => {
    const folder = join(work, 'turn');
    mkdirSync(folder);
    const recorder = await new Recorder([
      '--out',
      join(folder, 'x.modtrail'),
      '--max-size',
      String(MAX),
      '--rotate',
    ]).ready();
    const reader = new Database(join(folder, 'x.modtrail'), { readonly: true });
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM event').get();
    const calls = [new Calling(caller, 1), new Calling(caller, 1)];
    for (let i = 0; i < 400 && readdirSync(folder).filter((name) => name.endsWith('.modtrail')).length < 3; i++) {
      await sleep(100);
      if (i === 100) reader.exec('COMMIT');
    }
    await Promise.all(calls.map((call) => call.end()));
    if (reader.inTransaction) reader.exec('COMMIT');
    reader.close();
    await sleep(300);
    const end = await recorder.stop();
    expect(end.code, end.stderr).toBe(0);
    const parts = partsIn(folder);
    expectChain(parts);
    expect(parts.length).toBeGreaterThanOrEqual(3);
    expect(parts.map(lossesIn)).toEqual(parts.map(() => ({})));
    const texts = parts.map(textsIn);
    for (const { text } of calls.flatMap((call) => call.said))
      expect(
        texts.some((known) => known.has(text)),
        text,
      ).toBe(true);
    expect(callsInParts(parts)).toBe(calls.flatMap((call) => call.said).length);
  });
});
