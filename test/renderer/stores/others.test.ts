/** The small stores: notices, settings, reference, what main knows of the app. */
import { bridge, core } from '../page.ts';
import { FIRST_LANES } from '#contract/lane-layout.ts';
import { fail, ok } from '#contract/result.ts';
import { FIRST_RULES } from '#contract/row-colours.ts';
import { expect, test, vi } from 'vitest';
import { useAppFacts } from '../../../renderer/stores/app-facts.ts';
import { useNotices } from '../../../renderer/stores/notices.ts';
import { useReference } from '../../../renderer/stores/reference.ts';
import { useSettings } from '../../../renderer/stores/settings.ts';

test('a notice that says the same again takes the place of the first, and old ones make room', () => {
  const notices = useNotices();
  for (const message of ['a', 'b', 'a', 'c', 'd', 'e']) notices.report({ code: 'damaged', message });
  expect(notices.notices.map(({ failure }) => failure.message)).toEqual(['a', 'c', 'd', 'e']);
  expect(new Set(notices.notices.map(({ id }) => id)).size).toBe(4);
  notices.dismissLast();
  notices.dismiss(notices.notices[0]?.id ?? -1);
  expect(notices.notices.map(({ failure }) => failure.message)).toEqual(['c', 'd']);
});

test('a result is its value, or a notice', () => {
  const notices = useNotices();
  expect(notices.valueOf(ok(0))).toBe(0);
  expect(notices.notices).toEqual([]);
  expect(notices.valueOf(fail('damaged', 'x'))).toBeUndefined();
  expect(notices.notices).toHaveLength(1);
});

test('a notice is copied with its code and its detail', async () => {
  const copied = vi.spyOn(bridge, 'copyText');
  await useNotices().copy({ code: 'damaged', message: 'x is cut', detail: 'page 7' });
  await useNotices().copy({ code: 'damaged', message: 'x is cut' });
  expect(copied.mock.calls).toEqual([['damaged: x is cut\npage 7'], ['damaged: x is cut']]);
});

test('settings are shown at once, and as main has kept them', async () => {
  const settings = useSettings();
  await settings.load();
  expect([settings.theme, settings.zone, settings.pane('timeline', 288)]).toEqual(['system', 'utc', 288]);
  const change = settings.toggleZone();
  expect(settings.zone).toBe('local');
  await change;
  for (const theme of ['light', 'dark', 'system']) {
    await settings.nextTheme();
    expect(settings.theme).toBe(theme);
  }
  await settings.resizePane('timeline', 300.4);
  await settings.resizePane('inspector', 450);
  expect([settings.pane('timeline', 1), settings.pane('inspector', 1)]).toEqual([300, 450]);
  const kept = await bridge.settings();
  expect(kept).toEqual(
    ok({
      theme: 'system',
      timeZone: 'local',
      zoom: 1,
      session: 'after-crash',
      alarms: false,
      panes: { timeline: 300, inspector: 450 },
      tables: {},
      filters: [],
      colours: FIRST_RULES,
      views: [],
      lanes: FIRST_LANES,
    }),
  );
});

test('the reference is asked for once and explains what core knows', async () => {
  const asked = vi.spyOn(bridge, 'reference');
  const reference = useReference();
  expect(reference.eventOf('finit_module')).toBeUndefined();
  await reference.load();
  await reference.load();
  expect(asked).toHaveBeenCalledTimes(1);
  const whole = core.reference();
  expect(whole.ok && whole.value).toEqual(reference.reference);
  expect(reference.eventOf('finit_module')?.arguments.map(({ name }) => name)).toEqual(['fd', 'param_values', 'flags']);
  for (const tag of ['K', 'U', 'TOCTOU', 'OPT'] as const) expect(reference.meaningOf(tag)).not.toBe('');
  expect(reference.errnoMeaning('finit_module', 'EPERM')).not.toBe(reference.errnoMeaning('delete_module', 'EPERM'));
  expect(reference.errnoMeaning('finit_module', 'EBADE')).toBeUndefined();
  expect(reference.taintMeaning('no such taint')).toBeUndefined();
});

test('the app is taken for sandboxed until main has answered', async () => {
  const facts = useAppFacts();
  expect(facts.unsandboxed).toBe(false);
  await facts.load();
  expect(facts.unsandboxed).toBe(true);
});
