import { copyFileSync, mkdtempSync, readdirSync, readlinkSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { readAhead } from '../../../core/capture/read-ahead.ts';
import { OpenedCapture } from '../../../core/store/open-capture.ts';
import { SAMPLE } from '../../../scripts/places.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modtrail-ahead-'));
  file = join(folder, 'x.modtrail');
  copyFileSync(SAMPLE, file);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Descriptors of this process that lead to the file. */
const descriptors = (): number =>
  readdirSync('/proc/self/fd').filter((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`).startsWith(file);
    } catch {
      return false;
    }
  }).length;

test('a large file is read to its end, and let go of', async () => {
  truncateSync(file, 96 << 20);
  readAhead(file);
  await vi.waitFor(() => expect(descriptors()).toBe(1));
  await vi.waitFor(() => expect(descriptors()).toBe(0), { timeout: 10_000 });
});

test('what ends it before lets go of the file as well', async () => {
  truncateSync(file, 96 << 20);
  readAhead(file)();
  await vi.waitFor(() => expect(descriptors()).toBe(0), { timeout: 10_000 });
});

test('a file that is not there is left to whoever needs it', async () => {
  readAhead(join(folder, 'nothing'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(descriptors()).toBe(0);
});

test('a capture that is closed keeps no descriptor', async () => {
  const capture = new OpenedCapture(file, 'stepwise');
  while (capture.work(50));
  capture.close();
  await vi.waitFor(() => expect(descriptors()).toBe(0), { timeout: 10_000 });
});
