/** The sample in the real app: what a person sees, selects and reads is what the command line tells. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Attempt } from '#contract/attempt.ts';
import type { Event } from '#contract/event.ts';
import { SAMPLE } from '../../scripts/places.ts';
import { launchApp, type LaunchedApp } from './app.ts';
import { toldAttempts, toldEvents } from './told.ts';
import { cell, grid, inspector, readTable, ready, rowOf, rows, shownSpan, timeline } from './window.ts';

let launched: LaunchedApp;
let attempts: Attempt[];
let events: Event[];

beforeAll(async () => {
  attempts = toldAttempts(SAMPLE);
  events = toldEvents(SAMPLE);
  launched = await launchApp({ files: [SAMPLE] });
  await ready(launched.window);
});

afterAll(async () => {
  await launched.close();
});

beforeEach(async () => {
  const { window } = launched;
  for (let i = 0; i < 3; i++) await window.keyboard.press('Escape');
  await window.locator('[data-view=attempts]').click();
  await window.keyboard.press('0');
});

const VERDICT_WORDS = { 'init-failed': 'init failed', 'no-return': 'did not return' } as Readonly<
  Record<string, string>
>;

const wordOf = ({ verdict }: Attempt): string => VERDICT_WORDS[verdict] ?? verdict;

const timeOf = (text: string, digits: number): string => text.slice(11, 20 + digits);

test('the table of attempts holds the rows, values and order of the command line', async () => {
  const { window } = launched;
  const read = await readTable(window, grid(window, 'Attempts'), attempts.length, async (row) =>
    [
      await cell(row, 'time').innerText(),
      await cell(row, 'verdict').innerText(),
      await cell(row, 'module').innerText(),
      await cell(row, 'by').innerText(),
      await cell(row, 'returned').innerText(),
    ].join(' | '),
  );
  expect(read).toEqual(
    attempts.map((attempt) =>
      [
        timeOf(attempt.time, 3),
        wordOf(attempt),
        [attempt.module?.name ?? '', ...(attempt.operation === 'unload' ? ['unload'] : [])].join(' '),
        attempt.process?.comm ?? '',
        attempt.errno ?? String(attempt.returnValue ?? 'not returned'),
      ].join(' | '),
    ),
  );
});

test('the table of events holds the rows, values and order of the command line', async () => {
  const { window } = launched;
  await window.locator('[data-view=events]').click();
  const read = await readTable(window, grid(window, 'Events'), events.length, async (row) =>
    [
      await cell(row, 'seq').innerText(),
      await cell(row, 'time').innerText(),
      await cell(row, 'kind').innerText(),
      await cell(row, 'callId').innerText(),
    ].join(' | '),
  );
  expect(read).toEqual(
    events.map((event) =>
      [String(event.seq), timeOf(event.time, 6), event.kind, String(event.callId ?? '')].join(' | '),
    ),
  );
});

describe('the inspector', () => {
  test('tells the stages, the arguments in the reference’s terms, the process and the return', async () => {
    const { window } = launched;
    const failed = attempts.find((attempt) => attempt.verdict === 'init-failed' && attempt.kind === 'finit_module');
    if (!failed) throw new Error('the sample holds no init that failed');
    await selectRow(failed.callId);
    const pane = inspector(window);
    await pane.locator(`[data-call-id="${String(failed.callId)}"]`).waitFor();

    expect(await pane.innerText()).toContain(failed.summary);
    const stages = await pane
      .locator('[data-stage]')
      .evaluateAll((elements) =>
        elements.map((element) => [element.getAttribute('data-stage'), element.getAttribute('data-state')]),
      );
    expect(stages).toEqual(failed.stages.map(({ stage, state }) => [stage, state]));

    for (const argument of failed.args) {
      const row = pane.locator(`[data-argument="${argument.name}"]`);
      const text = await row.innerText();
      expect(text).toContain(argument.type);
      const tags = await row.locator('[data-tag]').allInnerTexts();
      expect(tags).toEqual([
        argument.origin,
        ...(argument.toctou ? ['TOCTOU'] : []),
        ...(argument.optional ? ['OPT'] : []),
      ]);
      expect(await row.locator('[data-raw]').innerText()).toBe(argument.pointer ?? String(argument.value));
    }
    const chain = (failed.process?.ancestors ?? []).map(({ comm, pid }) => `${comm} ${String(pid)}`).reverse();
    expect(await pane.locator('[data-process] .chain').innerText()).toBe(
      [...chain, `${failed.process?.comm ?? ''} ${String(failed.process?.pid)}`].join(' › '),
    );
    expect(await pane.locator('[data-return]').innerText()).toContain(failed.errno);
  });

  test('shows the meaning of a tag on hover', async () => {
    const { window } = launched;
    await selectRow(attempts[0]?.callId ?? 0);
    await inspector(window).locator('[data-tag=TOCTOU]').first().hover();
    await window.getByRole('tooltip').filter({ hasText: 'time of check' }).waitFor();
    await window.mouse.move(5, 5);
  });

  test('leads from a stage to the event that proves it, and back', async () => {
    const { window } = launched;
    const first = attempts[0];
    const stage = first?.stages.find(({ stage: name }) => name === 'accepted');
    const proof = stage?.evidence[0];
    if (!first || proof === undefined) throw new Error('the first attempt was not accepted');
    await selectRow(first.callId);
    await inspector(window)
      .locator('[data-stage=accepted]')
      .getByRole('button', { name: `#${String(proof)}` })
      .click();
    await inspector(window)
      .locator(`[data-seq="${String(proof)}"]`)
      .waitFor();
    await rowOf(window, 'data-seq', proof).waitFor();
    expect(await rowOf(window, 'data-seq', proof).getAttribute('aria-selected')).toBe('true');
    await inspector(window).locator('[data-show-attempt]').click();
    await inspector(window)
      .locator(`[data-call-id="${String(first.callId)}"]`)
      .waitFor();
  });
});

/** Selects an attempt's row with the keys, wherever it is. */
async function selectRow(callId: number): Promise<void> {
  const { window } = launched;
  const index = attempts.findIndex((attempt) => attempt.callId === callId);
  // Rows of another interval may just be on their way out; keys move among those that are there.
  await rows(window).first().waitFor();
  await grid(window, 'Attempts').focus();
  await window.keyboard.press('Home');
  for (let i = 0; i < index; i++) await window.keyboard.press('ArrowDown');
  await inspector(window)
    .locator(`[data-call-id="${String(callId)}"]`)
    .waitFor();
}

describe('sorting', () => {
  test('by module, both ways, as the texts compare', async () => {
    const { window } = launched;
    const names = attempts.map((attempt) => attempt.module?.name ?? '').sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    const heading = window.locator('[data-sort=module]');
    await heading.click();
    await window.locator('[role=columnheader][aria-sort=ascending]', { has: heading }).waitFor();
    await expectFirst(names[0]);
    await heading.click();
    await window.locator('[role=columnheader][aria-sort=descending]', { has: heading }).waitFor();
    await expectFirst(names.at(-1));
    await window.locator('[data-sort=time]').click();
    await expectFirst(attempts[0]?.module?.name);
  });

  async function expectFirst(name: string | undefined): Promise<void> {
    const { window } = launched;
    const first = window.locator('[role=row][aria-rowindex="2"]');
    await cell(first, 'module')
      .getByText(name ?? '', { exact: true })
      .waitFor();
  }
});

describe('the timeline', () => {
  test('zooms at the pointer with Ctrl and the wheel, moves when dragged, and shows all again', async () => {
    const { window } = launched;
    const box = await timeline(window).boundingBox();
    if (!box) throw new Error('the timeline has no size');
    const whole = await shownSpan(window);
    await window.mouse.move(box.x + box.width / 2, box.y + 120);
    await window.keyboard.down('Control');
    for (let i = 0; i < 5; i++) await window.mouse.wheel(0, -200);
    await window.keyboard.up('Control');
    const zoomed = await changed(whole);
    await window.mouse.down();
    await window.mouse.move(box.x + box.width / 2 - 200, box.y + 120, { steps: 4 });
    await window.mouse.up();
    const moved = await changed(zoomed);
    await window.keyboard.press('a');
    await changed(moved);
    await window.keyboard.press('0');
    await expect.poll(() => shownSpan(window)).toBe(whole);
  });

  async function changed(before: string): Promise<string> {
    await expect.poll(() => shownSpan(launched.window)).not.toBe(before);
    return await shownSpan(launched.window);
  }

  test('selects the attempt whose mark is clicked, and the table follows', async () => {
    const { window } = launched;
    // Alone on its column at this zoom: fitted to the whole, the mark lies in the middle of the timeline.
    const target = attempts.find((attempt) => attempt.verdict === 'init-failed');
    if (!target) throw new Error('the sample holds no init that failed');
    await selectRow(target.callId);
    await window.keyboard.press('f');
    await window.waitForTimeout(300);
    const x = await window
      .locator('[data-timeline] .selected')
      .evaluate((element) => element.getBoundingClientRect().left);
    await window.keyboard.press('Escape');
    await inspector(window).locator('[data-call-id]').waitFor({ state: 'detached' });
    const box = await timeline(window).boundingBox();
    if (!box) throw new Error('the timeline has no size');
    await window.mouse.click(x, box.y + 22 + 27);
    await inspector(window)
      .locator(`[data-call-id="${String(target.callId)}"]`)
      .waitFor();
    expect(await rowOf(window, 'data-call-id', target.callId).getAttribute('aria-selected')).toBe('true');
  });

  test('an interval restricts both tables to what lies in it, and Escape clears it', async () => {
    const { window } = launched;
    const box = await timeline(window).boundingBox();
    if (!box) throw new Error('the timeline has no size');
    await window.keyboard.down('Shift');
    await window.mouse.move(box.x + box.width * 0.25, box.y + 100);
    await window.mouse.down();
    await window.mouse.move(box.x + box.width * 0.5, box.y + 100, { steps: 4 });
    await window.mouse.up();
    await window.keyboard.up('Shift');
    await window.locator('[data-interval]').waitFor();
    const words = await window.locator('[data-interval] .mono').innerText();
    const [from = '', to = ''] = words.split(/ – |, /);
    const inside = attempts.filter(({ time }) => timeOf(time, 3) >= from && timeOf(time, 3) <= to).length;
    expect(inside).toBeGreaterThan(0);
    expect(inside).toBeLessThan(attempts.length);
    await expect
      .poll(() => window.locator('[data-shown]').innerText())
      .toBe(`${String(inside)} of ${String(attempts.length)} attempts`);
    expect(await rows(window).count()).toBeLessThanOrEqual(inside);
    await window.keyboard.press('Escape');
    await expect.poll(() => window.locator('[data-shown]').innerText()).toBe(`${String(attempts.length)} attempts`);
  });
});

test('the story is copied as a paragraph', async () => {
  const { app, window } = launched;
  const first = attempts[0];
  await selectRow(first?.callId ?? 0);
  await window.locator('[data-copy-story]').click();
  await expect.poll(() => app.evaluate(({ clipboard }) => clipboard.readText())).toContain(first?.summary);
});

test('the reference is readable, with all tags and the flags that the kernel knows', async () => {
  const { window } = launched;
  await window.locator('[data-view=reference]').click();
  const page = window.locator('[data-reference]');
  await page.waitFor();
  const text = await page.innerText();
  for (const word of [
    'MODULE_INIT_IGNORE_MODVERSIONS',
    'TOCTOU',
    'fd: int',
    'param_values',
    'EPERM',
    'sys_enter_finit_module',
  ]) {
    expect(text).toContain(word);
  }
  await page.getByRole('button', { name: 'delete_module' }).click();
  await window.getByRole('heading', { name: /^delete_module/ }).waitFor();
});

test('time is told in UTC and in the local zone', async () => {
  const { window } = launched;
  const zone = window.locator('[data-zone]');
  expect(await zone.innerText()).toBe('UTC');
  await zone.click();
  await expect.poll(() => zone.innerText()).toMatch(/UTC[+−]\d\d:\d\d$/);
  await zone.click();
  await expect.poll(() => zone.innerText()).toBe('UTC');
});

test.each([
  [1280, 800],
  [1920, 1080],
])('nothing scrolls sideways at %d × %d', async (width, height) => {
  const { app, window } = launched;
  await app.evaluate(
    ({ BrowserWindow }, size) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(size[0], size[1]);
    },
    [width, height] as [number, number],
  );
  await expect.poll(() => window.evaluate(() => innerWidth)).toBe(width);
  for (const view of ['attempts', 'events', 'capture', 'reference']) {
    await window.locator(`[data-view=${view}]`).click();
    const wide = await window.evaluate(() =>
      [...document.querySelectorAll('*')]
        .filter((element) => element.scrollWidth > element.clientWidth + 1)
        .filter((element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX))
        .map((element) => `${element.className} ${String(element.scrollWidth)} > ${String(element.clientWidth)}`),
    );
    expect(wide).toEqual([]);
  }
});

test('the page has no error in its console', () => {
  expect(launched.console().filter((line) => line.startsWith('error') || line.startsWith('warning'))).toEqual([]);
});
