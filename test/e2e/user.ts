/**
 * The user that runs the app in the end-to-end tests. Root cannot use Chromium's sandbox, so that tests started by root
 * run the app as a user of their own, made once and without any right; everybody else runs it as themselves.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chownSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../scripts/places.ts';

const NAME = 'modtrail-test';

/** What the app needs of a checkout to run. */
const PARTS = [
  ...[
    'package.json',
    'contract/schema.sql',
    'samples/sample.modtrail',
    'dist/main',
    'dist/preload',
    'dist/store',
    'dist/helper',
  ],
  ...[
    'scripts/driven-app',
    'dist/renderer',
    'dist/collector/modtrail-collector',
    'node_modules/better-sqlite3',
    'node_modules/node/bin/node',
  ],
];

export interface TestUser {
  readonly uid: number;
  readonly gid: number;
}

/** The test user; root makes it where it does not exist. */
export function testUser(): TestUser {
  const own = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  if (own.uid !== 0) return own;
  const known = find();
  if (known) return known;
  execFileSync('useradd', [
    '--system',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/bin/false',
    NAME,
  ]);
  const made = find();
  if (!made) throw new Error(`the user ${NAME} could not be made`);
  return made;
}

function find(): TestUser | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`${NAME}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/** Words that run what follows them as that user. */
export function asUser({ uid, gid }: TestUser): string[] {
  if (uid === process.getuid?.()) return [];
  return ['setpriv', `--reuid=${String(uid)}`, `--regid=${String(gid)}`, '--clear-groups', '--'];
}

/** Gives files and folders to the user. */
export function giveTo({ uid, gid }: TestUser, ...paths: readonly string[]): void {
  if (uid === process.getuid?.()) return;
  for (const path of paths) chownSync(path, uid, gid);
}

/** A fresh folder that belongs to the user. */
export function folderFor(user: TestUser): string {
  const folder = mkdtempSync(join(tmpdir(), 'modtrail-e2e-'));
  giveTo(user, folder);
  return folder;
}

let copy: string | undefined;

/** The app's folder as that user can read it: the checkout, or a copy where the checkout lies in a closed folder. */
export function readableApp(user: TestUser): string {
  const [command, ...rest] = [...asUser(user), 'test', '-r', join(ROOT, 'package.json')];
  if (command === undefined || spawnSync(command, rest).status === 0) return ROOT;
  if (copy !== undefined) return copy;
  const folder = mkdtempSync(join(tmpdir(), 'modtrail-app-'));
  for (const part of PARTS) cpSync(join(ROOT, part), join(folder, part), { recursive: true, dereference: true });
  execFileSync('chmod', ['-R', 'u=rwX,go=rX', folder]);
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  copy = folder;
  return folder;
}

/** Writes an executable script that runs a program as the user. Returns its path. */
export function startScript(user: TestUser, program: string, folder: string): string {
  const script = join(folder, 'start');
  writeFileSync(script, `#!/bin/sh\nexec ${[...asUser(user), `'${program}'`].join(' ')} "$@"\n`, { mode: 0o755 });
  giveTo(user, script);
  return script;
}
