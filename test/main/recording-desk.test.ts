/** What a window is answered about recordings, with dialogs that answer by themselves. */
import { lstatSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { OpenCapture } from '#contract/api.ts';
import { ok } from '#contract/result.ts';
import type { RecordingDeskParts } from '../../main/app/recorder/desk.ts';
import type { Recorded } from '../../main/app/recorder/recording.ts';

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
    ...{ running: false, recorded: undefined as Recorded | undefined },
    records: (capture: string) => recording.recorded?.capture === capture,
    start: vi.fn(() => Promise.resolve(ok(CAPTURE))),
    giveUp: vi.fn(() => {
      recording.recorded = undefined;
      return Promise.resolve(ok(null));
    }),
  };
  const own = { window: {}, notices: { tell: vi.fn() }, title: { show: vi.fn() }, shows: new Set<string>() };
  const captures = { list: () => [CAPTURE], has: () => true, close: vi.fn(() => Promise.resolve()) };
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

/** As a recorder has it that has written some rows. */
function recorded(capture = 'c1'): Recorded {
  for (const end of ['', '-wal', '-shm']) writeFileSync(file + end, 'rows');
  const { dev, ino } = lstatSync(file);
  return { file, capture, made: `${String(dev)}:${String(ino)}` };
}

describe('what is discarded', () => {
  test('is deleted with what a recorder that was killed left beside it', async () => {
    const { desk: verbs, recording, captures } = desk();
    recording.recorded = recorded();
    writeFileSync(join(folder, 'other.modtrail-wal'), 'rows');
    electron.ask.mockResolvedValue({ response: 1 });
    expect(await verbs.discardRecording()).toEqual(ok(true));
    expect(recording.giveUp).toHaveBeenCalledOnce();
    expect(captures.close).toHaveBeenCalledWith('c1');
    expect(readdirSync(folder)).toEqual(['other.modtrail-wal']);
  });

  test('is what was asked about, and not what has begun during the question', async () => {
    const { desk: verbs, recording } = desk();
    const first = recorded();
    recording.recorded = first;
    electron.ask.mockImplementation(() => {
      recording.recorded = { ...first, file: join(folder, 'next.modtrail'), capture: 'c2' };
      return Promise.resolve({ response: 1 });
    });
    expect(await verbs.discardRecording()).toEqual(ok(true));
    expect(recording.giveUp).not.toHaveBeenCalled();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('is nothing before a recorder has written: what lies under the name is another file', async () => {
    const { desk: verbs, recording } = desk();
    recording.running = true;
    writeFileSync(file, 'precious');
    expect(await verbs.discardRecording()).toMatchObject({ ok: false, error: { code: 'no-such-row' } });
    expect(electron.ask).not.toHaveBeenCalled();
    expect(readFileSync(file, 'utf8')).toBe('precious');
  });

  test('is not what has taken the place of the capture', async () => {
    const { desk: verbs, recording } = desk();
    recording.recorded = recorded();
    electron.ask.mockImplementation(() => {
      renameSync(file, join(folder, 'kept.modtrail'));
      writeFileSync(file, 'precious');
      return Promise.resolve({ response: 1 });
    });
    expect(await verbs.discardRecording()).toMatchObject({
      ok: false,
      error: { code: 'already-exists', message: expect.stringContaining('nothing was deleted') as string },
    });
    expect(readFileSync(file, 'utf8')).toBe('precious');
    expect(readdirSync(folder).sort()).toContain('kept.modtrail');
  });
});
