/** Every file that is no usable capture gets one clear sentence, with its code, and stays as it is. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ErrorCode, Failure } from '#contract/result.ts';
import { createStore } from '#core/store/store.ts';
import { CaptureBuilder, removeFolders, temporaryFolder } from '../builder.ts';
import { folderState } from '../folder-state.ts';

let sound = '';

beforeAll(() => {
  const built = new CaptureBuilder();
  for (let at = 0; at < 300; at++)
    built.call({ returned: -1, text: 'x'.repeat(300), file: built.file(`/m/${String(at)}.ko`, at) });
  sound = built.finish();
});
afterAll(removeFolders);

function failureOf(path: string): Failure {
  const store = createStore();
  const result = store.open(path);
  store.closeAll();
  if (result.ok) throw new Error(`${path} opens`);
  return result.error;
}

function expectRefused(path: string, code: ErrorCode): void {
  const folder = dirname(path);
  const before = folderState(folder);
  const { code: found, message } = failureOf(path);
  expect([found, message]).toEqual([code, expect.stringContaining(path)]);
  expect(message).not.toMatch(/\n|Error:|SqliteError| at .*:\d+/);
  expect(folderState(folder)).toEqual(before);
}

/** A copy of the sound capture, altered. */
function altered(change: (path: string) => void): string {
  const path = join(temporaryFolder(), 'altered.modtrail');
  copyFileSync(sound, path);
  change(path);
  return path;
}

const bySql = (sql: string) =>
  altered((path) => {
    const database = new Database(path);
    database.unsafeMode(true);
    database.exec(sql);
    database.close();
  });

function patched(offset: number, bytes: Buffer): string {
  return altered((path) => {
    const whole = readFileSync(path);
    bytes.copy(whole, offset);
    writeFileSync(path, whole);
  });
}

test('nothing there, a folder, an empty file', () => {
  const folder = temporaryFolder();
  expectRefused(join(folder, 'none'), 'not-found');
  mkdirSync(join(folder, 'inner'));
  expectRefused(join(folder, 'inner'), 'is-directory');
  writeFileSync(join(folder, 'empty'), '');
  expectRefused(join(folder, 'empty'), 'empty-file');
  expect(failureOf(join(folder, 'empty', 'below')).code).toBe('not-found');
});

test('links that lead nowhere, or in a ring', () => {
  const folder = temporaryFolder();
  symlinkSync('nowhere', join(folder, 'dangling'));
  symlinkSync('ring', join(folder, 'ring'));
  expectRefused(join(folder, 'dangling'), 'not-found');
  expectRefused(join(folder, 'ring'), 'not-readable');
});

test('names that are none', () => {
  expect(failureOf('a\0b').code).toBe('not-readable');
  expect(failureOf(`/tmp/${'x'.repeat(5000)}`).code).toBe('not-readable');
  expect(failureOf('').code).toBe('not-found');
  expect(failureOf(':memory:').code).toBe('not-found');
});

test('a fifo, a socket, a device: refused without waiting for them', async () => {
  const folder = temporaryFolder();
  execFileSync('mkfifo', [join(folder, 'fifo')]);
  expectRefused(join(folder, 'fifo'), 'not-a-database');
  const server = createServer().listen(join(folder, 'socket'));
  await once(server, 'listening');
  expectRefused(join(folder, 'socket'), 'not-a-database');
  server.close();
  expect(failureOf('/dev/zero').code).toBe('not-a-database');
});

test('a file that may not be read', () => {
  const path = altered((file) => {
    chmodSync(file, 0);
  });
  // Root may read everything, so that another user looks.
  const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
  chmodSync(dirname(path), 0o755);
  const cli = join(import.meta.dirname, '../../../cli/main.ts');
  const run = spawnSync(process.execPath, [cli, 'info', path], { ...nobody, encoding: 'utf8' });
  expect([run.status, run.stdout, run.stderr]).toEqual([
    2,
    '',
    `modtrail: ${path} cannot be read: permission denied\n`,
  ]);
});

test('texts, and SQLite files of others', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'text'), 'SQLite format 2, or so');
  expectRefused(join(folder, 'text'), 'not-a-database');
  writeFileSync(join(folder, 'short'), 'SQL');
  expectRefused(join(folder, 'short'), 'not-a-database');
  for (const mode of ['DELETE', 'WAL']) {
    const path = join(folder, `other-${mode}`);
    const database = new Database(path);
    database.pragma(`journal_mode = ${mode}`);
    database.exec('CREATE TABLE t (x)');
    database.close();
    expectRefused(path, 'not-a-capture');
  }
});

test('a capture of a newer version, of an impossible one, of another application', () => {
  const version = (value: number): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value);
    return bytes;
  };
  expectRefused(patched(60, version(4)), 'newer-format');
  // The format before has fewer indexes, and says so.
  expectRefused(patched(60, version(2)), 'foreign-schema');
  expectRefused(patched(60, version(1)), 'older-format');
  expectRefused(patched(60, version(-1)), 'newer-format');
  expectRefused(patched(60, version(0)), 'damaged');
  expectRefused(patched(68, version(1)), 'not-a-capture');
});

test('a capture cut off, wherever that happened', () => {
  const { length } = readFileSync(sound);
  const lengths = [16, 50, 99, 100, 4095, 4096, 4097, length >> 1, (length >> 1) + 77, length - 4096, length - 1];
  for (const left of lengths) {
    expectRefused(
      altered((path) => {
        truncateSync(path, left);
      }),
      'damaged',
    );
  }
});

test('a capture with bytes appended is what it was', () => {
  const path = altered((file) => {
    writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.alloc(5000, 1)]));
  });
  const store = createStore();
  expect(store.open(path)).toMatchObject({ ok: true, value: { info: { attempts: 300 } } });
  store.closeAll();
});

const WRITABLE = 'PRAGMA writable_schema = ON;';
test.each([
  ['a trigger', 'CREATE TRIGGER spy AFTER INSERT ON event BEGIN SELECT 1; END'],
  ['a view', 'CREATE VIEW spy AS SELECT 1'],
  ['a view in place of a table', 'ALTER TABLE hook RENAME TO real_hook; CREATE VIEW hook AS SELECT * FROM real_hook'],
  ['a table', 'CREATE TABLE extra (x)'],
  ['an index', 'CREATE INDEX extra ON event (pid)'],
  ['statistics of ANALYZE', 'ANALYZE'],
  ['a virtual table', 'CREATE VIRTUAL TABLE extra USING fts5(x)'],
  ['a column', 'ALTER TABLE event ADD COLUMN extra INTEGER'],
  ['a generated column', 'ALTER TABLE event ADD COLUMN extra INTEGER AS (pid + 1)'],
  ['a missing table', 'DROP TABLE snapshot_module'],
  ['a missing index', 'DROP INDEX event_by_ns'],
  [
    'a table without its rules',
    `${WRITABLE} UPDATE sqlite_schema SET sql = replace(sql, ' STRICT', '') WHERE name = 'hook'`,
  ],
  ['a schema that is no text', `${WRITABLE} UPDATE sqlite_schema SET sql = x'00' WHERE name = 'hook'`],
  ['a name made to mislead', `CREATE TABLE "x\u001b[2J\n${'long'.repeat(100)}" (x)`],
])('foreign: %s', (_, sql) => {
  const path = bySql(sql);
  const folder = folderState(dirname(path));
  const failure = failureOf(path);
  expect(['foreign-schema', 'damaged']).toContain(failure.code);
  expect(failure.message.length).toBeLessThan(400);
  expect(folderState(dirname(path))).toEqual(folder);
});

test('cells of the wrong type', () => {
  const rules = "sql = replace(replace(sql, ' STRICT', ''), 'NOT NULL', '')";
  const path = bySql(
    `${WRITABLE} UPDATE sqlite_schema SET ${rules} WHERE name = 'capture'; PRAGMA writable_schema = RESET;
     UPDATE capture SET uuid = x'01', started_boot_ns = 'soon';
     PRAGMA writable_schema = ON;
     UPDATE sqlite_schema SET sql = '${new Database(sound).prepare<[], { sql: string }>("SELECT sql FROM sqlite_schema WHERE name = 'capture'").get()?.sql.replaceAll("'", "''") ?? ''}' WHERE name = 'capture'`,
  );
  expectRefused(path, 'damaged');
});

test('a capture without its first row', () => {
  expectRefused(bySql('DELETE FROM capture'), 'damaged');
});
