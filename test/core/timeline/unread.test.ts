/** What a timeline says of events that were not read yet. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { makeCapture } from '../../../scripts/make-capture/make.ts';
import { removeFolders, temporaryFolder } from '../builder.ts';

afterAll(removeFolders);

const EVENTS = 60_000;

test('what was read and what was not are together all events, at every moment of the reading', () => {
  const path = join(temporaryFolder(), 'made.modtrail');
  const text = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8');
  makeCapture(path, { events: EVENTS, seed: 3, version: (JSON.parse(text) as { version: string }).version });
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
