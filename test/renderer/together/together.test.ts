/** Captures on one axis: each asked for at its own boot time, drawn at its wall time. */
import { bridge, openSample, settled } from '../page.ts';
import type { OpenCapture } from '#contract/api.ts';
import { beforeEach, expect, test, vi } from 'vitest';
import { useMarks } from '../../../renderer/together/marks.ts';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useSelection } from '../../../renderer/stores/selection.ts';
import { useTabs } from '../../../renderer/stores/tabs.ts';
import { useTogether } from '../../../renderer/stores/together.ts';
import { useView } from '../../../renderer/stores/view.ts';

const HOUR = 3600e9;

let first: OpenCapture;
let later: OpenCapture;

/** The same capture as if it had been recorded an hour later. */
function anHourLater(): OpenCapture {
  const capture = openSample();
  const clock = capture.clock.map((one) => ({ ...one, wallNs: (BigInt(one.wallNs) + BigInt(HOUR)).toString() }));
  return { ...capture, clock };
}

beforeEach(async () => {
  [first, later] = [openSample(), anHourLater()];
  for (const capture of [first, later]) await useCaptures().show(capture);
  useTogether().resize(800);
  await settled();
});

test('each lies where its wall time says, and all are in sight', () => {
  const { limits, recorded, span, strips } = useTogether();
  expect(recorded.get(first.id)?.from).toBe(0);
  expect(recorded.get(later.id)?.from).toBe(HOUR);
  expect(span).toEqual(limits);
  expect(strips.get(first.id)?.marks.length).toBeGreaterThan(0);
  const times = strips.get(later.id)?.marks.map(({ ns }) => Number(ns)) ?? [];
  expect(Math.min(...times)).toBeGreaterThan(HOUR);
});

test('what is not in sight is not asked for', async () => {
  const asked = vi.spyOn(bridge, 'timeline');
  useTogether().show({ from: 0, to: HOUR / 2 });
  await settled();
  expect(asked.mock.calls.map(([id]) => id)).toEqual([first.id]);
  expect(useTogether().strips.get(later.id)?.marks).toEqual([]);
});

test('while one answer is awaited only the last wish is kept', async () => {
  const asked = vi.spyOn(bridge, 'timeline');
  for (const to of [20e9, 15e9, 10e9]) useTogether().show({ from: 0, to });
  await settled();
  expect(asked.mock.calls).toHaveLength(2);
  expect(useTogether().strips.get(first.id)?.grid.to).toBeLessThan(12e9);
});

test('a capture that is closed leaves the axis', async () => {
  await useCaptures().close(first.id);
  await settled();
  expect([...useTogether().strips.keys()]).toEqual([later.id]);
  expect(useTogether().recorded.get(later.id)?.from).toBe(0);
});

test('arrows go from mark to mark and from strip to strip, and Enter opens the attempt in its tab', async () => {
  useTogether().show({ from: 0, to: 60e9 });
  await settled();
  useTabs().showTogether();
  const marks = useMarks();
  expect(marks.key('x')).toBe(false);
  marks.key('ArrowRight');
  const [before] = [marks.marked.value];
  expect(before?.capture).toBe(first.id);
  marks.key('ArrowRight');
  expect(Number(marks.marked.value?.mark.ns)).toBeGreaterThanOrEqual(Number(before?.mark.ns));
  marks.key('ArrowLeft');
  expect(marks.marked.value).toEqual(before);
  useTogether().showAll();
  await settled();
  marks.key('ArrowDown');
  expect(marks.marked.value?.capture).toBe(later.id);
  const call = marks.marked.value?.mark.callId;
  marks.key('Enter');
  await settled();
  expect([useTabs().active, useView().view, useSelection().callId]).toEqual([`capture:${later.id}`, 'attempts', call]);
});
