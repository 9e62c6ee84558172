/**
 * Every place of the window fits: nothing is cut off, every control has a name and is in reach, and axe finds nothing, in
 * small and large windows, at the usual size and at twice that, dark and light.
 *
 * Each place is a test of its own and is reached anew, so that one fault is one failure. The two extremes are looked at,
 * and axe sees each place once; MODTRAIL_FIT=all looks at every combination with everything.
 */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchApp, type LaunchedApp } from './app.ts';
import { faultsOf } from './faults.ts';
import { closeLayers, PLACES, type Place } from './places.ts';
import { lostControls, missedByTab } from './stops.ts';

interface Look {
  readonly width: number;
  readonly height: number;
  /** Times the usual size. */
  readonly zoom: 1 | 2;
  readonly scheme: 'dark' | 'light';
}

const EXTREMES: readonly Look[] = [
  { width: 1280, height: 800, zoom: 2, scheme: 'dark' },
  { width: 3840, height: 2160, zoom: 1, scheme: 'light' },
];

const ALL: readonly Look[] = [
  [1280, 800],
  [1920, 1080],
  [3840, 2160],
].flatMap(([width = 0, height = 0]) =>
  ([1, 2] as const).flatMap((zoom) => (['dark', 'light'] as const).map((scheme) => ({ width, height, zoom, scheme }))),
);

const EVERYTHING = process.env['MODTRAIL_FIT'] === 'all';
const LOOKS = EVERYTHING ? ALL : EXTREMES;

/** What axe finds, and the way of the Tab key, are the same in every size. */
const isFirst = (look: Look): boolean => look === LOOKS[0];

/** Every other place is looked at by axe in the other scheme: their colours are the same few. */
const schemeOf = (place: Place): Look['scheme'] => (PLACES.indexOf(place) % 2 === 0 ? 'dark' : 'light');

/** What arrives later, such as a row, may have been cut a moment before. */
const SETTLED = 5000;

let launched: LaunchedApp;
/** How the window looks now. */
let current: Look | undefined;

beforeAll(async () => {
  launched = await launchApp();
});
afterAll(() => launched.close());

/** Makes the window's content so large, in pixels of the screen, and everything in it so many times its usual size. */
async function becomes(look: Look): Promise<void> {
  const { app, window } = launched;
  const { width, height, zoom, scheme } = look;
  await window.emulateMedia({ colorScheme: scheme });
  if (current === look) return;
  // What the place before left open would take the keys.
  await closeLayers(window);
  await app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
    { width, height },
  );
  const now = (): Promise<number> => window.evaluate(() => devicePixelRatio);
  await window.keyboard.press('Control+0');
  await expect.poll(now).toBe(1);
  for (let before = 1; before < zoom; before = await now()) {
    await window.keyboard.press('Control+=');
    await expect.poll(now).toBeGreaterThan(before);
  }
  await expect.poll(() => window.evaluate(() => innerWidth)).toBe(Math.round(width / zoom));
  current = look;
}

async function violationsIn(window: Page, colorScheme: Look['scheme']): Promise<string[]> {
  await window.emulateMedia({ colorScheme });
  const axe = new AxeBuilder({ page: window }).setLegacyMode().options({ resultTypes: ['violations'] });
  const { violations } = await axe.analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

describe.each(LOOKS)('at $width×$height, $zoom times the usual size, $scheme', (look) => {
  test.each(PLACES)('$name fits, axe finds nothing, and keys come to every control', async (place) => {
    const { window } = launched;
    await becomes(look);
    await place.show(launched);
    await expect.poll(() => faultsOf(window), { timeout: SETTLED }).toEqual([]);
    expect.soft(await lostControls(window)).toEqual([]);
    if (!EVERYTHING && !isFirst(look)) return;
    expect.soft(await violationsIn(window, EVERYTHING ? look.scheme : schemeOf(place))).toEqual([]);
    expect(await missedByTab(window)).toEqual([]);
  });
});
