import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hasGraphicsCard, withoutToolkitGl } from '../../main/app/graphics.ts';

let devices: string;

beforeEach(() => {
  devices = mkdtempSync(join(tmpdir(), 'modtrail-devices-'));
});

afterEach(() => {
  rmSync(devices, { recursive: true, force: true });
});

function device(name: string): void {
  mkdirSync(dirname(join(devices, name)), { recursive: true });
  writeFileSync(join(devices, name), '');
}

test('a machine without devices, or without the folder of them, has no card', () => {
  expect(hasGraphicsCard(devices)).toBe(false);
  expect(hasGraphicsCard(join(devices, 'nowhere'))).toBe(false);
});

test.each(['dri/renderD128', 'nvidia0', 'dxg', 'mali0', 'kgsl-3d0'])('%s is a card', (name) => {
  device(name);
  expect(hasGraphicsCard(devices)).toBe(true);
});

test('what only sets a mode of the screen, or controls a driver, is none', () => {
  for (const name of ['dri/card0', 'nvidiactl', 'nvidia-modeset', 'fb0', 'xrenderD128']) device(name);
  expect(hasGraphicsCard(devices)).toBe(false);
});

// As root too: what cannot be opened is a link that leads nowhere, which is refused to everybody.
test('a card that cannot be used is none', () => {
  mkdirSync(join(devices, 'dri'));
  symlinkSync(join(devices, 'nowhere'), join(devices, 'dri/renderD128'));
  expect(hasGraphicsCard(devices)).toBe(false);
});

test('the toolkit does not look for OpenGL, but where somebody says that it should', () => {
  const [plain, chosen]: NodeJS.ProcessEnv[] = [{}, { GDK_GL: 'always' }];
  for (const environment of [plain, chosen]) withoutToolkitGl(environment ?? {});
  expect([plain, chosen]).toEqual([{ GDK_GL: 'disable' }, { GDK_GL: 'always' }]);
});
