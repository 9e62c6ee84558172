/** Who made the attempts of a span. */
import { afterAll, expect, test } from 'vitest';
import type { TimelineProcesses, TimelineRequest } from '#contract/timeline.ts';
import { OpenedCapture } from '#core/store/open-capture.ts';
import { CaptureBuilder, removeFolders } from '../builder.ts';

afterAll(removeFolders);

function processes(built: CaptureBuilder, request: TimelineRequest): TimelineProcesses | undefined {
  const capture = new OpenedCapture(built.finish());
  const found = capture.timeline(request).processes;
  capture.close();
  return found;
}

test('callers of one name share a lane, the busiest first; what a column cannot tell apart is one stretch', () => {
  const built = new CaptureBuilder();
  const [first, second] = [built.process({ comm: 'insmod' }), built.process({ comm: 'insmod' })];
  const other = built.process({ comm: 'modprobe' });
  built.call({ ns: 1000, returned: -1, process: first });
  built.call({ ns: 1050, returned: -1, process: second, repeat: 10 });
  built.call({ ns: 1060, returned: -1, process: other });
  built.call({ ns: 5000, returned: -1, process: first });
  built.call({ ns: 5000, returned: -1 });
  built.call({ ns: 20_000, returned: -1, process: other, repeat: 1000 });
  expect(processes(built, { fromNs: 0, toNs: 10_000, columns: 100 })).toEqual({
    lanes: [
      {
        comm: 'insmod',
        count: 12,
        stretches: [
          { fromNs: 1000, toNs: 1050, count: 11, seq: 1, callId: 1 },
          { fromNs: 5000, toNs: 5000, count: 1, seq: 4, callId: 4 },
        ],
      },
      { comm: 'modprobe', count: 1, stretches: [{ fromNs: 1060, toNs: 1060, count: 1, seq: 3, callId: 3 }] },
    ],
    others: 0,
    otherCalls: 0,
  });
});

test('twelve callers have lanes, the others are counted', () => {
  const built = new CaptureBuilder();
  for (let caller = 1; caller <= 15; caller++) {
    const process = built.process({ comm: `caller-${String(caller)}` });
    for (let n = 0; n < caller; n++) built.call({ ns: 1000 + n, returned: -1, process });
  }
  const found = processes(built, { fromNs: 0, toNs: 10_000, columns: 10 });
  expect(found?.lanes.map(({ count }) => count)).toEqual([15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4]);
  expect([found?.others, found?.otherCalls]).toEqual([3, 6]);
});

test('a span with more calls than can be looked up in passing says nothing of them, a part of it does', () => {
  const built = new CaptureBuilder();
  const process = built.process({ comm: 'flood' });
  for (let n = 0; n < 5001; n++) built.call({ ns: 1000 + n, returned: -1, process });
  const capture = new OpenedCapture(built.finish());
  expect(capture.timeline({ fromNs: 0, toNs: 10_000, columns: 10 }).processes).toBeUndefined();
  expect(capture.timeline({ fromNs: 1001, toNs: 10_000, columns: 10 }).processes?.lanes[0]?.count).toBe(5000);
  capture.close();
});
