/** verify, images and extract, as commands. */
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CaptureBuilder, removeFolders, temporaryFolder } from '../core/builder.ts';
import { KEYS, sealedCapture } from '../core/seal/sealed.ts';
import { rows, run, SAMPLE, shell } from './run.ts';

const BYTES = Buffer.alloc(600_000, 'module ');
const HASH = createHash('sha256').update(BYTES).digest('hex');
let folder: string;
let images: string;

beforeAll(() => {
  folder = temporaryFolder();
  const built = new CaptureBuilder();
  for (const path of ['/a/one.ko', '/b/two.ko']) {
    const call = built.call({ returned: 0, took: 9000, file: built.file(path, path.length) });
    built.keptImage(call, BYTES);
    built.load(call, 0x1000 + call, 'one');
  }
  built.keptImage(built.call({ returned: -8 }), BYTES, [[100, 262_244], [300_000, 500_000]]); // prettier-ignore
  const sha256 = createHash('sha256').update('unkept').digest();
  built.image(built.call({ returned: 0 }), 6, built.tick(), { received: 6, state: 'skipped', reason: 'limit', sha256 });
  images = built.finish();
});
afterAll(removeFolders);

test('images: one row for each distinct one', () => {
  const { stdout, status } = run('images', '--json', images);
  expect(status).toBe(0);
  expect(rows(stdout)).toMatchObject([
    { sha256: HASH, size: 600_000, complete: true, state: 'kept', loads: 2, names: ['one'], paths: ['/a/one.ko', '/b/two.ko'], callIds: [1, 2] },
    { size: 600_000, received: 462_144, complete: false, state: 'incomplete', loads: 1, callIds: [3] },
    { size: 6, complete: false, state: 'skipped', reason: 'limit', loads: 1 },
  ]); // prettier-ignore
  expect(rows(stdout)[1]).not.toHaveProperty('sha256');
  expect(run('images', images).stdout).toContain(HASH);
});

test('extract: bit for bit, by the beginning of a hash or by an event, for its owner only', () => {
  for (const [name, ...words] of [
    ['a', '--image', HASH.slice(0, 8)],
    ['b', '--event', '1'],
    ['c', '--event', '2'],
  ] as const) {
    const out = join(folder, name);
    expect(run('extract', images, ...words, '--out', out).status).toBe(0);
    expect(readFileSync(out).equals(BYTES)).toBe(true);
    expect(statSync(out).mode & 0o777).toBe(0o600);
  }
});

test('extract: what arrived of an incomplete one, with zeros for the rest, only where that is asked for', () => {
  const out = join(folder, 'partial');
  const [, incomplete] = rows(run('images', '--json', images).stdout) as [unknown, { seqs: [number] }];
  const words = ['extract', images, '--event', String(incomplete.seqs[0]), '--out', out];
  expect(run(...words)).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringContaining('--partial') as string,
  });
  const { status, stderr } = run(...words, '--partial');
  expect([status, stderr]).toEqual([0, expect.stringContaining('bytes 0 to 99, 262244 to 299999, 500000 to 599999')]);
  const expected = Buffer.alloc(600_000);
  BYTES.copy(expected, 100, 100, 262_244);
  BYTES.copy(expected, 300_000, 300_000, 500_000);
  expect(readFileSync(out).equals(expected)).toBe(true);
});

test.each([
  [['--image', createHash('sha256').update('unkept').digest('hex')], 'its hash is kept, its bytes are not'],
  [['--image', '00000000'], 'there is no image'],
  [['--image', '1234567'], '8 digits or more'],
  [['--event', '999'], 'there is no event 999'],
  [[], 'either --image'],
])('extract %j: one sentence', (words, said) => {
  const { status, stderr } = run('extract', images, ...words, '--out', join(folder, 'none'));
  expect(status).toBe(2);
  expect(stderr).toMatch(/^modtrail: [^\n]+\n$/);
  expect(stderr).toContain(said);
});

test('extract never writes over a file', () => {
  const out = join(folder, 'there');
  writeFileSync(out, 'mine');
  const { status } = run('extract', images, '--event', '1', '--out', out);
  expect([status, readFileSync(out, 'utf8')]).toEqual([2, 'mine']);
});

test('verify: the recorded sample holds', () => {
  const { stdout, status } = run('verify', '--json', SAMPLE);
  expect([status, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ state: 'holds' })]);
});

test('verify: signed, by whom', () => {
  const path = sealedCapture({ signed: true });
  const key = join(folder, 'key.pub');
  writeFileSync(key, KEYS.publicKey.export({ format: 'pem', type: 'spki' }));
  const other = join(folder, 'other.pub');
  writeFileSync(other, '00'.repeat(32));
  const signed = (...words: string[]): unknown => {
    const { stdout, status } = run('verify', path, '--json', ...words);
    return [status, (JSON.parse(stdout) as { signed: string }).signed];
  };
  expect(signed()).toEqual([0, 'unchecked']);
  expect(signed('--key', key)).toEqual([0, 'valid']);
  expect(signed('--key', other)).toEqual([1, 'invalid']);
  expect(run('verify', path, '--key', images)).toMatchObject({ status: 2, stdout: '' });
});

test('verify: a changed row, a cut file, no seal', () => {
  const path = sealedCapture();
  const database = new Database(path);
  database.exec("UPDATE process SET comm = 'innocent' WHERE id = 2");
  database.close();
  const changed = run('verify', path);
  expect([changed.status, changed.stdout]).toEqual([1, expect.stringMatching(/^broken: Row 2 of process is not as/)]);
  truncateSync(path, statSync(path).size - 4096);
  expect(run('verify', path)).toMatchObject({ status: 2, stderr: expect.stringContaining('cut off') as string });
  expect(run('verify', images)).toMatchObject({ status: 1, stdout: expect.stringMatching(/^none: /) as string });
});

test('verify: a recorder that was killed', () => {
  const path = join(folder, 'killed.modtrail');
  const built = new CaptureBuilder(undefined, path);
  built.call({ returned: -1 });
  built.commit();
  built.database.pragma('journal_mode = WAL');
  built.call({ returned: -1 });
  built.commit();
  built.abandon();
  const { status, stdout } = run('verify', '--json', path);
  expect([status, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ state: 'unfinished', commits: 2 })]);
});

test('verify: an index that hides a row', () => {
  const path = sealedCapture();
  let database = new Database(path);
  const rewrite = (sql: string): void => {
    database.unsafeMode();
    database.pragma('writable_schema = ON');
    database.prepare("UPDATE sqlite_schema SET sql = ? WHERE name = 'event_by_kind'").run(sql);
    database.close();
    database = new Database(path);
  };
  rewrite('CREATE INDEX event_by_kind ON event (kind) WHERE seq <> 5');
  database.exec('REINDEX event_by_kind');
  rewrite('CREATE INDEX event_by_kind ON event (kind)');
  database.close();
  const { status, stdout } = run('verify', '--json', path);
  expect([status, JSON.parse(stdout)]).toEqual([1, expect.objectContaining({ firstWrong: { table: 'event', key: 5, what: 'seal' } })]); // prettier-ignore
});

test('the answer is the exit code, also where nobody reads the words any more', () => {
  const broken = join(folder, 'broken.modtrail');
  copyFileSync(SAMPLE, broken);
  const database = new Database(broken);
  database.exec('UPDATE event SET pid = 1 WHERE seq = 5');
  database.close();
  for (const [words, code] of [
    [`verify ${broken}`, 1],
    [`verify ${SAMPLE}`, 0],
  ] as const) {
    const { stderr } = shell(`(sleep 0.3; modtrail ${words}; echo "code $?" >&2) | true`);
    expect(stderr).toContain(`code ${String(code)}`);
  }
});
