import { bridge, holdBack, openSample, settled } from '../page.ts';
import type { OpenCapture } from '#contract/api.ts';
import { fail, ok } from '#contract/result.ts';
import { expect, test, vi } from 'vitest';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useNotices } from '../../../renderer/stores/notices.ts';

const codes = (): string[] => useNotices().notices.map(({ failure }) => failure.code);

test('a capture that is opened is shown, and the others stay open', async () => {
  const captures = useCaptures();
  const closed = vi.spyOn(bridge, 'closeCapture');
  const release = holdBack('openSample');
  const opening = captures.openSample();
  expect(captures.opening).toBe('the sample');
  await release();
  await opening;
  expect(captures.opening).toBeUndefined();
  const first = captures.current;
  expect(first).toMatchObject({ name: 'sample.modtrail', info: openSample().info });
  const second = openSample();
  await captures.show(second);
  expect(closed).not.toHaveBeenCalled();
  expect(captures.list.map(({ id }) => id)).toEqual([first?.id, second.id]);
  expect(captures.currentId).toBe(second.id);
  expect(codes()).toEqual([]);
});

test('when one is closed its neighbour is shown, and one that is not looked at goes without a trace', async () => {
  const captures = useCaptures();
  const all = [openSample(), openSample(), openSample()];
  for (const capture of all) await captures.show(capture);
  const [first, second, third] = all.map(({ id }) => id);
  const left: string[] = [];
  captures.beforeLeaving((id) => left.push(id));
  await captures.close(first ?? '');
  expect(captures.currentId).toBe(third);
  await captures.close(third ?? '');
  expect(captures.currentId).toBe(second);
  await captures.closeCurrent();
  expect([captures.currentId, captures.list]).toEqual([undefined, []]);
  expect(left).toEqual([third, second]);
});

test('what cannot be opened is told, and what is shown stays', async () => {
  const captures = useCaptures();
  await captures.openSample();
  const before = captures.currentId;
  vi.spyOn(bridge, 'openDropped').mockResolvedValue(fail('empty-file', 'x.modtrail is empty'));
  await captures.openDropped(new File([], 'x.modtrail'));
  expect(codes()).toEqual(['empty-file']);
  expect([captures.currentId, captures.opening]).toEqual([before, undefined]);
  await captures.openWithDialog();
  expect(captures.currentId).toBe(before);
});

test('offsets count from the first moment at which the capture was opened, also when it has grown', async () => {
  const captures = useCaptures();
  const capture = openSample();
  await captures.show(capture);
  const moment = captures.clock?.ns(5e9);
  const earlier = { ...capture.info, firstNs: Number(capture.info.firstNs) - 1e9, events: capture.info.events + 1 };
  captures.grow({ capture: capture.id, info: earlier, clock: capture.clock });
  expect(captures.current?.info.events).toBe(capture.info.events + 1);
  expect(captures.clock?.ns(5e9)).toBe(moment);
  expect(captures.revision).toBe(1);
});

test('growth counts for the capture that is looked at, and not for one that is not open', async () => {
  const captures = useCaptures();
  const [kept, other] = [openSample(), openSample()];
  await captures.show(kept);
  captures.keptId = kept.id;
  await captures.show(other);
  captures.grow({ capture: kept.id, info: { ...kept.info, attempts: kept.info.attempts + 1 }, clock: kept.clock });
  captures.grow({ capture: 'unknown', info: kept.info, clock: kept.clock });
  expect(captures.revision).toBe(0);
  captures.look(kept.id);
  await settled();
  expect(captures.current?.info.attempts).toBe(kept.info.attempts + 1);
  captures.look('unknown');
  expect(captures.currentId).toBe(kept.id);
});

test('main refuses to close what is being recorded, and it stays in sight', async () => {
  const captures = useCaptures();
  const capture = openSample();
  await captures.show(capture);
  vi.spyOn(bridge, 'closeCapture').mockResolvedValue(fail('busy', 'this capture is being recorded'));
  await captures.close(capture.id);
  expect(captures.currentId).toBe(capture.id);
  expect(codes()).toEqual(['busy']);
  vi.restoreAllMocks();
  await captures.close(capture.id);
  expect([captures.currentId, captures.current, captures.clock]).toEqual([undefined, undefined, undefined]);
});

test('recent captures are asked for anew whenever one is opened or closed', async () => {
  const captures = useCaptures();
  const entry = { id: 'r1', name: 'sample.modtrail', folder: '/', opened: '2026-11-24T05:34:31Z' };
  vi.spyOn(bridge, 'recentCaptures').mockResolvedValue(ok([entry]));
  const capture: OpenCapture = openSample();
  await captures.show(capture);
  expect(captures.recent).toEqual([entry]);
  vi.spyOn(bridge, 'recentCaptures').mockResolvedValue(ok([]));
  await captures.close(capture.id);
  expect(captures.recent).toEqual([]);
  const asked = vi.spyOn(bridge, 'openRecent');
  await captures.openRecent(entry);
  expect(asked).toHaveBeenCalledWith('r1');
  expect(captures.current?.name).toBe('sample.modtrail');
});
