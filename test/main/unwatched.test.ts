import { expect, test, vi } from 'vitest';
import type { RecordingState } from '#contract/recording.ts';
import { Unwatched } from '../../main/app/recorder/unwatched.ts';

const recorded = { state: 'recording', capture: 'c1' } as RecordingState;
const ends: readonly RecordingState[] = [
  { state: 'idle' },
  { state: 'failed', error: { code: 'collector-failed', message: 'killed' } },
];

/** What is closed while windows show these. */
function closing(shown: readonly string[]) {
  const close = vi.fn();
  return { close, unwatched: new Unwatched({ isShown: (id) => shown.includes(id), close }) };
}

test.each(ends)('what no window shows is closed when its recording is over: $state', (end) => {
  const { close, unwatched } = closing(['c2']);
  for (const state of [recorded, { state: 'stopping', file: 'a' } as const]) unwatched.told(state);
  expect(close).not.toHaveBeenCalled();
  unwatched.told(end);
  expect(close.mock.calls).toEqual([['c1']]);
  // A next one that does not begin concerns it no more.
  unwatched.told(end);
  expect(close).toHaveBeenCalledOnce();
});

test('what a window shows stays open', () => {
  const { close, unwatched } = closing(['c1']);
  unwatched.told(recorded);
  unwatched.told({ state: 'idle' });
  expect(close).not.toHaveBeenCalled();
});
