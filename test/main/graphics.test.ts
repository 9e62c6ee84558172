import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hasGraphicsCard } from '../../main/app/graphics.ts';

let devices: string;

beforeEach(() => {
  devices = mkdtempSync(join(tmpdir(), 'modtrail-devices-'));
});

afterEach(() => {
  rmSync(devices, { recursive: true, force: true });
});

function device(name: string, mode = 0o666): void {
  mkdirSync(dirname(join(devices, name)), { recursive: true });
  writeFileSync(join(devices, name), '', { mode });
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

test.skipIf(process.getuid?.() === 0)('a card that this user may not use is none', () => {
  device('dri/renderD128', 0o000);
  expect(hasGraphicsCard(devices)).toBe(false);
});
