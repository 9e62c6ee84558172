import { EventEmitter } from 'node:events';
import type { BrowserWindow } from 'electron';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Windows } from '../../main/app/windows.ts';

const electron = vi.hoisted(() => ({ quit: vi.fn(), ask: vi.fn() }));

vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  const app = Object.assign(new Emitter(), { quit: electron.quit });
  return { app, dialog: { showMessageBox: electron.ask } };
});

const { Farewell } = await import('../../main/app/recorder/closing.ts');

let signals: readonly NodeJS.SignalsListener[] = [];

beforeEach(() => {
  signals = process.listeners('SIGHUP');
  vi.clearAllMocks();
});

afterEach(() => {
  for (const name of ['SIGTERM', 'SIGHUP', 'SIGINT'] as const)
    for (const listener of process.listeners(name)) if (!signals.includes(listener)) process.off(name, listener);
});

/** A window that is about to be closed while so many are there. */
function last(recording: { running: boolean; keeps: boolean }, count = 1) {
  const window = new EventEmitter();
  const keepNoMore = vi.fn();
  const windows = { count, front: { window } } as unknown as Windows;
  const farewell = new Farewell({ ...recording, keepNoMore }, windows);
  farewell.watch(window as unknown as BrowserWindow);
  /** @returns whether it may be closed */
  const close = (): boolean => {
    const preventDefault = vi.fn();
    window.emit('close', { preventDefault });
    return preventDefault.mock.calls.length === 0;
  };
  return { close, keepNoMore };
}

const answer = (response: number): void => void electron.ask.mockResolvedValue({ response });
const buttons = (): unknown => (electron.ask.mock.calls[0]?.[1] as { buttons: string[] }).buttons;

test('nothing is asked where nothing is recorded, or another window watches', () => {
  expect(last({ running: false, keeps: false }).close()).toBe(true);
  expect(last({ running: true, keeps: false }, 2).close()).toBe(true);
  expect(electron.ask).not.toHaveBeenCalled();
});

test('the last window asks once, and goes when that was agreed to', async () => {
  answer(1);
  const { close } = last({ running: true, keeps: false });
  expect([close(), close()]).toEqual([false, false]);
  await vi.waitFor(() => {
    expect(electron.ask).toHaveBeenCalledTimes(1);
  });
  expect(buttons()).toEqual(['Stop and quit', 'Keep recording']);
  expect(electron.quit).not.toHaveBeenCalled();
  answer(0);
  await vi.waitFor(() => {
    close();
    expect(electron.quit).toHaveBeenCalled();
  });
  expect(close()).toBe(true);
});

test('what is kept goes on, ends, or the window stays', async () => {
  answer(2);
  const stays = last({ running: true, keeps: true });
  expect(stays.close()).toBe(false);
  await vi.waitFor(() => {
    expect(electron.ask).toHaveBeenCalled();
  });
  expect(buttons()).toEqual(['Quit, and keep recording', 'Stop and quit', 'Cancel']);
  expect(electron.quit).not.toHaveBeenCalled();
  for (const [response, stopped] of [
    [0, 0],
    [1, 1],
  ] as const) {
    vi.clearAllMocks();
    answer(response);
    const goes = last({ running: true, keeps: true });
    goes.close();
    await vi.waitFor(() => {
      expect(electron.quit).toHaveBeenCalled();
    });
    expect(goes.keepNoMore).toHaveBeenCalledTimes(stopped);
  }
});
