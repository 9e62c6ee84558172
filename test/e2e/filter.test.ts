/** The filter bar and the way to a row in the real app, by keyboard: what is kept is what the command line's records say. */
import AxeBuilder from '@axe-core/playwright';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Attempt } from '#contract/attempt.ts';
import type { Locator } from 'playwright';
import { SAMPLE } from '../../scripts/places.ts';
import { launchApp, type LaunchedApp } from './app.ts';
import { toldAttempts } from './told.ts';
import { grid, inspector, ready } from './window.ts';

let launched: LaunchedApp;
let attempts: Attempt[];

beforeAll(async () => {
  attempts = toldAttempts(SAMPLE);
  launched = await launchApp({ files: [SAMPLE] });
  await ready(launched.window);
});

afterAll(async () => {
  await launched.close();
});

const field = (): Locator => launched.window.locator('[data-filter]');
const state = (): Locator => launched.window.locator('[data-filter-state]');
const total = (): Promise<number> =>
  grid(launched.window, 'Attempts')
    .getAttribute('aria-rowcount')
    .then((text) => Number(text) - 1);

/** Types a filter anew, as somebody does whose hands are on the keys. */
async function type(text: string): Promise<void> {
  const { window } = launched;
  await grid(window, 'Attempts').focus();
  await window.keyboard.press('/');
  await window.keyboard.press('Control+a');
  await window.keyboard.type(text);
}

beforeEach(async () => {
  const { window } = launched;
  await type('x');
  await window.keyboard.press('Control+a');
  await window.keyboard.press('Delete');
  await window.keyboard.press('Enter');
  await expect.poll(total).toBe(attempts.length);
});

test('a filter is applied with Enter, counted, and taken away with the button', async () => {
  const { window } = launched;
  const kept = attempts.filter(({ verdict }) => verdict === 'rejected').length;
  await type('verdict == rejected');
  await expect.poll(() => state().getAttribute('data-filter-state')).toBe('changed');
  await window.keyboard.press('Enter');
  await expect.poll(total).toBe(kept);
  const words = `${String(kept)} of ${String(attempts.length)}`;
  await expect.poll(() => window.locator('[data-filter-words]').innerText()).toBe(words);
  expect(await window.locator('[data-shown]').innerText()).toBe(`${words} attempts`);
  await window.keyboard.press('Escape');
  expect(await grid(window, 'Attempts').evaluate((element) => element === document.activeElement)).toBe(true);
  await window.locator('[data-filter-clear]').click();
  await expect.poll(total).toBe(attempts.length);
});

test('what is wrong is told with its column, and a key puts right what is misspelt', async () => {
  const { window } = launched;
  await type('verdct == rejected');
  await expect.poll(() => state().getAttribute('data-filter-state')).toBe('invalid');
  expect(await field().getAttribute('aria-invalid')).toBe('true');
  expect(await window.locator('[data-filter-problem]').innerText()).toContain('column 1');
  await window.keyboard.press('Enter');
  expect(await total()).toBe(attempts.length);
  await window.keyboard.press('Alt+Enter');
  await expect.poll(() => field().inputValue()).toBe('verdict == rejected');
});

test('fields and values are completed with the keys', async () => {
  const { window } = launched;
  await type('process.com');
  const list = window.getByRole('listbox', { name: 'What can stand here' });
  await list.getByRole('option', { name: 'process.comm' }).waitFor();
  await window.keyboard.press('ArrowDown');
  await expect.poll(() => field().getAttribute('aria-activedescendant')).not.toBeNull();
  await window.keyboard.press('Enter');
  await expect.poll(() => field().inputValue()).toBe('process.comm ');
  await window.keyboard.type('== ins');
  await list.getByRole('option', { name: 'insmod' }).waitFor();
  await window.keyboard.press('Tab');
  await expect.poll(() => field().inputValue()).toBe('process.comm == insmod ');
  await window.keyboard.press('Escape');
  await window.keyboard.press('Enter');
  await expect.poll(total).toBe(attempts.filter(({ process }) => process?.comm === 'insmod').length);
});

test('keys that are faster than the first list are for that list', async () => {
  await type('');
  await field().evaluate((input: HTMLInputElement) => {
    input.value = 'process.com';
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    for (const key of ['ArrowDown', 'Enter'])
      input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  });
  await expect.poll(() => field().inputValue()).toBe('process.comm ');
  await type('');
});

test('filters of before come back with the arrow', async () => {
  const { window } = launched;
  for (const text of ['verdict == live', 'verdict == refused']) {
    await type(text);
    await window.keyboard.press('Enter');
    await expect.poll(() => state().getAttribute('data-filter-state')).toBe('applied');
  }
  await type('half');
  await window.keyboard.press('ArrowUp');
  await expect.poll(() => field().inputValue()).toBe('verdict == refused');
  await window.keyboard.press('ArrowUp');
  await expect.poll(() => field().inputValue()).toBe('verdict == live');
  await window.keyboard.press('ArrowDown');
  await window.keyboard.press('ArrowDown');
  await expect.poll(() => field().inputValue()).toBe('half');
});

test('a cell becomes a filter by a key, and a value of the inspector by its menu', async () => {
  const { window } = launched;
  const target = attempts.find(({ verdict, process }) => verdict === 'rejected' && process?.comm === 'insmod');
  if (!target) throw new Error('the sample holds no insmod that was rejected');
  await grid(window, 'Attempts').focus();
  await window.keyboard.press('Home');
  for (let at = attempts.indexOf(target); at > 0; at--) await window.keyboard.press('ArrowDown');
  for (let column = 0; column < 2; column++) await window.keyboard.press('ArrowRight');
  await window.keyboard.press('=');
  const rejected = attempts.filter(({ verdict }) => verdict === 'rejected');
  await expect.poll(total).toBe(rejected.length);
  await expect.poll(() => field().inputValue()).toBe('verdict == rejected');

  const comm = inspector(window).locator('[data-field="process.comm"]');
  await inspector(window)
    .locator(`[data-call-id="${String(target.callId)}"]`)
    .waitFor();
  await comm.focus();
  await window.keyboard.press('Enter');
  await window.locator('[data-context-menu]').getByRole('menuitem', { name: '… and not' }).click();
  await expect.poll(total).toBe(rejected.filter(({ process }) => process?.comm !== 'insmod').length);
  await expect.poll(() => comm.evaluate((element) => element === document.activeElement)).toBe(true);
});

test.each([
  ['a call', (attempt: Attempt) => `call ${String(attempt.callId)}`],
  ['a row', (attempt: Attempt) => `seq ${String(attempt.seq)}`],
  ['a time', (attempt: Attempt) => attempt.time],
  ['a time of day', (attempt: Attempt) => attempt.time.slice(11, 26)],
])('Ctrl+G leads to %s', async (_what, words) => {
  const { window } = launched;
  const target = attempts[40];
  if (!target) throw new Error('the sample is too short');
  await grid(window, 'Attempts').focus();
  await window.keyboard.press('Control+g');
  await window.locator('[data-go-to-field]').fill(words(target));
  await window.keyboard.press('Enter');
  await inspector(window)
    .locator(`[data-call-id="${String(target.callId)}"]`)
    .waitFor();
  await grid(window, 'Attempts').locator('[role=row][aria-selected=true][aria-rowindex="42"]').waitFor();
});

test.each([
  ['light', 'verdict == live and fi'],
  ['dark', 'verdct == live and ( "x"'],
] as const)('axe finds nothing in %s colours while %j is typed', async (colorScheme, text) => {
  const { window } = launched;
  await window.emulateMedia({ colorScheme });
  await type(text);
  await window.getByRole('listbox').or(window.locator('[data-filter-problem] strong')).first().waitFor();
  const { violations } = await new AxeBuilder({ page: window }).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([]);
});

test('the page has no error in its console', () => {
  expect(launched.console().filter((line) => line.startsWith('error') || line.startsWith('warning'))).toEqual([]);
});
