/** What is open is told to main, and put back as it was. */
import { bridge, mounted, openSample, settled, tell } from '../page.ts';
import type { OpenModule } from '#contract/module.ts';
import { fail, ok } from '#contract/result.ts';
import type { Reopened, SessionState } from '#contract/session.ts';
import { expect, test, vi } from 'vitest';
import { useWiring } from '../../../renderer/shell/wiring.ts';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useModulePlace } from '../../../renderer/stores/module/place.ts';
import { useSelection } from '../../../renderer/stores/selection.ts';
import { useSession } from '../../../renderer/stores/session.ts';
import { useTabs } from '../../../renderer/stores/tabs.ts';
import { useTimeline } from '../../../renderer/stores/timeline.ts';
import { useView } from '../../../renderer/stores/view.ts';

async function arrived(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await settled();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const module: OpenModule = { id: 'm1', name: 'x.ko', facts: {} as never };

test('what is told is what another page puts back', async () => {
  const first = mounted(useWiring);
  useTimeline().resize(800);
  const [one, two] = [openSample(), openSample()];
  for (const capture of [one, two]) tell('opened', capture);
  await arrived();
  useView().show('events');
  await useSelection().selectEvent(20);
  useTimeline().interval = { from: 5e9, to: 30e9 };
  await arrived();
  useTabs().activate(`capture:${one.id}`);
  useTabs().showTogether();
  useTabs().activate(`capture:${one.id}`);
  await arrived();
  const told: SessionState = useSession().state;
  expect(told).toMatchObject({ active: 0, together: 'open' });
  first.end();

  for (const capture of [one, two]) await useCaptures().close(capture.id);
  await arrived();
  const again = [openSample(), openSample()];
  const tabs = told.tabs.map(({ place }, index) => ({ opened: again[index] ?? module, place }));
  const open: Reopened = { ...told, active: 1, tabs, problems: [{ code: 'not-found', message: 'x is gone' }] };
  vi.spyOn(bridge, 'startSession').mockResolvedValue(ok({ open, crashed: true }));
  mounted(useWiring);
  await arrived();
  expect([useTabs().active, useView().view, useSelection().seq]).toEqual([
    `capture:${again[1]?.id ?? ''}`,
    'events',
    20,
  ]);
  expect(useTimeline().interval).toEqual({ from: 5e9, to: 30e9 });
  expect(useSession().restored).toEqual({ tabs: 2, crashed: true, problems: ['x is gone'] });
  expect(useSession().state.tabs.map(({ place }) => place)).toEqual(told.tabs.map(({ place }) => place));
});

test('a module is put back at its part; places that are no places are passed over', async () => {
  vi.spyOn(bridge, 'modulePart').mockResolvedValue(ok('{"problems":[]}'));
  const tabs = [
    { opened: openSample(), place: '[1]' },
    { opened: module, place: '{"tab":"sections","row":"3"}' },
  ];
  const open: Reopened = { tabs, active: 1, together: 'closed', problems: [] };
  vi.spyOn(bridge, 'startSession').mockResolvedValue(ok({ open }));
  mounted(useWiring);
  await arrived();
  expect([useTabs().active, useView().view]).toEqual(['module:m1', 'module']);
  expect(useModulePlace().place).toEqual({ tab: 'sections', row: '3' });
  expect(useSession().restored).toBeUndefined();
  useView().leaveModule();
  expect(useView().view).toBe('attempts');
});

test('what main opens meanwhile waits until all is put back, and is looked at', async () => {
  let free: (found: ReturnType<typeof ok<object>>) => void = () => undefined;
  vi.spyOn(bridge, 'startSession').mockReturnValue(new Promise((resolve) => (free = resolve)));
  mounted(useWiring);
  const [kept, named] = [openSample(), openSample()];
  tell('opened', named);
  await arrived();
  expect(useTabs().tabs).toEqual([]);
  free(ok({ open: { tabs: [{ opened: kept, place: '' }], active: 0, together: 'closed', problems: [] } }));
  await arrived();
  expect([useTabs().tabs.length, useTabs().active]).toEqual([2, `capture:${named.id}`]);
});

test('what is offered can be had once', async () => {
  vi.spyOn(bridge, 'startSession').mockResolvedValue(ok({ last: ['a', 'b'] }));
  mounted(useWiring);
  await arrived();
  const session = useSession();
  expect(session.last).toEqual(['a', 'b']);
  const tabs = [{ opened: openSample(), place: '' }];
  vi.spyOn(bridge, 'reopenSession').mockResolvedValue(ok({ tabs, active: 0, together: 'closed', problems: [] }));
  tell('command', 'reopen-session');
  await arrived();
  expect([session.last, useCaptures().list.length, session.restored]).toEqual([[], 1, undefined]);
});

test('without an answer of main the page starts all the same', async () => {
  vi.spyOn(bridge, 'startSession').mockResolvedValue(fail('unexpected', 'a defect'));
  mounted(useWiring);
  tell('opened', openSample());
  await arrived();
  expect(useCaptures().current?.name).toBe('sample.modtrail');
});

test('changes are told to main a moment later, many as one', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    mounted(useWiring);
    await settled();
    tell('opened', openSample());
    await settled();
    vi.runAllTimers();
    await settled();
    const kept = vi.spyOn(bridge, 'keepSession');
    for (const view of ['events', 'images', 'capture'] as const) {
      useView().show(view);
      await settled();
    }
    expect(kept).not.toHaveBeenCalled();
    vi.runAllTimers();
    await settled();
    expect(kept).toHaveBeenCalledTimes(1);
    expect(JSON.parse(kept.mock.calls[0]?.[0].tabs[0]?.place ?? '')).toMatchObject({ view: { view: 'capture' } });
  } finally {
    vi.useRealTimers();
  }
});
