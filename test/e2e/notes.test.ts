/** Notes in the real app, by keyboard: kept beside the capture, found again by a copy of it, and the capture unchanged. */
import AxeBuilder from '@axe-core/playwright';
import { createHash } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Page } from 'playwright';
import { SAMPLE } from '../../scripts/places.ts';
import { answerOpen, answerSave, chooseInMenu, launchApp } from './app.ts';
import { folderFor, giveTo, testUser } from './user.ts';
import { grid, inspector, ready } from './window.ts';

const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

async function violations(window: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page: window }).setLegacyMode().analyze();
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
}

/** Writes on the first attempt, and looks that all who show it do. */
async function write(window: Page): Promise<void> {
  await grid(window, 'Attempts').focus();
  await window.keyboard.press('Home');
  await inspector(window).getByRole('heading').first().waitFor();
  await window.keyboard.press('b');
  await grid(window, 'Attempts').locator('[data-note-mark]').waitFor();
  await window.keyboard.press('n');
  await window.locator('[data-note-field]').waitFor();
  await window.keyboard.type('came from a deleted file');
  await window.keyboard.press('Enter');
  await window.keyboard.type('ask the owner');
  await window.keyboard.press('Control+Enter');
  await window.keyboard.press('t');
  await window.locator('[data-tag-field]').waitFor();
  await window.keyboard.type('odd');
  await window.keyboard.press('Enter');
}

const noted = async (window: Page): Promise<void> => {
  await window.locator('[data-view=notes]').click();
  const text = await window.locator('[data-noted]').innerText();
  for (const part of ['came from a deleted file\nask the owner of it', '#odd']) expect(text).toContain(part);
};

test('a note, a bookmark and a view are still there after closing, also for a copy; the capture is unchanged', async () => {
  const user = testUser();
  const home = folderFor(user);
  const capture = join(home, 'one.modtrail');
  const copy = join(home, 'copied.modtrail');
  const cased = join(home, 'one.modtrail-case');
  for (const path of [capture, copy]) {
    copyFileSync(SAMPLE, path);
    giveTo(user, path);
  }
  const before = sha256(capture);
  try {
    const first = await launchApp({ files: [capture], home, user });
    const { window } = first;
    await ready(window);
    await write(window);
    // Where it is shown it is changed, too; Escape leaves it as it was.
    await inspector(window).locator('[data-note-edit]').click();
    await expect.poll(() => window.evaluate(() => document.activeElement?.matches('[data-note-field]'))).toBe(true);
    await window.keyboard.type('no, ');
    await window.keyboard.press('Escape');
    await inspector(window).locator('[data-note-edit]').press('Enter');
    await inspector(window).locator('[data-note-field]').press('Control+End');
    await window.keyboard.type(' of it');
    await window.keyboard.press('Control+Enter');
    await expect
      .poll(() => inspector(window).locator('[data-note-text]').innerText())
      .toBe('came from a deleted file\nask the owner of it');
    await window.locator('[data-note-flag]').waitFor({ state: 'attached' });
    await window.keyboard.press('Control+s');
    await window.locator('[data-view-name]').waitFor();
    await window.keyboard.type('mine');
    await window.keyboard.press('Enter');
    await noted(window);
    for (const theme of ['dark', 'light'] as const) {
      await window.emulateMedia({ colorScheme: theme });
      expect(await violations(window)).toEqual([]);
    }
    await answerSave(first.app, cased);
    await chooseInMenu(first.app, 'export-case');
    await expect.poll(() => window.locator('[data-remark]').innerText()).toContain('Exported');
    // A name that is made longer is one that nobody was asked about.
    await answerSave(first.app, cased.replace(/\.modtrail-case$/, ''));
    await chooseInMenu(first.app, 'export-case');
    await window.getByText('is there already').waitFor();
    await window.getByRole('button', { name: /^Remove the note/ }).click();
    await window.locator('[data-notes-empty]').waitFor();
    await window.keyboard.press('Control+z');
    await noted(window);
    await first.close();

    const second = await launchApp({ files: [copy], home, user });
    await ready(second.window);
    await noted(second.window);
    await answerOpen(second.app, cased);
    await chooseInMenu(second.app, 'import-case');
    await expect.poll(() => second.window.locator('[data-remark]').innerText()).toContain('1 there already');
    await second.window.keyboard.press('Control+s');
    await second.window.locator('[data-kept-view=mine]').click();
    await ready(second.window);
    await grid(second.window, 'Attempts').waitFor();
    await second.close();
    expect([sha256(capture), sha256(copy)]).toEqual([before, before]);
    expect(JSON.parse(readFileSync(cased, 'utf8'))).toMatchObject({ format: 'modtrail-case', version: 1 });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
