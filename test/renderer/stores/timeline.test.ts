import { bridge, core, holdBack, openSample, settled as answered } from '../page.ts';
import type { OpenCapture } from '#contract/api.ts';
import { fail } from '#contract/result.ts';
import { toWide } from '#contract/wide.ts';
import { describe, expect, test, vi } from 'vitest';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useNotices } from '../../../renderer/stores/notices.ts';
import { useTimeline } from '../../../renderer/stores/timeline.ts';
import { REST } from '../../../renderer/timeline/questions.ts';
import { lengthOf } from '../../../renderer/timeline/span.ts';

const WIDTH = 1000;

/** All is asked, also what waited until the store had its rest, and answered. */
async function settled(): Promise<void> {
  for (let round = 0; round < 2; round++) {
    await answered();
    await new Promise((resolve) => setTimeout(resolve, REST + 5));
  }
  await answered();
}

async function withSample(): Promise<OpenCapture> {
  const capture = openSample();
  await useCaptures().show(capture);
  const timeline = useTimeline();
  timeline.reset();
  timeline.resize(WIDTH);
  await settled();
  return capture;
}

/** The capture as if it went on for so many nanoseconds. */
function goOn(capture: OpenCapture, by: bigint): void {
  const lastNs = toWide(BigInt(capture.info.lastNs) + by);
  useCaptures().grow({ capture: capture.id, info: { ...capture.info, lastNs }, clock: capture.clock });
  useTimeline().refresh();
}

test('a capture is shown whole, with what core says of the grid that was asked for', async () => {
  const { id, info } = await withSample();
  const timeline = useTimeline();
  expect(timeline.span).toEqual(timeline.limits);
  expect(timeline.span.from).toBeLessThan(0);
  expect(timeline.span.to).toBeGreaterThan(Number(info.lastNs) - Number(info.firstNs));
  expect(timeline.recorded).toEqual({ from: 0, to: Number(info.lastNs) - Number(info.firstNs) });
  const { clock } = useCaptures();
  for (const loaded of [timeline.near, timeline.far]) {
    if (!loaded || !clock) throw new Error('nothing was loaded');
    const { from, to } = loaded.grid;
    const request = { fromNs: clock.ns(from), toNs: clock.ns(to), columns: loaded.columns };
    expect(core.timeline(id, request)).toEqual({ ok: true, value: loaded.timeline });
    expect(loaded.timeline.marks.reduce((sum, mark) => sum + mark.count, 0)).toBe(info.attempts);
  }
});

test('a closer look asks for finer marks of the part only, and all comes back', async () => {
  await withSample();
  const timeline = useTimeline();
  const whole = timeline.near?.timeline.marks.length ?? 0;
  const at = timeline.recorded.to / 2;
  for (let i = 0; i < 8; i++) timeline.zoomAt(at, 0.7);
  await settled();
  expect(lengthOf(timeline.span)).toBeCloseTo(lengthOf(timeline.limits) * 0.7 ** 8, -3);
  expect(timeline.near?.timeline.marks.length).toBeLessThan(whole);
  expect(timeline.near?.grid.from).toBeLessThanOrEqual(timeline.span.from);
  expect(timeline.near?.grid.to).toBeGreaterThanOrEqual(timeline.span.to);
  timeline.showAll();
  await settled();
  expect(timeline.near?.timeline.marks).toHaveLength(whole);
});

test('of many movements only the last is asked for once the first is answered and the store had its rest', async () => {
  await withSample();
  const timeline = useTimeline();
  timeline.zoomMiddle(0.25);
  await settled();
  const release = holdBack('timeline');
  for (let i = 0; i < 20; i++) timeline.panBy(0.01);
  const stretched = timeline.near;
  expect(bridge.timeline).toHaveBeenCalledTimes(1);
  await release();
  expect(bridge.timeline).toHaveBeenCalledTimes(1);
  expect(timeline.near).not.toBe(stretched);
  await settled();
  expect(bridge.timeline).toHaveBeenCalledTimes(2);
  await release();
  await settled();
  expect(bridge.timeline).toHaveBeenCalledTimes(2);
  expect(timeline.near?.grid.from).toBeLessThanOrEqual(timeline.span.from);
  expect(timeline.near?.grid.to).toBeGreaterThanOrEqual(timeline.span.to);
});

describe('while the capture grows', () => {
  test('the whole stays the whole', async () => {
    const capture = await withSample();
    const timeline = useTimeline();
    const before = timeline.span;
    goOn(capture, 10_000_000_000n);
    await settled();
    expect(timeline.span).toEqual(timeline.limits);
    expect(lengthOf(timeline.span)).toBeGreaterThan(lengthOf(before));
    expect(timeline.far?.grid).toEqual(timeline.limits);
  });

  test('a part stays where it is', async () => {
    const capture = await withSample();
    const timeline = useTimeline();
    timeline.zoomMiddle(0.5);
    const before = timeline.span;
    goOn(capture, 10_000_000_000n);
    await settled();
    expect(timeline.span).toEqual(before);
  });
});

test('an answer about the capture before is dropped', async () => {
  await withSample();
  const timeline = useTimeline();
  const release = holdBack('timeline');
  timeline.zoomMiddle(0.5);
  await useCaptures().show(openSample());
  timeline.reset();
  await release();
  expect(timeline.near).toBeUndefined();
  // The one for the overview was asked after the switch.
  await release();
  expect(timeline.far).toBeDefined();
  // What the new capture shows waited for the rest after the old one's answer.
  await settled();
  await release();
  expect(timeline.near).toBeDefined();
});

test('a failure about the capture before is not told', async () => {
  await withSample();
  const failed = vi.spyOn(bridge, 'timeline').mockResolvedValueOnce(fail('no-such-row', 'this capture is not open'));
  useTimeline().zoomMiddle(0.5);
  await useCaptures().show(openSample());
  await settled();
  expect(failed).toHaveBeenCalledTimes(1);
  expect(useNotices().notices).toEqual([]);
});

test('a defect in one answer does not stop the timeline for good', async () => {
  await withSample();
  const timeline = useTimeline();
  const seen: unknown[] = [];
  const note = (reason: unknown): void => void seen.push(reason);
  process.on('unhandledRejection', note);
  vi.spyOn(bridge, 'timeline').mockRejectedValueOnce(new Error('a defect of the test'));
  timeline.zoomMiddle(0.5);
  await settled();
  process.off('unhandledRejection', note);
  const before = timeline.near;
  timeline.zoomMiddle(0.5);
  await settled();
  expect(timeline.near).not.toBe(before);
});

test('a fitted interval has room on both sides and stays within the limits', async () => {
  await withSample();
  const timeline = useTimeline();
  timeline.fit({ from: 5e9, to: 6e9 });
  expect(timeline.span.from).toBeLessThan(5e9);
  expect(timeline.span.to).toBeGreaterThan(6e9);
  timeline.fit({ from: -1e15, to: 1e15 });
  expect(timeline.span).toEqual(timeline.limits);
  timeline.fit({ from: 5e9, to: 5e9 + 1 });
  expect(lengthOf(timeline.span)).toBeCloseTo(10, 6);
});

test('what is in sight is not moved, what is not comes to the middle', async () => {
  await withSample();
  const timeline = useTimeline();
  timeline.fit({ from: 5e9, to: 6e9 });
  const { span } = timeline;
  timeline.reveal(5.5e9);
  expect(timeline.span).toEqual(span);
  timeline.reveal(20e9);
  expect((timeline.span.from + timeline.span.to) / 2).toBeCloseTo(20e9, -1);
  expect(lengthOf(timeline.span)).toBeCloseTo(lengthOf(span), -1);
});

test('closing the capture leaves nothing to draw', async () => {
  const { id } = await withSample();
  const timeline = useTimeline();
  timeline.interval = { from: 0, to: 1 };
  await useCaptures().close(id);
  timeline.reset();
  expect([timeline.near, timeline.far, timeline.interval]).toEqual([undefined, undefined, undefined]);
});

test('a recorder that says that it began after its last row makes no inverted span', async () => {
  const capture = openSample();
  await useCaptures().show({ ...capture, info: { ...capture.info, startedNs: '9223372036854775807' } });
  const timeline = useTimeline();
  timeline.reset();
  expect(timeline.span.to).toBeGreaterThan(timeline.span.from);
  timeline.resize(WIDTH);
  await settled();
  expect(useNotices().notices).toEqual([]);
  expect(timeline.near).toBeDefined();
});
