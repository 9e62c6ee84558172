import { bridge, core, holdBack, openSample, settled } from '../page.ts';
import { fail } from '#contract/result.ts';
import { expect, test, vi } from 'vitest';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useNotices } from '../../../renderer/stores/notices.ts';
import { useSelection } from '../../../renderer/stores/selection.ts';

async function withSample(): Promise<string> {
  const capture = openSample();
  await useCaptures().show(capture);
  return capture.id;
}

test('an attempt brings its call, as the capture holds both', async () => {
  const id = await withSample();
  const selection = useSelection();
  await selection.selectAttempt(25);
  const attempt = core.attempt(id, 25);
  expect(attempt.ok && attempt.value).toEqual(selection.attempt);
  expect(selection).toMatchObject({ callId: 25, seq: selection.attempt?.seq });
  expect(selection.event).toMatchObject({ seq: selection.seq, callId: 25, kind: 'finit_module' });
});

test('an event of a call brings the attempt, another event none', async () => {
  const id = await withSample();
  const selection = useSelection();
  await selection.selectAttempt(7);
  const answer = core.events(id, { sort: 'kind', descending: false, start: 0, limit: 1000 });
  const rows = answer.ok ? answer.value.rows : [];
  const load = rows.find(({ kind, callId }) => kind === 'module_load' && callId === 9);
  const start = rows.find(({ kind }) => kind === 'capture_start');
  await selection.selectEvent(load?.seq ?? -1);
  expect(selection).toMatchObject({ callId: 9, event: { kind: 'module_load' }, attempt: { callId: 9 } });
  await selection.selectEvent(start?.seq ?? -1);
  expect(selection.event?.kind).toBe('capture_start');
  expect([selection.callId, selection.attempt]).toEqual([undefined, undefined]);
});

test('an event whose call was lost is selected all the same, without a notice', async () => {
  await withSample();
  const selection = useSelection();
  vi.spyOn(bridge, 'attempt').mockResolvedValue(fail('no-such-row', 'there is no such call'));
  await selection.selectEvent(9);
  expect(selection).toMatchObject({ seq: 9, callId: 2, attempt: undefined });
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
  await selection.selectAttempt(65);
  const whole = core.attempt(id, 65);
  if (!whole.ok) throw new Error(whole.error.message);
  const asked = vi.spyOn(bridge, 'attempt').mockResolvedValue({
    ok: true,
    value: { ...whole.value, verdict: 'live' },
  });
  await selection.refresh();
  expect(asked).toHaveBeenCalledWith(id, 65);
  expect(selection.attempt?.verdict).toBe('live');
  asked.mockRestore();

  const release = holdBack('attempt');
  void selection.refresh();
  void selection.selectAttempt(3);
  await release();
  expect(selection.attempt?.callId).toBe(65);
  await release();
  expect(selection.attempt?.callId).toBe(3);
});

test('the event of a call that had not returned is asked for again', async () => {
  await withSample();
  const selection = useSelection();
  await selection.selectAttempt(65);
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
  await selection.selectAttempt(37);
  await selection.copyStory();
  await settled();
  const story = core.attemptStory(id, 37);
  expect(copied.mock.calls).toEqual([[story.ok && story.value]]);
});

test('without a capture nothing is asked', async () => {
  const asked = vi.spyOn(bridge, 'attempt');
  await useSelection().selectAttempt(1);
  await useSelection().refresh();
  expect(asked).not.toHaveBeenCalled();
});
