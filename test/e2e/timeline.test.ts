/** The timeline with the keys: markers, walking, held keys, and an interval that becomes a filter. */
import AxeBuilder from '@axe-core/playwright';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Bridge } from '#contract/api.ts';
import type { Locator } from 'playwright';
import { SAMPLE } from '../../scripts/places.ts';
import { ATTEMPTS, AXIS } from '../../renderer/timeline/layout.ts';
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
  expect(first).toMatch(/^.+: .+, UTC [-\d]+ [:.\d]+, since start .+ s, boot clock .+ s, seq \d+$/);
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

const lane = (key: string): Locator => launched.window.locator(`[data-lane="${key}"]`);

const laneKeys = (): Promise<string[]> =>
  launched.window
    .locator('[data-lane]')
    .evaluateAll((rows) =>
      rows
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((row) => row.getAttribute('data-lane') ?? ''),
    );

/** Goes to a lane's name with the keys. */
async function atLane(key: string): Promise<void> {
  const { window } = launched;
  const tree = window.locator('[data-lanes]');
  const active = tree.locator('[aria-selected=true]');
  await tree.focus();
  await window.keyboard.press('Home');
  for (let step = 0; step < 40; step++) {
    if ((await active.getAttribute('data-lane')) === key) return;
    await window.keyboard.press('ArrowDown');
  }
  throw new Error(`no lane ${key}`);
}

test('lanes are collapsed, pinned, moved, hidden and shown again with the keys, and settings keep it', async () => {
  const { window } = launched;
  await atLane('processes');
  await window.keyboard.press('ArrowRight');
  await lane('process:insmod').waitFor();
  await window.keyboard.press('ArrowLeft');
  await lane('process:insmod').waitFor({ state: 'detached' });
  await atLane('modules');
  await window.keyboard.press('ArrowDown');
  const [name = ''] = (await laneKeys()).filter((key) => key.startsWith('module:'));
  await window.keyboard.press('p');
  await expect.poll(async () => (await laneKeys())[0]).toBe(name);
  await atLane('modules');
  await window.keyboard.press('Alt+ArrowUp');
  await expect.poll(async () => (await laneKeys())[1]).toBe('modules');
  const kept = await window.evaluate(() => (globalThis as unknown as { modtrail: Bridge<File> }).modtrail.settings());
  expect(kept.ok && kept.value.lanes).toMatchObject({ collapsed: ['processes'], pinned: [name] });
  await atLane('processes');
  await window.keyboard.press('Delete');
  await lane('processes').waitFor({ state: 'detached' });
  await window.keyboard.press('Shift+Delete');
  await lane('processes').waitFor();
});

test('lanes are pinned, and arranged from a menu, with the mouse', async () => {
  const { window } = launched;
  const [pinned = ''] = (await laneKeys()).filter((key) => key.startsWith('module:'));
  await lane(pinned).locator('[data-pin]').click();
  await expect.poll(async () => (await laneKeys())[0]).not.toBe(pinned);
  await atLane('modules');
  await lane('modules').click({ button: 'right' });
  await window.getByRole('menuitem', { name: 'Collapse' }).click();
  await expect.poll(() => lane('modules').getAttribute('aria-expanded')).toBe('false');
  await lane('modules').click();
  await expect.poll(() => lane('modules').getAttribute('aria-expanded')).toBe('true');
});

test('what lies under the pointer is told with all forms of time', async () => {
  const { window } = launched;
  await timeline(window).focus();
  await window.keyboard.press('Home');
  await inspector(window).locator('[data-call-id]').waitFor();
  const { x, y } = await box();
  const card = window.locator('[data-hover-card]');
  const line = await window.locator('.timeline .selected').boundingBox();
  await window.mouse.move(line?.x ?? x, y + AXIS + ATTEMPTS / 2);
  await card.waitFor();
  const words = await card.innerText();
  for (const name of ['UTC', 'since start', 'boot clock', 'seq']) expect(words).toContain(name);
  await window.mouse.move(2, 2);
  await card.waitFor({ state: 'detached' });
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
