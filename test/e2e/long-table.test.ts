/** Tables longer than what a browser can scroll, in the real app: its store is told to have that many rows. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Locator } from 'playwright';
import { verbChannel } from '#contract/channels.ts';
import { SAMPLE } from '../../scripts/places.ts';
import { launchApp, type LaunchedApp } from './app.ts';
import { grid, ready } from './window.ts';

let launched: LaunchedApp;

beforeAll(async () => {
  launched = await launchApp({ files: [SAMPLE] });
  await ready(launched.window);
});

afterAll(async () => {
  await launched.close();
});

const table = (): Locator => grid(launched.window, 'Events');

/** Answers questions for events as a capture of so many would. */
async function pretend(total: number): Promise<void> {
  const channels = [verbChannel('events'), verbChannel('event'), verbChannel('eventIndex')];
  await launched.app.evaluate(
    ({ ipcMain }, { all, names: [events = '', event = '', eventIndex = ''] }) => {
      const ok = (value: unknown): object => ({ ok: true, value });
      const made = (index: number): object => ({
        ...{ seq: index + 1, time: '2026-11-24T15:05:33.000000000Z', ns: index },
        ...{ kind: 'clock', repeat: 1, detail: `row ${String(index)}` },
      });
      for (const name of [events, event, eventIndex]) ipcMain.removeHandler(name);
      ipcMain.handle(events, (_event, _capture, { start, limit }: { start: number; limit: number }) =>
        ok({
          start,
          total: all,
          rows: Array.from({ length: Math.max(Math.min(limit, all - start), 0) }, (_, at) => made(start + at)),
        }),
      );
      ipcMain.handle(event, (_event, _capture, seq: number) => ok(made(seq - 1)));
      ipcMain.handle(eventIndex, (_event, _capture, seq: number) => ok(seq - 1));
    },
    { all: total, names: channels },
  );
  const { window } = launched;
  await window.locator('[data-view=attempts]').click();
  await window.locator('[data-view=events]').click();
  // The rows of before are forgotten by sorting them.
  await window.locator('[data-sort=kind]').click();
  await window.locator('[data-sort=seq]').click();
  await expect.poll(() => table().getAttribute('aria-rowcount')).toBe(String(total + 1));
}

interface Sight {
  readonly first: number;
  readonly last: number;
  /** Where the thumb says that is, from 0 to 1. */
  readonly thumb: number;
  readonly height: number;
}

/** The rows that a person sees whole, by what their first cell says. */
async function sight(): Promise<Sight> {
  return await table().evaluate((element) => {
    const box = element.getBoundingClientRect();
    const seen = [...element.querySelectorAll('[role=row][aria-selected]')].flatMap((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      const whole = top >= box.top + 23.4 && bottom <= box.top + element.clientHeight + 0.6;
      return whole ? [Number(row.querySelector('[data-seq]')?.textContent ?? NaN)] : [];
    });
    return {
      first: Math.min(...seen),
      last: Math.max(...seen),
      thumb: element.scrollTop / (element.scrollHeight - element.clientHeight),
      height: element.scrollHeight,
    };
  });
}

const settledSight = async (): Promise<Sight> => {
  await expect.poll(async () => (await sight()).first).not.toBeNaN();
  return await sight();
};

/** Whether the thumb stands where the rows in sight lie among all, to a pixel of the bar. */
function expectHonest({ first, last, thumb }: Sight, total: number): void {
  expect(Math.abs(thumb - (first - 1) / (total - (last - first + 1)))).toBeLessThan(0.002);
}

describe.each([10_000_000, 50_000_000])('a table of %d rows', (total) => {
  test('ends at its last row, and begins at its first', async () => {
    const { window } = launched;
    await pretend(total);
    await table().focus();
    await window.keyboard.press('End');
    await expect.poll(async () => (await sight()).last).toBe(total);
    expectHonest(await settledSight(), total);
    await window.keyboard.press('PageUp');
    await window.keyboard.press('ArrowUp');
    await expect
      .poll(() => table().locator('[role=row][aria-selected=true] [data-seq]').innerText())
      .not.toBe(String(total));
    await window.keyboard.press('Home');
    await expect.poll(async () => (await sight()).first).toBe(1);
  });

  test('shows each row when the wheel goes by notches, and the thumb follows', async () => {
    const { window } = launched;
    const box = await table().boundingBox();
    if (!box) throw new Error('the table has no place');
    await table().focus();
    await window.keyboard.press('Home');
    await window.mouse.move(box.x + 100, box.y + 100);
    let before = await settledSight();
    for (let notch = 0; notch < 12; notch++) {
      await window.mouse.wheel(0, 120);
      await expect.poll(async () => (await sight()).first).toBeGreaterThan(before.first);
      const now = await settledSight();
      expect(now.first).toBeLessThanOrEqual(before.last + 1);
      expectHonest(now, total);
      before = now;
    }
  });

  test('stands wherever the bar is dragged, a page and a row further with the keys', async () => {
    const { window } = launched;
    const box = await table().boundingBox();
    if (!box) throw new Error('the table has no place');
    await table().focus();
    await window.keyboard.press('Home');
    await expect.poll(async () => (await sight()).first).toBe(1);
    await window.mouse.move(box.x + box.width - 7, box.y + 22);
    await window.mouse.down();
    await window.mouse.move(box.x + box.width - 7, box.y + box.height / 2, { steps: 6 });
    await window.mouse.up();
    await expect.poll(async () => (await sight()).thumb).toBeGreaterThan(0.3);
    const there = await settledSight();
    expect(there.first).toBeGreaterThan(total * 0.3);
    expect(there.first).toBeLessThan(total * 0.7);
    expectHonest(there, total);
    const row = table().locator('[role=row][aria-selected]').nth(3);
    const seq = Number(await row.locator('[data-seq]').innerText());
    await row.click();
    for (let i = 0; i < 3; i++) await window.keyboard.press('ArrowDown');
    await table()
      .locator(`[aria-selected=true] [data-seq="${String(seq + 3)}"]`)
      .waitFor();
    await window.keyboard.press('PageDown');
    const page = there.last - there.first;
    // As many rows as are seen whole; a row that the edges cut counts or not.
    const active = table().locator('[aria-selected=true] [data-seq]');
    await expect.poll(async () => Math.abs(Number(await active.innerText()) - seq - 3 - page)).toBeLessThanOrEqual(1);
    expect((await settledSight()).height).toBeLessThan(33_500_000);
  });
});
