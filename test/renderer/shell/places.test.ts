/** Tabs keep their places, and the way back leads through them. */
import { bridge, core, mounted, openSample, settled, tell } from '../page.ts';
import type { OpenCapture } from '#contract/api.ts';
import { ok } from '#contract/result.ts';
import { beforeEach, expect, test, vi } from 'vitest';
import { PAUSE } from '../../../renderer/history/trail.ts';
import { useWiring } from '../../../renderer/shell/wiring.ts';
import { useAttemptRows } from '../../../renderer/stores/attempt-rows.ts';
import { useCaptures } from '../../../renderer/stores/captures.ts';
import { useEventRows } from '../../../renderer/stores/event-rows.ts';
import { useFilters } from '../../../renderer/stores/filters.ts';
import { useHistory } from '../../../renderer/stores/history.ts';
import { useModules } from '../../../renderer/stores/module/modules.ts';
import { useNotices } from '../../../renderer/stores/notices.ts';
import { usePlaces } from '../../../renderer/stores/places.ts';
import { useSelection } from '../../../renderer/stores/selection.ts';
import { useTabs } from '../../../renderer/stores/tabs.ts';
import { useTimeline } from '../../../renderer/stores/timeline.ts';
import { useView } from '../../../renderer/stores/view.ts';

let first: OpenCapture;
let second: OpenCapture;

beforeEach(async () => {
  mounted(useWiring);
  useTimeline().resize(800);
  first = openSample();
  second = openSample();
  tell('opened', first);
  await arrived();
});

/** Also what follows in later turns. */
async function arrived(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await settled();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** As if one had looked at it for a while. */
async function linger(): Promise<void> {
  await arrived();
  const later = performance.now() + 2 * PAUSE;
  vi.spyOn(performance, 'now').mockReturnValue(later);
}

async function open(): Promise<void> {
  tell('opened', second);
  await arrived();
}

const key = ({ id }: { readonly id: string }): string => `capture:${id}`;

test('a new tab begins afresh, and the one before is as it was left', async () => {
  useView().show('events');
  useTimeline().interval = { from: 5e9, to: 30e9 };
  useTimeline().fit({ from: 4e9, to: 31e9 });
  useEventRows().sortBy('kind');
  await useFilters().set('events', 'kind == finit_module');
  await useSelection().selectEvent(20);
  await arrived();
  const left = usePlaces().take();
  const total = useEventRows().total;
  const { span } = useTimeline();
  await open();
  expect(useTabs().active).toBe(key(second));
  expect([useView().view, useSelection().seq, useTimeline().interval]).toEqual(['attempts', undefined, undefined]);
  expect([useEventRows().sort, useAttemptRows().total]).toEqual(['seq', second.info.attempts]);
  expect([useEventRows().filter, useFilters().drafts.events]).toEqual(['', '']);
  expect(useTimeline().span).toEqual(useTimeline().limits);

  useTabs().activate(key(first));
  await arrived();
  expect(usePlaces().take()).toEqual(left);
  expect([useView().view, useSelection().event?.seq, useTimeline().span]).toEqual(['events', 20, span]);
  expect([useEventRows().sort, useEventRows().total]).toEqual(['kind', total]);
  expect([useEventRows().filter, useFilters().drafts.events]).toEqual(['kind == finit_module', 'kind == finit_module']);
  expect(useNotices().notices).toEqual([]);
});

test('tabs stand in the order in which they were opened; one goes round, by number, and closes them', async () => {
  await open();
  const tabs = useTabs();
  tabs.showTogether();
  expect(tabs.tabs.map((tab) => tab.key)).toEqual([key(first), key(second), 'together']);
  tabs.step(1);
  expect(tabs.active).toBe(key(first));
  tabs.step(-1);
  expect([tabs.active, useView().view]).toEqual(['together', 'together']);
  tell('command', 'close');
  expect(tabs.active).toBe(key(first));
  const closed = vi.spyOn(bridge, 'closeCapture');
  await tabs.close(key(second));
  expect([closed.mock.calls, tabs.active]).toEqual([[[second.id]], key(first)]);
  await tabs.close(tabs.active);
  expect([tabs.tabs, tabs.active]).toEqual([[], undefined]);
});

test('a module has a tab of its own beside its capture, and its way', async () => {
  const images = core.images(first.id);
  const sha256 = (images.ok && images.value.rows.find(({ complete }) => complete)?.sha256) || '';
  const module = { id: 'm1', name: 'x.ko', from: { capture: first.id, sha256 }, facts: {} as never };
  vi.spyOn(bridge, 'openModuleImage').mockResolvedValue(ok(module));
  vi.spyOn(bridge, 'modulePart').mockResolvedValue(ok('{"problems":[]}'));
  await useModules().openImage(first.id, sha256, 'x.ko');
  await arrived();
  expect(useTabs().active).toBe('module:m1');
  await open();
  expect([useTabs().active, useView().view]).toEqual([key(second), 'attempts']);
  useTabs().activate('module:m1');
  await arrived();
  expect([useTabs().active, useCaptures().currentId]).toEqual(['module:m1', first.id]);
  vi.spyOn(bridge, 'closeModule').mockResolvedValue(ok(null));
  for (const capture of [first, second]) await useTabs().close(key(capture));
  await arrived();
  expect([useTabs().active, useCaptures().list]).toEqual(['module:m1', []]);
  for (const capture of [first, second]) useCaptures().hold(capture);
  useCaptures().look(first.id);
  useTabs().activate('module:m1');
  await arrived();
  await useTabs().close('module:m1');
  await arrived();
  expect([useTabs().active, bridge.closeModule]).toEqual([key(first), bridge.closeModule]);
  expect(vi.mocked(bridge.closeModule).mock.calls).toEqual([['m1']]);
});

test('back and forward lead through selections, views and tabs', async () => {
  const history = useHistory();
  await linger();
  await useSelection().selectEvent(20);
  await linger();
  useView().show('reference');
  await linger();
  await open();
  await linger();
  expect([history.canBack, history.canForward]).toEqual([true, false]);

  await history.back();
  await linger();
  expect([useTabs().active, useView().view, useSelection().seq]).toEqual([key(first), 'reference', 20]);
  await history.back();
  await linger();
  expect([useView().view, useSelection().seq]).toEqual(['attempts', 20]);
  await history.back();
  await linger();
  expect([useSelection().seq, history.canBack]).toEqual([undefined, false]);
  for (let step = 0; step < 3; step++) {
    await history.forward();
    await linger();
  }
  expect([useTabs().active, history.canForward]).toEqual([key(second), false]);
});

test('what is closed is not gone back to', async () => {
  await linger();
  await open();
  await linger();
  await useTabs().close(key(first));
  await linger();
  expect(useHistory().canBack).toBe(false);
});

test('a place from a file that fits nothing is as at the start', async () => {
  const places = usePlaces();
  const odd = { view: { view: 'module' }, span: { from: 'x' }, interval: 7, orders: { events: { sort: 'nothing' } } };
  await places.put({ ...odd, selection: { callId: -1, seq: 'a' }, more: {} }, true);
  await arrived();
  expect(places.take()).toEqual({ view: { view: 'attempts' } });
  expect(useNotices().notices).toEqual([]);
});
