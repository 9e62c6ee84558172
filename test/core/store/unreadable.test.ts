/** A capture with a row that is none: what was read of it is never told as if it were all. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CaptureError } from '../../../core/capture/failure.ts';
import { OpenedCapture } from '../../../core/store/open-capture.ts';
import { makeCapture } from '../../../scripts/make-capture/make.ts';

let folder: string;
let path: string;
const ALL = { sort: 'time', descending: false, start: 0, limit: 10 } as const;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'modtrail-unreadable-'));
  path = join(folder, 'x.modtrail');
  makeCapture(path, { events: 20_000, seed: 5, version: '0.0.0' });
  const database = new Database(path);
  database.exec('UPDATE module_fact SET name = 7 WHERE seq = (SELECT max(seq) FROM module_fact)');
  database.close();
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('read whole, each answer says that it is damaged, and up to where it was read', () => {
  const capture = new OpenedCapture(path);
  for (let round = 0; round < 2; round++)
    expect(() => capture.attempts(ALL)).toThrow(/damaged: .*it was read up to event \d+/);
  expect(() => capture.info()).toThrow(CaptureError);
  expect(capture.event(1).seq).toBe(1);
  capture.close();
});

test('read step by step, answers say so as well, and events can still be looked at as they were recorded', () => {
  const capture = new OpenedCapture(path, 'stepwise');
  expect(() => {
    while (capture.work(1));
  }).toThrow(CaptureError);
  expect(() => capture.work(1)).toThrow(CaptureError);
  expect(() => capture.attempts(ALL)).toThrow(/it was read up to event \d+/);
  expect(() => capture.info()).toThrow(CaptureError);
  expect(capture.events({ ...ALL, sort: 'seq' }).rows).toHaveLength(10);
  expect(() => capture.events({ ...ALL, sort: 'kind' })).toThrow(CaptureError);
  expect(() => capture.verifyStep(true)).not.toThrow();
  capture.close();
});
