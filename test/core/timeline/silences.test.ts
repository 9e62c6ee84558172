/** Stretches in which nothing was recorded, as a sleep leaves them. */
import { afterAll, expect, test } from 'vitest';
import { OpenedCapture } from '#core/store/open-capture.ts';
import type { TimelineSilence } from '#contract/timeline.ts';
import { CaptureBuilder, removeFolders } from '../builder.ts';

afterAll(removeFolders);

const SECOND = 1_000_000_000;
const WALL = 1_700_000_000_000_000_000n;

function silences(built: CaptureBuilder, from = 0, to = 10_000 * SECOND): readonly TimelineSilence[] {
  const capture = new OpenedCapture(built.finish());
  const found = capture.timeline({ fromNs: from, toNs: to, columns: 10 }).silences;
  capture.close();
  return found;
}

/** Samples at these seconds; both clocks go on together, as they do in sleep. */
function sampled(...seconds: readonly number[]): { built: CaptureBuilder; seqs: readonly number[] } {
  const built = new CaptureBuilder();
  const seqs = seconds.map((at) => built.clock(at * SECOND, WALL + BigInt(at * SECOND)));
  return { built, seqs };
}

test('between samples that lie further apart than a running recorder takes them, without an event', () => {
  const { built, seqs } = sampled(0, 60, 120, 3720, 3780);
  expect(silences(built)).toEqual([{ seq: seqs[3], fromNs: 120 * SECOND, toNs: 3720 * SECOND }]);
});

test('an event between the samples shows the machine awake: the longest stretch without one counts', () => {
  const { built, seqs } = sampled(0, 60, 3660);
  built.call({ ns: 100 * SECOND, returned: -1 });
  built.call({ ns: 3600 * SECOND, returned: -1 });
  expect(silences(built)).toEqual([{ seq: seqs[2], fromNs: 100 * SECOND, toNs: 3600 * SECOND }]);
});

test('where events never rest there is none, however far the samples lie apart', () => {
  const { built } = sampled(0, 600);
  for (let at = 0; at < 600; at += 60) built.call({ ns: at * SECOND, returned: -1 });
  expect(silences(built)).toEqual([]);
});

test('only those of the span', () => {
  const { built } = sampled(0, 1000);
  expect(silences(built, 1001 * SECOND)).toEqual([]);
});
