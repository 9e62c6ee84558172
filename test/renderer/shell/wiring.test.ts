import { bridge, core, listening, mounted, openSample, settled as answered, tell } from '../page.ts';
import { beforeEach, expect, test, vi } from 'vitest';
import { useWiring } from '../../../renderer/shell/wiring.ts';
import { useAppFacts } from '../../../renderer/stores/app-facts.ts';
import { useAttemptRows } from '../../../renderer/stores/attempt-rows.ts';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useEventRows } from '../../../renderer/stores/event-rows.ts';
import { useNotices } from '../../../renderer/stores/notices.ts';
import { useRecording } from '../../../renderer/stores/recording.ts';
import { useReference } from '../../../renderer/stores/reference.ts';
import { useSelection } from '../../../renderer/stores/selection.ts';
import { useSettings } from '../../../renderer/stores/settings.ts';
import { useTimeline } from '../../../renderer/stores/timeline.ts';
import { useView } from '../../../renderer/stores/view.ts';
import { REST } from '../../../renderer/timeline/questions.ts';

let end: () => void;

/** All is asked, also what waited until the store had its rest, and answered. */
async function settled(): Promise<void> {
  await answered();
  await new Promise((resolve) => setTimeout(resolve, REST + 5));
  await answered();
}

beforeEach(async () => {
  ({ end } = mounted(() => {
    useWiring();
  }));
  useTimeline().resize(800);
  await settled();
});

test('what is needed from the start is asked for', () => {
  expect(useReference().reference?.events.length).toBeGreaterThan(3);
  expect(useAppFacts().unsandboxed).toBe(true);
});

/** Rows of both tables, each as it is looked at. */
async function totals(): Promise<{ attempts: number | undefined; events: number | undefined }> {
  const view = useView();
  const before = view.view;
  view.show('events');
  await settled();
  const events = useEventRows().total;
  view.show(before);
  await settled();
  return { attempts: useAttemptRows().total, events };
}

test('a capture that main opened fills the tables and the timeline', async () => {
  tell('opened', openSample());
  await settled();
  const { current } = useCaptures();
  expect(useAttemptRows().total).toBe(current?.info.attempts);
  // Nobody has looked at it.
  expect(useEventRows().total).toBeUndefined();
  expect(await totals()).toEqual({ attempts: current?.info.attempts, events: current?.info.events });
  expect(useTimeline().near?.timeline.marks.length).toBeGreaterThan(10);
  expect(useNotices().notices).toEqual([]);
});

test('another capture begins afresh: no selection, no interval, all rows, the whole timeline', async () => {
  tell('opened', openSample());
  await settled();
  await useSelection().selectEvent(20);
  useTimeline().zoomMiddle(0.1);
  useTimeline().interval = { from: 5e9, to: 6e9 };
  useView().show('capture');
  await settled();
  expect(useAttemptRows().total).toBeLessThan(openSample().info.attempts);
  tell('opened', openSample());
  await settled();
  expect(useSelection()).toMatchObject({ callId: undefined, seq: undefined, attempt: undefined, event: undefined });
  expect(useTimeline()).toMatchObject({ interval: undefined, span: useTimeline().limits });
  const { attempts, events } = openSample().info;
  expect(useView().view).toBe('attempts');
  expect(useAttemptRows().within).toBeUndefined();
  expect(await totals()).toEqual({ attempts, events });
  expect(useNotices().notices).toEqual([]);
});

test('an interval on the timeline leaves the rows that core says lie in it', async () => {
  const capture = openSample();
  tell('opened', capture);
  await settled();
  const { clock } = useCaptures();
  const interval = { from: 5e9, to: 12.5e9 };
  useTimeline().interval = interval;
  await settled();
  const within = { fromNs: clock?.ns(interval.from) ?? 0, toNs: clock?.ns(interval.to) ?? 0 };
  const request = { descending: false, start: 0, limit: 1000, within };
  const attempts = core.attempts(capture.id, { ...request, sort: 'time' });
  const events = core.events(capture.id, { ...request, sort: 'seq' });
  expect(await totals()).toEqual({
    attempts: attempts.ok && attempts.value.total,
    events: events.ok && events.value.total,
  });
  expect(useEventRows().total).toBeLessThan(capture.info.events);
  useTimeline().interval = undefined;
  await settled();
  expect(await totals()).toEqual({ attempts: capture.info.attempts, events: capture.info.events });
});

/** The call of the last attempt. */
function lastCall(id: string): number {
  const page = core.attempts(id, { sort: 'time', descending: true, start: 0, limit: 1 });
  return (page.ok && page.value.rows[0]?.callId) || -1;
}

test('what is selected comes into sight on the timeline', async () => {
  const capture = openSample();
  tell('opened', capture);
  await settled();
  const timeline = useTimeline();
  timeline.fit({ from: 1e9, to: 2e9 });
  await useSelection().selectAttempt(lastCall(capture.id));
  await settled();
  const at = useCaptures().clock?.offset(useSelection().attempt?.ns ?? 0) ?? -1;
  expect(timeline.span.from).toBeLessThan(at);
  expect(timeline.span.to).toBeGreaterThan(at);
});

test('growth asks again for what is shown, and does not move the timeline back to the selection', async () => {
  const capture = openSample();
  tell('opened', capture);
  await settled();
  await useSelection().selectAttempt(lastCall(capture.id));
  const timeline = useTimeline();
  timeline.fit({ from: 1e9, to: 2e9 });
  await settled();
  const { span } = timeline;
  const asked = (['attempts', 'timeline', 'attempt'] as const).map((verb) => vi.spyOn(bridge, verb));
  tell('grown', {
    capture: capture.id,
    info: { ...capture.info, events: capture.info.events + 1 },
    clock: capture.clock,
  });
  await settled();
  for (const verb of asked) expect(verb, verb.getMockName()).toHaveBeenCalled();
  expect(timeline.span).toEqual(span);
});

test('growth asks for nothing that is not shown, until it is', async () => {
  const capture = openSample();
  tell('opened', capture);
  await settled();
  const [attempts, events, timeline] = [
    vi.spyOn(bridge, 'attempts'),
    vi.spyOn(bridge, 'events'),
    vi.spyOn(bridge, 'timeline'),
  ];
  const calls = (): number[] => [attempts, events, timeline].map(({ mock }) => Math.min(mock.calls.length, 1));
  const grow = async (): Promise<void> => {
    for (const spy of [attempts, events, timeline]) spy.mockClear();
    tell('grown', { capture: capture.id, info: capture.info, clock: capture.clock });
    await settled();
  };
  const view = useView();
  await grow();
  expect(calls()).toEqual([1, 0, 1]);
  view.show('capture');
  await grow();
  expect(calls()).toEqual([0, 0, 1]);
  view.show('events');
  await settled();
  expect(calls()).toEqual([0, 1, 1]);
  view.show('module');
  await grow();
  expect(calls()).toEqual([0, 0, 0]);
  view.show('attempts');
  await settled();
  expect(calls()).toEqual([1, 0, 1]);
  view.show('events');
  view.show('attempts');
  await grow();
  expect(calls()).toEqual([1, 0, 1]);
});

test('notices of main reach their stores', async () => {
  tell('problem', { code: 'not-a-capture', message: 'x is none' });
  tell('recording', { state: 'starting', file: 'x.modtrail' });
  await settled();
  expect(useNotices().notices.map(({ failure }) => failure.code)).toEqual(['not-a-capture']);
  expect(useRecording().active).toBe(true);
});

test('menu commands do what they say', async () => {
  tell('opened', openSample());
  await settled();
  const view = useView();
  const views = (['show-events', 'show-reference', 'show-capture', 'show-attempts'] as const).map((command) => {
    tell('command', command);
    return view.view;
  });
  expect(views).toEqual(['events', 'reference', 'capture', 'attempts']);
  tell('command', 'keys');
  tell('command', 'toggle-theme');
  tell('command', 'open-sample');
  await settled();
  expect([view.keysOpen, useSettings().theme]).toEqual([true, 'light']);
  expect(useCaptures().current?.name).toBe('sample.modtrail');
  tell('command', 'close');
  await settled();
  expect(useCaptures().list).toHaveLength(1);
  tell('command', 'close');
  await settled();
  expect(useCaptures().current).toBeUndefined();
  tell('command', 'close');
  const [open, record, stop] = (['openWithDialog', 'startRecording', 'stopRecording'] as const).map((verb) =>
    vi.spyOn(bridge, verb),
  );
  for (const command of ['open', 'record'] as const) tell('command', command);
  await settled();
  tell('recording', { state: 'starting', file: 'x.modtrail' });
  tell('command', 'stop');
  await settled();
  for (const verb of [open, record, stop]) expect(verb).toHaveBeenCalledTimes(1);
});

test('the end of the page ends its subscriptions', () => {
  expect(listening()).toBe(11);
  end();
  expect(listening()).toBe(0);
});
