/** What the user has chosen for good: theme, time zone, sizes of panes. */
import { FIRST_SETTINGS } from '#contract/first-settings.ts';
import type { Settings, TableLayout, Theme } from '#contract/api.ts';
import { MOST_FILTERS } from '#contract/filter.ts';
import type { ColourRule } from '#contract/row-colours.ts';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { bridge } from '../bridge.ts';
import type { Zone } from '../format/time.ts';
import { useNotices } from './notices.ts';

/** Steps of size, as browsers have them. */
const ZOOMS: readonly number[] = [0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3];

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

export const useSettings = defineStore('settings', () => {
  const notices = useNotices();
  const settings = shallowRef<Settings>(FIRST_SETTINGS);
  let asked = 0;
  const zone = computed<Zone>(() => settings.value.timeZone);
  const theme = computed(() => settings.value.theme);
  const alarms = computed(() => settings.value.alarms);
  const session = computed(() => settings.value.session);

  async function load(): Promise<void> {
    settings.value = notices.valueOf(await bridge.settings()) ?? settings.value;
  }

  /** Another window has changed them. */
  function told(next: Settings): void {
    settings.value = next;
  }

  /** Main's answers tell what holds; one that comes after the next change does not know of that. */
  async function change(change: Partial<Settings>): Promise<void> {
    const question = ++asked;
    settings.value = { ...settings.value, ...change };
    const answer = notices.valueOf(await bridge.changeSettings(change));
    if (answer && question === asked) settings.value = answer;
  }

  const toggleZone = (): Promise<void> => change({ timeZone: zone.value === 'utc' ? 'local' : 'utc' });

  const toggleAlarms = (): Promise<void> => change({ alarms: !alarms.value });

  const nextTheme = (): Promise<void> =>
    change({ theme: THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'system' });

  /** A step larger or smaller; 0 is the usual size. */
  function zoomBy(step: 1 | -1 | 0): Promise<void> {
    const { zoom } = settings.value;
    const next = step === 1 ? ZOOMS.find((size) => size > zoom) : ZOOMS.findLast((size) => size < zoom);
    return change({ zoom: step === 0 ? 1 : (next ?? zoom) });
  }

  /** A pane's size in pixels as it was left, or its first size. */
  const pane = (name: string, first: number): number => settings.value.panes[name] ?? first;

  const resizePane = (name: string, pixels: number): Promise<void> =>
    change({ panes: { ...settings.value.panes, [name]: Math.round(pixels) } });

  /** How a table was left; undefined where it looks as at first. */
  const layout = (table: string): TableLayout | undefined => settings.value.tables[table];

  const arrange = (table: string, kept: TableLayout | undefined): Promise<void> => {
    const others = Object.entries(settings.value.tables).filter(([name]) => name !== table);
    return change({ tables: Object.fromEntries(kept ? [...others, [table, kept]] : others) });
  };

  const filters = computed(() => settings.value.filters);

  const views = computed(() => settings.value.views);

  /** A filter that was applied comes first among those of before. */
  const rememberFilter = (text: string): Promise<void> =>
    change({ filters: [text, ...filters.value.filter((other) => other !== text)].slice(0, MOST_FILTERS) });

  const lanes = computed(() => settings.value.lanes);

  const colours = computed(() => settings.value.colours);
  const colour = (rules: readonly ColourRule[]): Promise<void> => change({ colours: rules });

  return {
    zone,
    theme,
    session,
    alarms,
    toggleAlarms,
    change,
    told,
    load,
    toggleZone,
    nextTheme,
    zoomBy,
    pane,
    resizePane,
    layout,
    arrange,
    filters,
    views,
    lanes,
    rememberFilter,
    colours,
    colour,
  };
});
