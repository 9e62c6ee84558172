/** The table in the real app: columns, several rows, copying. */
import AxeBuilder from '@axe-core/playwright';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Attempt } from '#contract/attempt.ts';
import type { Locator } from 'playwright';
import { SAMPLE } from '../../scripts/places.ts';
import { launchApp, type LaunchedApp } from './app.ts';
import { toldAttempts } from './told.ts';
import { grid, inspector, ready, rows } from './window.ts';

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

beforeEach(async () => {
  const { window } = launched;
  for (let i = 0; i < 3; i++) await window.keyboard.press('Escape');
});

const table = (): Locator => grid(launched.window, 'Attempts');
const heading = (name: string): Locator => launched.window.locator(`[data-heading="${name}"]`);
const headings = async (): Promise<string[]> =>
  await table()
    .locator('[data-heading]')
    .evaluateAll((cells) => cells.map((cell) => cell.getAttribute('data-heading') ?? ''));
const entry = (words: string): Locator =>
  launched.window
    .locator('[data-context-menu]')
    .getByRole(/^Copy|^Sort|^Hide|^Columns as|^Select/.test(words) ? 'menuitem' : 'menuitemcheckbox', {
      name: words,
      exact: true,
    });
const clipboard = (): Promise<string> => launched.app.evaluate(({ clipboard: board }) => board.readText());
const selected = (): Promise<number> => table().locator('[role=row][aria-selected=true]').count();

/** The heading's menu, opened as the keyboard opens it. */
async function openMenu(name: string): Promise<void> {
  await heading(name).getByRole('button').focus();
  await launched.window.keyboard.press('Shift+F10');
  await launched.window.locator('[data-context-menu]').waitFor();
}

describe('columns', () => {
  const FIRST = ['time', 'verdict', 'module', 'by', 'from', 'returned', 'startedBy'];

  test('are chosen in the menu of a heading', async () => {
    const { window } = launched;
    expect(await headings()).toEqual(FIRST);
    await openMenu('module');
    await entry('duration').click();
    await entry('pid').click();
    await window.keyboard.press('Escape');
    expect(await headings()).toEqual([...FIRST.slice(0, 3), 'pid', 'duration', ...FIRST.slice(3)]);
    const first = attempts[0];
    expect(await rows(window).first().locator('[data-column=pid]').innerText()).toBe(String(first?.process?.pid));
  });

  test('move by keys and by the pointer', async () => {
    const { window } = launched;
    await heading('pid').getByRole('button').focus();
    await window.keyboard.press('Control+Shift+ArrowLeft');
    await expect.poll(headings).toEqual(['time', 'verdict', 'pid', 'module', 'duration', ...FIRST.slice(3)]);
    expect(
      await heading('pid')
        .getByRole('button')
        .evaluate((button) => button === document.activeElement),
    ).toBe(true);
    const [from, to] = [await heading('time').boundingBox(), await heading('module').boundingBox()];
    if (!from || !to) throw new Error('a heading has no place');
    await window.mouse.move(from.x + 20, from.y + 10);
    await window.mouse.down();
    await window.mouse.move(to.x + to.width - 8, to.y + 10, { steps: 5 });
    await window.mouse.up();
    await expect.poll(headings).toEqual(['verdict', 'pid', 'module', 'time', 'duration', ...FIRST.slice(3)]);
    // The drag was no click: rows stand as before.
    expect(await heading('time').getAttribute('aria-sort')).toBe('ascending');
  });

  test('get wider by keys and by the pointer, and all of it is kept', async () => {
    const { window } = launched;
    const width = async (name: string): Promise<number> => (await heading(name).boundingBox())?.width ?? 0;
    const before = await width('verdict');
    await heading('verdict').getByRole('button').focus();
    await window.keyboard.press('Shift+ArrowRight');
    await expect.poll(() => width('verdict')).toBe(before + 16);
    const edge = await window.locator('[data-edge=module]').boundingBox();
    if (!edge) throw new Error('the edge has no place');
    const module = await width('module');
    await window.mouse.move(edge.x + 4, edge.y + 8);
    await window.mouse.down();
    await window.mouse.move(edge.x + 44, edge.y + 8, { steps: 4 });
    await window.mouse.up();
    await expect.poll(() => width('module')).toBeCloseTo(module + 40, -1);
    const settings = await window.evaluate(() => globalThis.window.modtrail.settings());
    const layout = settings.ok ? settings.value.tables['attempts'] : undefined;
    expect(layout?.columns).toEqual(await headings());
    expect(Object.keys(layout?.widths ?? {}).sort()).toEqual(['module', 'verdict']);
  });

  test('are as at first when that is asked for', async () => {
    await openMenu('verdict');
    await entry('Columns as at first').click();
    await expect.poll(headings).toEqual(FIRST);
  });
});

describe('several rows', () => {
  test('are selected with the pointer and the keys, and the inspector shows the last of them', async () => {
    const { window } = launched;
    await rows(window).nth(1).click();
    await rows(window)
      .nth(4)
      .click({ modifiers: ['Shift'] });
    expect(await selected()).toBe(4);
    await rows(window)
      .nth(6)
      .click({ modifiers: ['Control'] });
    await rows(window)
      .nth(2)
      .click({ modifiers: ['Control'] });
    expect(await selected()).toBe(4);
    await table().focus();
    await window.keyboard.press('Home');
    await window.keyboard.press('Shift+ArrowDown');
    await window.keyboard.press('Shift+ArrowDown');
    expect(await selected()).toBe(3);
    await inspector(window)
      .locator(`[data-call-id="${String(attempts[2]?.callId)}"]`)
      .waitFor();
    await window.keyboard.press('ArrowDown');
    expect(await selected()).toBe(1);
  });

  test('are copied as text, as CSV and as JSON, also those that are not in sight', async () => {
    const { window } = launched;
    await table().focus();
    await window.keyboard.press('Home');
    await window.keyboard.press('Shift+ArrowDown');
    await window.keyboard.press('Control+c');
    await expect.poll(clipboard).toContain(`${attempts[1]?.time ?? ''}\t`);
    expect((await clipboard()).trim().split('\n')).toHaveLength(2);

    await window.keyboard.press('Control+a');
    await window.keyboard.press('Shift+F10');
    await entry('Copy as CSV').click();
    await expect.poll(clipboard).toMatch(/^time,verdict,module,/);
    expect((await clipboard()).trim().split('\n')).toHaveLength(attempts.length + 1);

    await table().focus();
    await window.keyboard.press('Shift+F10');
    await entry('Copy as JSON').click();
    await expect.poll(clipboard).toMatch(/^\[/);
    expect(JSON.parse(await clipboard())).toEqual(attempts);
    await expect.poll(() => window.locator('[data-remark]').innerText()).toBe(`${String(attempts.length)} rows copied`);
  });
});

test('rows are coloured by rules that are chosen, and a rule that is no filter says so', async () => {
  const { window } = launched;
  await window.emulateMedia({ colorScheme: 'dark' });
  const gone = attempts.find(({ file }) => file?.deleted);
  if (!gone) throw new Error('the sample holds no file that is gone');
  await table().focus();
  await window.keyboard.press('Control+g');
  await window.locator('[data-go-to-field]').fill(`call ${String(gone.callId)}`);
  await window.keyboard.press('Enter');
  // By its attribute: what lies behind a dialog has no role.
  const row = window.locator('[role=row]', { has: window.locator(`[data-call-id="${String(gone.callId)}"]`) });
  await expect.poll(() => row.getAttribute('data-tint')).toBe('red');
  await window.locator('[data-colours]').click();
  const dialog = window.locator('[data-colour-rules]');
  await dialog.getByRole('combobox', { name: /Colour of from a file/ }).selectOption('green');
  await expect.poll(() => row.getAttribute('data-tint')).toBe('green');
  await dialog.locator('[data-add-rule]').click();
  const filter = dialog.getByRole('textbox', { name: 'Filter of new rule' });
  await filter.fill('verdct == live');
  await filter.press('Tab');
  await dialog.getByText('column 1').waitFor();
  await expectNoViolations();
  await dialog.getByRole('button', { name: 'As at first' }).click();
  await expect.poll(() => row.getAttribute('data-tint')).toBe('red');
  await window.keyboard.press('Escape');
});

test('axe finds nothing in the menu and several rows', async () => {
  const { window } = launched;
  await window.emulateMedia({ colorScheme: 'light' });
  await table().focus();
  await window.keyboard.press('Home');
  await window.keyboard.press('Shift+ArrowDown');
  await window.keyboard.press('ArrowRight');
  await openMenu('module');
  await expectNoViolations();
  await window.keyboard.press('Escape');
});

async function expectNoViolations(): Promise<void> {
  const { violations } = await new AxeBuilder({ page: launched.window }).setLegacyMode().analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join('\n')}`)).toEqual([]);
}
