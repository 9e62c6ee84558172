/** Deeds in the window, by what a person sees. */
import type { Locator, Page } from 'playwright';

export const rows = (window: Page): Locator => window.getByRole('row').filter({ has: window.getByRole('gridcell') });

/** A row by the id that its first cell carries. */
export const rowOf = (window: Page, attribute: 'data-call-id' | 'data-seq', id: number): Locator =>
  rows(window).filter({ has: window.locator(`[${attribute}="${String(id)}"]`) });

export const cell = (row: Locator, column: string): Locator => row.locator(`[data-column="${column}"]`);

export const inspector = (window: Page): Locator => window.getByRole('region', { name: 'Inspector' });

export const timeline = (window: Page): Locator => window.locator('[data-timeline]');

/** What the timeline says it shows: changes with every zoom and movement. */
export const shownSpan = async (window: Page): Promise<string> =>
  (await timeline(window).getAttribute('aria-label')) ?? '';

export const notices = (window: Page): Locator => window.locator('[data-notice]');

/** Waits until the capture's rows are there. */
export async function ready(window: Page): Promise<void> {
  await rows(window).first().waitFor();
}

/** The table of that name; another one may still be there when the view has just been changed. */
export const grid = (window: Page, name: 'Attempts' | 'Events'): Locator => window.getByRole('grid', { name });

/** Walks through a table with the keys and collects a text of every row, as a person reads it. */
export async function readTable(
  window: Page,
  table: Locator,
  total: number,
  read: (row: Locator) => Promise<string>,
): Promise<string[]> {
  const found: string[] = [];
  await table.getByRole('gridcell').first().waitFor();
  await table.focus();
  await window.keyboard.press('Home');
  for (let index = 0; index < total; index++) {
    const row = table.locator(`[role=row][aria-selected=true][aria-rowindex="${String(index + 2)}"]`);
    await row.waitFor();
    found.push(await read(row));
    await window.keyboard.press('ArrowDown');
  }
  return found;
}

/** Drags a real file over an element and drops it there, as the system does. */
export async function dropFile(window: Page, target: Locator, path: string): Promise<void> {
  await window.evaluate(() => {
    const input = document.createElement('input');
    input.type = 'file';
    input.id = 'dropped';
    document.body.append(input);
  });
  await window.locator('#dropped').setInputFiles(path);
  await target.evaluate((element) => {
    const input = document.querySelector<HTMLInputElement>('#dropped');
    const dataTransfer = new DataTransfer();
    for (const dropped of input?.files ?? []) dataTransfer.items.add(dropped);
    input?.remove();
    for (const type of ['dragover', 'drop'])
      element.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  });
}
