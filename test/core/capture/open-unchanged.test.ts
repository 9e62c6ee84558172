/** Opening a capture changes nothing about it: no byte, no time, no file beside it. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { createStore } from '#core/store/store.ts';
import { CaptureBuilder, removeFolders, temporaryFolder } from '../builder.ts';
import { folderState } from '../folder-state.ts';
import { RunningRecorder } from '../running-recorder.ts';

afterAll(removeFolders);

let recorder: RunningRecorder | undefined;
afterEach(() => recorder?.kill());

/** Looks at everything that a capture has. */
function readAll(capture: OpenedCapture): { attempts: number; completeness: string } {
  const info = capture.info();
  capture.events({ sort: 'what', descending: true, start: 0, limit: 1000 });
  capture.attempts({ sort: 'module', descending: true, start: 0, limit: 1000 });
  capture.timeline({ fromNs: info.firstNs, toNs: info.lastNs, columns: 100 });
  return { attempts: info.attempts, completeness: info.completeness };
}

function expectUnchanged(path: string, folder: string): ReturnType<typeof readAll> {
  const before = folderState(folder);
  const capture = new OpenedCapture(path);
  const found = readAll(capture);
  expect(folderState(folder)).toEqual(before);
  capture.close();
  expect(folderState(folder)).toEqual(before);
  return found;
}

/** A capture in a folder of its own. */
function finished(): { path: string; folder: string } {
  const folder = temporaryFolder();
  const built = new CaptureBuilder(undefined, join(folder, 'a.modtrail'));
  built.call({ returned: -1 });
  return { path: built.finish(), folder };
}

async function killed(calls: number): Promise<{ path: string; folder: string }> {
  const folder = temporaryFolder();
  const path = join(folder, 'k.modtrail');
  recorder = await RunningRecorder.start(path);
  for (let call = 0; call < calls; call++) await recorder.say('call');
  await recorder.kill();
  return { path, folder };
}

test('a finished capture is read in place', () => {
  const { path, folder } = finished();
  expect(expectUnchanged(path, folder)).toEqual({ attempts: 1, completeness: 'finished' });
});

test('what a killed recorder left is read from a copy, which is gone afterwards', async () => {
  const { path, folder } = await killed(3);
  expect(readdirSync(folder)).toEqual(['k.modtrail', 'k.modtrail-shm', 'k.modtrail-wal']);
  const copies = () => readdirSync(tmpdir()).filter((name) => /^modtrail-(?!test-)/.test(name)).length;
  const before = copies();
  expect(expectUnchanged(path, folder)).toEqual({ attempts: 3, completeness: 'unfinished' });
  expect(copies()).toBe(before);
});

test('a log beside the file that a link leads to is found', async () => {
  const { path } = await killed(2);
  const folder = temporaryFolder();
  symlinkSync(path, join(folder, 'link.modtrail'));
  expect(expectUnchanged(join(folder, 'link.modtrail'), folder).attempts).toBe(2);
});

test('a young capture whose log is missing says so', async () => {
  const { path, folder } = await killed(2);
  renameSync(`${path}-wal`, join(temporaryFolder(), 'elsewhere'));
  const before = folderState(folder);
  const result = createStore().open(path);
  expect(result).toMatchObject({ ok: false, error: { code: 'damaged', message: expect.stringContaining('-wal') } });
  expect(folderState(folder)).toEqual(before);
});

test.each(['-wal', '-journal'])('a %s that leads elsewhere is neither read nor written', (suffix) => {
  const { path, folder } = finished();
  const elsewhere = join(temporaryFolder(), 'precious');
  writeFileSync(elsewhere, 'precious');
  symlinkSync(elsewhere, path + suffix);
  expect(expectUnchanged(path, folder)).toEqual({ attempts: 1, completeness: 'finished' });
  mkdirSync(`${path}-shm`);
  expect(expectUnchanged(path, folder).attempts).toBe(1);
});

test('a stale log of something else changes nothing', () => {
  const { path, folder } = finished();
  writeFileSync(`${path}-wal`, Buffer.alloc(5000, 7));
  expect(expectUnchanged(path, folder)).toEqual({ attempts: 1, completeness: 'finished' });
});

test('a journal that names another file is refused: SQLite would delete that file', () => {
  const { path, folder } = finished();
  const victim = join(folder, 'victim');
  writeFileSync(victim, 'nothing that SQLite should read');
  const name = Buffer.from(victim);
  const tail = Buffer.alloc(16);
  tail.writeUInt32BE(name.length, 0);
  tail.writeUInt32BE(
    name.reduce((sum, byte) => sum + byte, 0),
    4,
  );
  Buffer.from('d9d505f920a163d7', 'hex').copy(tail, 8);
  const magic = Buffer.alloc(512);
  Buffer.from('d9d505f920a163d7', 'hex').copy(magic);
  writeFileSync(`${path}-journal`, Buffer.concat([magic, Buffer.alloc(4), name, tail]));
  const before = folderState(folder);
  expect(createStore().open(path)).toMatchObject({ ok: false, error: { code: 'damaged' } });
  expect(existsSync(victim)).toBe(true);
  expect(folderState(folder)).toEqual(before);
});

test('on a folder that may not be written, as a user without rights', async () => {
  const { path, folder } = finished();
  const left = await killed(1);
  for (const file of [path, left.path, `${left.path}-wal`, `${left.path}-shm`]) chmodSync(file, 0o444);
  for (const each of [folder, left.folder]) chmodSync(each, 0o555);
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  for (const [file, where] of [
    [path, folder],
    [left.path, left.folder],
  ] as const) {
    const before = folderState(where);
    const cli = join(import.meta.dirname, '../../../cli/main.ts');
    const run = spawnSync(process.execPath, [cli, 'info', '--json', file], { ...nobody, encoding: 'utf8' });
    expect([run.status, run.stderr]).toEqual([0, '']);
    expect(JSON.parse(run.stdout)).toMatchObject({ attempts: 1 });
    expect(folderState(where)).toEqual(before);
  }
  for (const each of [folder, left.folder]) chmodSync(each, 0o755);
});

test('a capture that is being recorded is read beside its recorder, and keeps up', async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'live.modtrail');
  recorder = await RunningRecorder.start(path);
  await recorder.say('call');
  const capture = new OpenedCapture(path);
  expect(readAll(capture)).toEqual({ attempts: 1, completeness: 'recording' });
  expect(capture.refresh()).toBe(false);
  await recorder.say('call');
  expect(readAll(capture).attempts).toBe(2);
  expect(capture.refresh()).toBe(true);
  expect(capture.refresh()).toBe(false);
  // A second look at the same file must not cost the first one its locks.
  new OpenedCapture(path).close();
  await recorder.say('call');
  expect(readAll(capture).attempts).toBe(3);
  capture.close();
  await recorder.say('finish');
  expect(readdirSync(folder)).toEqual(['live.modtrail']);
  expect(expectUnchanged(path, folder)).toEqual({ attempts: 3, completeness: 'finished' });
});

test('a recorder that is killed while its capture is looked at', async () => {
  const folder = temporaryFolder();
  recorder = await RunningRecorder.start(join(folder, 'live.modtrail'));
  await recorder.say('call');
  const capture = new OpenedCapture(join(folder, 'live.modtrail'));
  expect(capture.info().completeness).toBe('recording');
  await recorder.kill();
  expect(capture.refresh()).toBe(true);
  expect(capture.info()).toMatchObject({ completeness: 'unfinished', attempts: 1 });
  const before = folderState(folder);
  capture.close();
  expect(folderState(folder)).toEqual(before);
  expect(expectUnchanged(join(folder, 'live.modtrail'), folder).attempts).toBe(1);
});

test('a hard link and a copy read the same', () => {
  const { path } = finished();
  const folder = temporaryFolder();
  linkSync(path, join(folder, 'hard'));
  copyFileSync(path, join(folder, 'copy'));
  expect(expectUnchanged(join(folder, 'hard'), folder)).toEqual(expectUnchanged(join(folder, 'copy'), folder));
});
