/** The timeline with the keys: markers, walking, held keys, and an interval that becomes a filter. */
import AxeBuilder from '@axe-core/playwright';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { SAMPLE } from '../../scripts/places.ts';
import { launchApp, type LaunchedApp } from './app.ts';
import { inspector, ready, shownSpan, timeline } from './window.ts';

let launched: LaunchedApp;

beforeAll(async () => {
  launched = await launchApp({ files: [SAMPLE] });
  await ready(launched.window);
});

afterAll(async () => {
  await launched.close();
});

beforeEach(async () => {
  const { window } = launched;
  for (let i = 0; i < 3; i++) await window.keyboard.press('Escape');
  await window.mouse.move(2, 2);
  await window.keyboard.press('0');
});

async function box(): Promise<{ x: number; y: number; width: number; height: number }> {
  const found = await timeline(launched.window).boundingBox();
  if (!found) throw new Error('the timeline has no size');
  return found;
}

test('two markers measure, the time between them is copied, and Shift M clears them', async () => {
  const { app, window } = launched;
  const { x, y, width } = await box();
  for (const part of [0.25, 0.75]) {
    await window.mouse.move(x + width * part, y + 100);
    await window.keyboard.press('m');
  }
  expect(await window.locator('[data-marker]').count()).toBe(2);
  const measured = window.locator('[data-measured]');
  expect(await measured.innerText()).toMatch(/\d+(\.\d+)? ?(ns|µs|ms|s|min|h)/);
  await measured.click();
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toMatch(/^[\d\u202f\u00a0 ,]+ ns$/);
  await window.keyboard.press('Shift+M');
  expect(await window.locator('[data-marker]').count()).toBe(0);
});

test('arrow keys go from mark to mark, select it and tell its name', async () => {
  const { window } = launched;
  await timeline(window).focus();
  await window.keyboard.press('Home');
  await inspector(window).locator('[data-call-id]').waitFor();
  const told = window.locator('[data-told]');
  const first = await told.innerText();
  expect(first).toMatch(/^.+: .+, \d\d:\d\d:\d\d/);
  await window.keyboard.press('ArrowRight');
  await expect.poll(() => told.innerText()).not.toBe(first);
  await window.keyboard.press('ArrowLeft');
  await expect.poll(() => told.innerText()).toBe(first);
});

test('a held key moves frame by frame until it is let go', async () => {
  const { window } = launched;
  const seen = new Set<string>();
  await window.keyboard.down('w');
  await expect
    .poll(async () => {
      seen.add(await shownSpan(window));
      return seen.size;
    })
    .toBeGreaterThan(4);
  await window.keyboard.up('w');
  const there = await shownSpan(window);
  await window.waitForTimeout(200);
  expect(await shownSpan(window)).toBe(there);
});

test('an interval becomes a part of the filter', async () => {
  const { window } = launched;
  const { x, y, width } = await box();
  await window.mouse.move(x + width * 0.25, y + 8);
  await window.mouse.down();
  await window.mouse.move(x + width * 0.5, y + 8, { steps: 4 });
  await window.mouse.up();
  const shown = window.locator('[data-shown]');
  await expect.poll(() => shown.innerText()).toMatch(/^\d+ of \d+ attempts$/);
  const inside = await shown.innerText();
  await window.locator('[data-interval-filter]').click();
  await window.locator('[data-interval]').waitFor({ state: 'detached' });
  await expect.poll(() => shown.innerText()).toBe(inside);
});

test('the edges of the overview’s brush move with the keys and by dragging', async () => {
  const { window } = launched;
  const edge = window.locator('[data-edge=left]');
  const whole = await shownSpan(window);
  await edge.focus();
  await window.keyboard.press('Shift+ArrowRight');
  await expect.poll(() => shownSpan(window)).not.toBe(whole);
  expect(Number(await edge.getAttribute('aria-valuenow'))).toBe(50);
  const place = await edge.boundingBox();
  if (!place) throw new Error('the edge has no size');
  await window.mouse.move(place.x + 5, place.y + 20);
  await window.mouse.down();
  await window.mouse.move(place.x + 105, place.y + 20, { steps: 4 });
  await window.mouse.up();
  await expect.poll(async () => Number(await edge.getAttribute('aria-valuenow'))).toBeGreaterThan(50);
});

test('the timeline with markers is clean under axe', async () => {
  const { window } = launched;
  const { x, y, width } = await box();
  for (const part of [0.4, 0.6]) {
    await window.mouse.move(x + width * part, y + 100);
    await window.keyboard.press('m');
  }
  const found = await new AxeBuilder({ page: window }).setLegacyMode().include('.timeline').analyze();
  expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});
