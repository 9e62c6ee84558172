import { bridge, core, holdBack, openSample, settled } from '../page.ts';
import type { Attempt, Verdict } from '#contract/attempt.ts';
import { fail, ok, type Result } from '#contract/result.ts';
import { expect, test, vi } from 'vitest';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useNotices } from '../../../renderer/stores/notices.ts';
import { useSelection } from '../../../renderer/stores/selection.ts';

async function withSample(): Promise<string> {
  const capture = openSample();
  await useCaptures().show(capture);
  return capture.id;
}

/** The first attempt of the sample that ended so. */
function attemptOf(id: string, verdict: Verdict): Attempt {
  const page = core.attempts(id, { sort: 'time', descending: false, start: 0, limit: 1000 });
  const found = page.ok ? page.value.rows.find((attempt) => attempt.verdict === verdict) : undefined;
  if (!found) throw new Error(`the sample holds no attempt that is ${verdict}`);
  return found;
}

test('an attempt brings its call, as the capture holds both', async () => {
  const id = await withSample();
  const selection = useSelection();
  const attempt = attemptOf(id, 'rejected');
  const { callId, seq, kind } = attempt;
  await selection.selectAttempt(callId);
  expect(selection.attempt).toEqual(attempt);
  expect(selection).toMatchObject({ callId, seq, event: { seq, callId, kind } });
});

test('an event of a call brings the attempt, another event none', async () => {
  const id = await withSample();
  const selection = useSelection();
  await selection.selectAttempt(7);
  const answer = core.events(id, { sort: 'kind', descending: false, start: 0, limit: 1000 });
  const rows = answer.ok ? answer.value.rows : [];
  const load = rows.find(({ kind, callId }) => kind === 'module_load' && callId !== undefined);
  const start = rows.find(({ kind }) => kind === 'capture_start');
  await selection.selectEvent(load?.seq ?? -1);
  expect(selection).toMatchObject({
    callId: load?.callId,
    event: { kind: 'module_load' },
    attempt: { callId: load?.callId },
  });
  await selection.selectEvent(start?.seq ?? -1);
  expect(selection.event?.kind).toBe('capture_start');
  expect([selection.callId, selection.attempt]).toEqual([undefined, undefined]);
});

test('an event whose call was lost is selected all the same, without a notice', async () => {
  const { seq, callId } = attemptOf(await withSample(), 'live');
  const selection = useSelection();
  vi.spyOn(bridge, 'attempt').mockResolvedValue(fail('no-such-row', 'there is no such call'));
  await selection.selectEvent(seq);
  expect(selection).toMatchObject({ seq, callId, attempt: undefined });
  expect(useNotices().notices).toEqual([]);
});

test('only the answer to the last question counts', async () => {
  await withSample();
  const selection = useSelection();
  const release = holdBack('attempt');
  void selection.selectAttempt(1);
  void selection.selectAttempt(2);
  await release();
  expect(selection.attempt).toBeUndefined();
  await release();
  expect(selection).toMatchObject({ callId: 2, attempt: { callId: 2 }, event: { callId: 2 } });
});

test('what does not exist is told, and leaves nothing selected', async () => {
  await withSample();
  const selection = useSelection();
  await selection.selectAttempt(1);
  await selection.selectAttempt(100_000);
  expect(selection).toMatchObject({ callId: undefined, seq: undefined, attempt: undefined, event: undefined });
  await selection.selectEvent(100_000);
  expect(selection).toMatchObject({ callId: undefined, seq: undefined, attempt: undefined, event: undefined });
  expect(useNotices().notices.map(({ failure }) => failure.code)).toEqual(['no-such-row', 'no-such-row']);
});

test('a late failure of a selection that was cleared is not told', async () => {
  await withSample();
  const selection = useSelection();
  const release = holdBack('attempt');
  void selection.selectAttempt(100_000);
  selection.clear();
  await release();
  expect(useNotices().notices).toEqual([]);
  expect(selection.attempt).toBeUndefined();
});

test('a refresh asks for the attempt again, and never puts an old one back', async () => {
  const id = await withSample();
  const selection = useSelection();
  const before = attemptOf(id, 'no-return');
  await selection.selectAttempt(before.callId);
  const asked = vi.spyOn(bridge, 'attempt').mockResolvedValue(ok({ ...before, verdict: 'live' }));
  await selection.refresh();
  expect(asked).toHaveBeenCalledWith(id, before.callId);
  expect(selection.attempt?.verdict).toBe('live');
  asked.mockRestore();

  let answer: (attempt: Result<Attempt>) => void = () => undefined;
  vi.spyOn(bridge, 'attempt').mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
  void selection.refresh();
  await selection.selectAttempt(3);
  answer(ok(before));
  await settled();
  expect(selection.attempt?.callId).toBe(3);
});

test('a refresh that brings nothing new leaves what is shown alone', async () => {
  const id = await withSample();
  const selection = useSelection();
  await selection.selectAttempt(attemptOf(id, 'no-return').callId);
  const { attempt, event } = selection;
  await selection.refresh();
  expect(selection.attempt).toBe(attempt);
  expect(selection.event).toBe(event);
});

test('the event of a call that had not returned is asked for again', async () => {
  const id = await withSample();
  const selection = useSelection();
  await selection.selectAttempt(attemptOf(id, 'no-return').callId);
  expect(selection.event?.pending).toBe(true);
  const event = vi.spyOn(bridge, 'event');
  await selection.refresh();
  expect(event).toHaveBeenCalledWith(expect.any(String), selection.seq);
  event.mockClear();
  await selection.selectAttempt(1);
  event.mockClear();
  await selection.refresh();
  expect(event).not.toHaveBeenCalled();
});

test('the story that is copied is the one that core tells', async () => {
  const id = await withSample();
  const selection = useSelection();
  const copied = vi.spyOn(bridge, 'copyText');
  await selection.copyStory();
  expect(copied).not.toHaveBeenCalled();
  const { callId } = attemptOf(id, 'init-failed');
  await selection.selectAttempt(callId);
  await selection.copyStory();
  await settled();
  const story = core.attemptStory(id, callId);
  expect(copied.mock.calls).toEqual([[story.ok && story.value]]);
});

test('without a capture nothing is asked', async () => {
  const asked = vi.spyOn(bridge, 'attempt');
  await useSelection().selectAttempt(1);
  await useSelection().refresh();
  expect(asked).not.toHaveBeenCalled();
});
