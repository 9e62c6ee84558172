import { openSample } from '../page.ts';
import { fail, notOpen } from '#contract/result.ts';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useNotices } from '../../../renderer/stores/notices.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

const words = (): string[] => useNotices().notices.map(({ failure }) => failure.message);

test('what is asked about a capture while it is closed is told nobody', async () => {
  const captures = useCaptures();
  const capture = openSample();
  await captures.show(capture);
  expect(useNotices().valueOf(notOpen(capture.id))).toBeUndefined();
  // Main has closed it, and the page hears of it a moment later.
  expect(words()).toEqual([]);
  await captures.forget(capture.id);
  await vi.advanceTimersByTimeAsync(10_000);
  useNotices().valueOf(notOpen(capture.id));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(words()).toEqual([]);
});

test('where it is shown all the same, that is told', async () => {
  const capture = openSample();
  await useCaptures().show(capture);
  useNotices().valueOf(notOpen(capture.id));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(words()).toEqual(['this capture is not open any more']);
});

test('everything else is told at once', () => {
  useNotices().valueOf(fail('no-such-row', 'there is no such call'));
  expect(words()).toEqual(['there is no such call']);
});
