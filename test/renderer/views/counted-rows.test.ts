/** Rows that are counted over all attempts, while their view is looked at. */
import { mounted, settled, tell } from '../page.ts';
import { expect, test, vi } from 'vitest';
import { ref } from 'vue';
import { COUNTED_APART, useCountedRows } from '../../../renderer/views/counted-rows.ts';
import { sampleOpened } from '../opened.ts';

test('while a recording goes on they are counted again now and then, and once more when it ends', async () => {
  const capture = await sampleOpened();
  const rows = { total: 3, within: undefined, reset: vi.fn(), refresh: vi.fn() };
  const { end } = mounted(() => {
    useCountedRows({ rows, frame: ref() });
  });
  rows.refresh.mockClear();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const grow = async (): Promise<void> => {
    tell('grown', { capture: capture.id, info: capture.info, clock: capture.clock });
    await settled();
  };
  for (let n = 0; n < 10; n++) await grow();
  expect(rows.refresh).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(COUNTED_APART);
  expect(rows.refresh).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(COUNTED_APART);
  expect(rows.refresh).toHaveBeenCalledTimes(2);
  await grow();
  expect(rows.refresh).toHaveBeenCalledTimes(3);
  await grow();
  end();
  vi.advanceTimersByTime(COUNTED_APART);
  expect(rows.refresh).toHaveBeenCalledTimes(3);
  vi.useRealTimers();
});
