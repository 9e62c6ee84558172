/** What a window is answered about recordings, with dialogs that answer by themselves. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { OpenCapture } from '#contract/api.ts';
import { ok } from '#contract/result.ts';
import type { RecordingDeskParts } from '../../main/app/recorder/desk.ts';

const electron = vi.hoisted(() => ({ ask: vi.fn(), save: vi.fn() }));

vi.mock('electron', () => ({
  app: { getPath: () => '/home/somebody' },
  dialog: { showMessageBox: electron.ask, showSaveDialog: electron.save },
}));

const { RecordingDesk } = await import('../../main/app/recorder/desk.ts');

let folder: string;
let file: string;

beforeEach(() => {
  vi.clearAllMocks();
  folder = mkdtempSync(join(tmpdir(), 'modtrail-desk-'));
  file = join(folder, 'new.modtrail');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const CAPTURE = { id: 'c1', name: 'new.modtrail' } as OpenCapture;

/** The desk of one window, and what is recorded as far as it sees it. */
function desk() {
  const recording = {
    ...{ running: false, file: undefined as string | undefined },
    start: vi.fn(() => Promise.resolve(ok(CAPTURE))),
    stop: vi.fn(() => {
      recording.file = undefined;
      return Promise.resolve(ok(null));
    }),
  };
  const own = { window: {}, notices: { tell: vi.fn() }, title: { show: vi.fn() }, shows: new Set<string>() };
  const captures = { list: () => [CAPTURE], pathOf: () => file, close: vi.fn(() => Promise.resolve()) };
  const windows = { tell: vi.fn(), each: vi.fn() };
  const recent = { folder, add: vi.fn(), remove: vi.fn(), rememberFolder: vi.fn() };
  const parts = { own, recording, captures, windows, recent, changed: vi.fn() };
  return { ...parts, desk: new RecordingDesk(parts as unknown as RecordingDeskParts) };
}

test('what has begun is told to the page, too: the one that asked may be gone', async () => {
  const { desk: verbs, own } = desk();
  electron.save.mockResolvedValue({ canceled: false, filePath: file });
  expect(await verbs.startRecording({ images: true })).toEqual(ok(CAPTURE));
  expect(own.notices.tell).toHaveBeenCalledWith('opened', CAPTURE);
  expect(own.shows.has('c1')).toBe(true);
});

describe('what is discarded', () => {
  test('is deleted with what a recorder that was killed left beside it', async () => {
    const { desk: verbs, recording, captures } = desk();
    recording.file = file;
    for (const end of ['', '-wal', '-shm']) writeFileSync(file + end, 'rows');
    writeFileSync(join(folder, 'other.modtrail-wal'), 'rows');
    electron.ask.mockResolvedValue({ response: 1 });
    expect(await verbs.discardRecording()).toEqual(ok(true));
    expect(recording.stop).toHaveBeenCalledOnce();
    expect(captures.close).toHaveBeenCalledWith('c1');
    expect(readdirSync(folder)).toEqual(['other.modtrail-wal']);
  });

  test('is what was asked about, and not what has begun during the question', async () => {
    const { desk: verbs, recording } = desk();
    recording.file = file;
    writeFileSync(file, 'rows');
    electron.ask.mockImplementation(() => {
      recording.file = join(folder, 'next.modtrail');
      return Promise.resolve({ response: 1 });
    });
    expect(await verbs.discardRecording()).toEqual(ok(true));
    expect(recording.stop).not.toHaveBeenCalled();
    expect(readdirSync(folder)).toEqual([]);
  });
});
