/**
 * What the packages hold beside the app, as electron-builder itself makes it of electron-builder.yml: it is stopped
 * before it calls for fpm and its other tools, which are not here. No rpm and no AppImage is built.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build, Platform } from 'electron-builder';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FILES, INSTALLED } from '../../scripts/deb.ts';
import { ROOT } from '../../scripts/places.ts';

const work = mkdtempSync(join(tmpdir(), 'modtrail-packages-'));
const app = join(work, 'app');

/** Sources of what the rpm holds, by where they go. */
const rpm = new Map<string, string>();
/** Lines of the two desktop entries. */
let rpmEntry: readonly string[] = [];
let imageEntry: readonly string[] = [];

const read = (path: string): string => readFileSync(path, 'utf8');
const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
const keys = (entry: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    entry.slice(1).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );

const resolved = (from: string): string => (from.startsWith('/') ? from : join(ROOT, from));

type Told = readonly [args: readonly string[], entry: string] | { readonly desktop: string };

/** What fpm would be called with, or what an AppImage would be made of. */
function take(told: Told): Promise<boolean> {
  if ('desktop' in told) {
    imageEntry = lines(told.desktop);
    return Promise.resolve(true);
  }
  rpmEntry = lines(read(told[1]));
  for (const argument of told[0]) {
    const [, from, to] = /^(.*)=(\/.*)$/.exec(argument) ?? [];
    if (from === undefined || to === undefined) continue;
    expect(rpm.has(to), `two sources of ${to}`).toBe(false);
    // Looked at here, as what it has made itself is gone when it ends.
    expect(existsSync(resolved(from)), from).toBe(true);
    rpm.set(to, from);
  }
  return Promise.resolve(true);
}

beforeAll(async () => {
  mkdirSync(join(app, 'resources'), { recursive: true });
  writeFileSync(join(app, 'modtrail'), '');
  const asked = {
    projectDir: ROOT,
    publish: 'never' as const,
    prepackaged: app,
    targets: Platform.LINUX.createTarget(['rpm', 'AppImage']),
    config: {
      extends: join(ROOT, 'electron-builder.yml'),
      electronVersion: '33.0.0',
      directories: { output: join(work, 'out') },
    },
    effectiveOptionComputed: take,
  };
  await build(asked);
});

afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

test('the rpm holds what the Debian package installs', () => {
  const missing = Object.entries(FILES).filter(([name, path]) => {
    if (path === `${INSTALLED}/resources/apparmor-profile` || path.endsWith('.desktop')) return false;
    return rpm.get(path) === undefined || read(join(ROOT, 'packaging', name)) !== read(resolved(rpm.get(path) ?? ''));
  });
  expect(missing).toEqual([]);
  expect(rpm.get(INSTALLED)).toBe(`${app}/`);
  expect(rpm.get('/usr/share/doc/modtrail/copyright')).toBe('LICENSE');
  // It puts the profile into the app's folder.
  expect(read(join(app, 'resources/apparmor-profile'))).toBe(read(join(ROOT, 'packaging/apparmor-profile')));
});

test("nothing of Electron's own is in its place", () => {
  const icons = [...rpm.keys()].filter((path) => path.startsWith('/usr/share/icons/'));
  expect(icons.map((path) => basename(path)).sort()).toEqual(['application-x-modtrail-capture.svg', 'modtrail.svg']);
  expect([...rpm.values()].filter((from) => from.includes('node_modules'))).toEqual([]);
});

test('the desktop entry says what the one of the Debian package says', () => {
  const { Exec, TryExec, Comment, ...own } = keys(lines(read(join(ROOT, 'packaging/modtrail.desktop'))));
  expect(Exec).toBe(`${INSTALLED}/modtrail %F`);
  // In the rpm that is the package's description, and the program is named once.
  expect([Comment, TryExec]).not.toContain(undefined);
  expect(keys(rpmEntry)).toMatchObject({ ...own, Exec: `${INSTALLED}/modtrail %U` });
  expect(rpm.has('/usr/share/applications/modtrail.desktop')).toBe(true);
});

test('an AppImage is not started without the sandbox where there can be one', () => {
  const { Exec, MimeType, Icon } = keys(imageEntry);
  expect({ Exec, MimeType, Icon }).toEqual({
    Exec: 'AppRun %U',
    MimeType: 'application/x-modtrail-capture;',
    Icon: 'modtrail',
  });
});
