/** What a timeline says of events that were not read yet. */
import { afterAll, expect, test } from 'vitest';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { removeFolders } from '../builder.ts';
import { madeCapture } from '../made.ts';

afterAll(removeFolders);

const EVENTS = 60_000;

test('what was read and what was not are together all events, at every moment of the reading', () => {
  const path = madeCapture(EVENTS, 3);
  const capture = new OpenedCapture(path, 'stepwise');
  let asked = 0;
  for (let info = capture.info(); info.progress; info = capture.info()) {
    const { unread } = capture.timeline({ fromNs: info.firstNs, toNs: info.lastNs, columns: 100 });
    const { events } = capture.info();
    if (!unread) break;
    asked++;
    const sum = unread.reduce((total, { count }) => total + count, 0);
    // Some more were read between the two questions; the last moment is no stretch.
    expect(sum).toBeLessThanOrEqual(EVENTS);
    expect(sum).toBeGreaterThanOrEqual(EVENTS - events - EVENTS / 50);
    for (const { count } of unread) expect(count).toBeGreaterThan(0);
    capture.work(2);
  }
  expect(asked).toBeGreaterThan(0);
  const info = capture.info();
  expect(capture.timeline({ fromNs: info.firstNs, toNs: info.lastNs, columns: 100 }).unread).toBeUndefined();
  capture.close();
});
