/** The seal that the recorder writes, walked by docs/seal.md and by the product; and the key that signs it. */
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { cpSync, mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildProgram } from '../lab/boot/program.ts';
import { run } from '../lab/boot/run.ts';
import { ROOT } from '../../scripts/places.ts';
import { Calling } from './calling.ts';
import { Recorder, recorderEnds, whyNotHere } from './collector.ts';
import { callsIn, captureRowOf, lossesIn } from './rows.ts';
import { walkSeal } from './walk-seal.ts';

const reason = whyNotHere();

let work = '';
let caller = '';

function verify(...args: string[]): { status: number | null; verdict: Record<string, unknown> } {
  const result = spawnSync(process.execPath, [join(ROOT, 'cli/main.ts'), 'verify', '--json', ...args], {
    encoding: 'utf8',
  });
  return { status: result.status, verdict: JSON.parse(result.stdout) as Record<string, unknown> };
}

describe.skipIf(reason !== undefined)(`on this kernel${reason ? ` (skipped: ${reason})` : ''}`, () => {
  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'modtrail-sealed-'));
    caller = buildProgram(join(ROOT, 'test/native/caller.c'), work);
  });

  afterAll(() => {
    rmSync(work, { recursive: true, force: true });
  });

  test('every row of a flood lies under the seal, and every call is there or counted', async () => {
    const capture = join(work, 'flood.modtrail');
    const recorder = await new Recorder(['--out', capture]).ready();
    run(caller, ['odd'], { cwd: work });
    const { made } = JSON.parse(run(caller, ['flood', '3', '4000'])) as { made: number };
    expect(await recorder.stop()).toMatchObject({ code: 0 });
    const walked = walkSeal(capture);
    expect(walked.commits).toBeGreaterThan(2);
    expect(walked).toMatchObject({ signatures: 0, previous: undefined });
    const losses = lossesIn(capture);
    expect(callsIn(capture) + (losses['ring-call'] ?? 0) + (losses['thread-table'] ?? 0)).toBeGreaterThanOrEqual(made);
    expect(verify(capture)).toMatchObject({
      status: 0,
      verdict: { state: 'holds', commits: walked.commits, rows: walked.rows, head: walked.head, signed: 'no' },
    });
  });

  test('a changed cell, a deleted row and a row put in are seen', async () => {
    const capture = join(work, 'changed.modtrail');
    const recorder = await new Recorder(['--out', capture]).ready();
    run(caller, ['once'], { cwd: work });
    await recorder.stop();
    walkSeal(capture);
    for (const sql of [
      'UPDATE event SET ns = ns + 1 WHERE seq = 2',
      'DELETE FROM hook WHERE id = 3',
      'INSERT INTO clock_fact VALUES (9999, 1, 1, 1)',
      'UPDATE seal SET ns = ns + 1 WHERE id = 1',
      'UPDATE capture SET host = NULL',
    ]) {
      const copy = join(work, 'copy.modtrail');
      cpSync(capture, copy);
      const database = new Database(copy);
      database.pragma('foreign_keys = OFF'); // whoever alters a capture does not ask them
      database.exec(sql);
      database.close();
      expect(() => walkSeal(copy), sql).toThrow();
    }
  });

  test('a killed recorder leaves whole commits', async () => {
    const folder = join(work, 'killed');
    mkdirSync(folder);
    const recorder = await new Recorder(['--out', join(folder, 'x.modtrail')]).ready();
    const calls = new Calling(caller, 2);
    await sleep(1500);
    await recorder.stop('SIGKILL');
    await calls.end();
    const copy = join(work, 'killed-copy');
    cpSync(folder, copy, { recursive: true });
    expect(walkSeal(join(copy, 'x.modtrail')).commits).toBeGreaterThan(5);
    expect(callsIn(join(copy, 'x.modtrail'))).toBeGreaterThan(50);
    expect(verify(join(folder, 'x.modtrail'))).toMatchObject({ status: 0, verdict: { state: 'unfinished' } });
  });

  test('with a key every commit is signed, and the capture names the key', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const key = join(work, 'key.pem');
    writeFileSync(key, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
    const capture = join(work, 'signed.modtrail');
    const recorder = await new Recorder(['--out', capture, '--sign-key', key]).ready();
    run(caller, ['once'], { cwd: work });
    await recorder.stop();
    const walked = walkSeal(capture);
    expect(walked.signatures).toBe(walked.commits);
    const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
    expect(captureRowOf(capture)?.signing_key).toEqual(raw);
    expect(verify(capture).verdict).toMatchObject({ state: 'holds' });
  });

  test('anything else than an Ed25519 key is refused in one sentence, and nothing is created', async () => {
    const write = (name: string, content: string | Buffer): string => {
      writeFileSync(join(work, name), content);
      return join(work, name);
    };
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const ed = generateKeyPairSync('ed25519');
    const pkcs8 = { format: 'pem', type: 'pkcs8' } as const;
    const good = ed.privateKey.export(pkcs8).toString();
    const capture = join(work, 'never.modtrail');
    for (const [key, words] of [
      [write('rsa.pem', rsa.privateKey.export(pkcs8)), /is not an Ed25519 key/],
      [write('x.pem', generateKeyPairSync('x25519').privateKey.export(pkcs8)), /is not an Ed25519 key/],
      [write('long.pem', ed.privateKey.export({ ...pkcs8, cipher: 'aes-256-cbc', passphrase: 'x' })), /is encrypted/],
      [write('public.pem', ed.publicKey.export({ format: 'pem', type: 'spki' })), /no private key in PEM form/],
      [write('short.pem', good.replace(/.{8}\n-----END/, '\n-----END')), /is not an Ed25519 key/],
      [write('cut.pem', good.slice(0, 60)), /no private key in PEM form/],
      [write('noise.pem', Buffer.alloc(10_000, 0xa5)), /no private key in PEM form/],
      [join(work, 'missing.pem'), /cannot be read: No such file/],
      [work, /is not a regular file/],
      ['/dev/zero', /is not a regular file/],
    ] as const) {
      const end = await recorderEnds(['--out', capture, '--sign-key', key]);
      expect(end.code, key).toBe(2);
      expect(end.stderr).toMatch(words);
      expect(end.stderr.trim().split('\n')).toHaveLength(1);
    }
    expect(spawnSync('ls', [capture]).status).not.toBe(0);
  });
});
