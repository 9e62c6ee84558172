/** What the rpm does after it was installed and removed, in a folder that stands for the system's root. */
import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { INSTALLED, LINKS } from '../../scripts/deb.ts';
import { ROOT } from '../../scripts/places.ts';

let system: string;

/** Programs of the system that the scripts may call; none that looks beyond the folder. */
const TOOLS = ['ln', 'rm', 'chmod', 'readlink'];

beforeEach(() => {
  system = mkdtempSync(join(tmpdir(), 'modtrail-rpm-'));
  for (const path of ['tools', 'usr/bin', 'usr/sbin', INSTALLED]) mkdirSync(join(system, path), { recursive: true });
  for (const tool of TOOLS) symlinkSync(join('/usr/bin', tool), join(system, 'tools', tool));
  writeFileSync(join(system, INSTALLED, 'chrome-sandbox'), '', { mode: 0o755 });
});

afterEach(() => {
  rmSync(system, { recursive: true, force: true });
});

/** Runs the script that electron-builder is told to take. @param left - versions that are installed when it has run. */
function run(name: 'afterInstall' | 'afterRemove', left: number): void {
  const settings = readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8');
  const path = new RegExp(`^rpm:\\n(?: .*\\n)*? {2}${name}: (.*)$`, 'm').exec(settings)?.[1] ?? 'none';
  const script = readFileSync(join(ROOT, path), 'utf8');
  // electron-builder takes these for its own macros, and fails where it knows none of that name.
  expect(script).not.toMatch(/\$\{[a-zA-Z]+\}|<%=/);
  const inside = script.replaceAll(/(?<![\w/])\/(?=(?:opt|usr|etc)\/)/g, `${system}/`);
  execFileSync('/bin/sh', ['-c', inside, name, String(left)], { env: { PATH: join(system, 'tools') } });
}

/** Where the links lead, of those that are there. */
function links(): Record<string, string> {
  const there = Object.keys(LINKS).filter((link) => lstatSync(join(system, link), { throwIfNoEntry: false }));
  return Object.fromEntries(there.map((link) => [link, readlinkSync(join(system, link)).slice(system.length)]));
}

test('it brings the programs that the Debian package brings, instead of the window', () => {
  symlinkSync('/etc/alternatives/modtrail', join(system, 'usr/bin/modtrail'));
  run('afterInstall', 1);
  expect(links()).toEqual(LINKS);
  expect(statSync(join(system, INSTALLED, 'chrome-sandbox')).mode & 0o7777).toBe(0o4755);
});

test('they stay after an update, and go with the package', () => {
  run('afterInstall', 2);
  run('afterRemove', 1);
  expect(links()).toEqual(LINKS);
  run('afterRemove', 0);
  expect(links()).toEqual({});
});

test("what others have put under the names since is not the package's to remove", () => {
  run('afterInstall', 1);
  rmSync(join(system, 'usr/bin/modtrail'));
  writeFileSync(join(system, 'usr/bin/modtrail'), 'another');
  run('afterRemove', 0);
  expect(readFileSync(join(system, 'usr/bin/modtrail'), 'utf8')).toBe('another');
});
