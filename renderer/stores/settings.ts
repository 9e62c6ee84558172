/** What the user has chosen for good: theme, time zone, sizes of panes. */
import type { Settings, Theme } from '#contract/api.ts';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { bridge } from '../bridge.ts';
import type { Zone } from '../format/time.ts';
import { useNotices } from './notices.ts';

const THEMES: readonly Theme[] = ['system', 'light', 'dark'];

export const useSettings = defineStore('settings', () => {
  const notices = useNotices();
  const settings = shallowRef<Settings>({ theme: 'system', timeZone: 'utc', panes: {} });
  const zone = computed<Zone>(() => settings.value.timeZone);
  const theme = computed(() => settings.value.theme);

  async function load(): Promise<void> {
    settings.value = notices.valueOf(await bridge.settings()) ?? settings.value;
  }

  async function change(change: Partial<Settings>): Promise<void> {
    settings.value = { ...settings.value, ...change };
    settings.value = notices.valueOf(await bridge.changeSettings(change)) ?? settings.value;
  }

  const toggleZone = (): Promise<void> => change({ timeZone: zone.value === 'utc' ? 'local' : 'utc' });

  const nextTheme = (): Promise<void> =>
    change({ theme: THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'system' });

  /** A pane's size in pixels as it was left, or its first size. */
  const pane = (name: string, first: number): number => settings.value.panes[name] ?? first;

  const resizePane = (name: string, pixels: number): Promise<void> =>
    change({ panes: { ...settings.value.panes, [name]: Math.round(pixels) } });

  return { zone, theme, load, toggleZone, nextTheme, pane, resizePane };
});
