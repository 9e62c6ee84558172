/** Names from outside that drive or turn text: in the real window they are escapes, and nothing around them is turned. */
import { chmodSync, copyFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SAMPLE } from '../../scripts/places.ts';
import { CaptureBuilder, removeFolders } from '../core/builder.ts';
import { launchApp, type LaunchedApp } from './app.ts';
import { folderFor, giveTo, testUser } from './user.ts';
import { notices, ready } from './window.ts';

const user = testUser();
const folder = folderFor(user);
const home = folderFor(user);

const HOSTILE = 'a\u202egpj\n\u001b[2J\u2066b';
const SHOWN = String.raw`a\u{202e}gpj\x0a\x1b[2J\u{2066}b`;
const COPY = join(folder, `${HOSTILE}.modtrail`);
/** A capture in which names are hostile, and a file that is none. */
const INSIDE = join(folder, 'inside.modtrail');
const NONE = join(folder, `${HOSTILE}.txt`);

let launched: LaunchedApp;

/** All that a person reads on the screen or from it, and that would turn or drive text. */
const turning = (window: Page): Promise<string[]> =>
  window.evaluate(() => {
    const found: string[] = [];
    const wrong = /[\p{Bidi_Control}\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/u;
    const walker = document.createTreeWalker(document.documentElement);
    for (let at: Node | null = walker.currentNode; at; at = walker.nextNode()) {
      if (at instanceof Text && wrong.test(at.data)) found.push(at.data);
      if (!(at instanceof Element)) continue;
      for (const name of ['title', 'aria-label', 'alt', 'placeholder']) {
        const value = at.getAttribute(name) ?? '';
        if (wrong.test(value)) found.push(`${name}: ${value}`);
      }
    }
    return found;
  });

beforeAll(async () => {
  copyFileSync(SAMPLE, COPY);
  chmodSync(COPY, 0o644);
  writeFileSync(NONE, 'no capture');
  const built = new CaptureBuilder(undefined, INSIDE);
  built.clock(1000, 1_795_532_730_000_000_000n);
  const file = built.file(`/tmp/${HOSTILE}.ko`, 17);
  const call = built.call({ returned: 0, process: built.process(), file });
  built.load(call, 0x1000, HOSTILE);
  built.finish();
  giveTo(user, COPY, INSIDE, NONE);
  launched = await launchApp({ home, files: [INSIDE, COPY, NONE] });
  await ready(launched.window);
});

afterAll(async () => {
  await launched.close();
  for (const path of [folder, home]) rmSync(path, { recursive: true, force: true });
  removeFolders();
});

test('a tab, its tooltip and a notice', async () => {
  const { window } = launched;
  const tab = window.getByRole('tab').filter({ hasText: `${SHOWN}.modtrail` });
  await tab.waitFor();
  expect((await tab.innerText()).trim()).toBe(`${SHOWN}.modtrail`);
  expect(await tab.getAttribute('title')).toContain(`${SHOWN}.modtrail – `);
  await expect.poll(() => notices(window).allInnerTexts()).toEqual([expect.stringContaining(`${SHOWN}.txt`)]);
  expect(await turning(window)).toEqual([]);
});

test('rows, the inspector and every view of a capture with such names', async () => {
  const { window } = launched;
  await window.getByRole('tab', { name: 'inside.modtrail' }).click();
  await window.getByRole('gridcell').filter({ hasText: 'gpj' }).first().click();
  for (const key of ['1', '2', '3', '4', '5']) {
    await window.keyboard.press(`Control+${key}`);
    await window.waitForTimeout(300);
    expect(await turning(window)).toEqual([]);
  }
});

test('the list of recent captures, the palette and all captures together', async () => {
  const { window } = launched;
  await window.keyboard.press('Control+k');
  await window.keyboard.type('gpj');
  await window.waitForTimeout(300);
  expect(await turning(window)).toEqual([]);
  await window.keyboard.press('Escape');
  for (let closed = 0; closed < 2; closed++) await window.keyboard.press('Control+w');
  const recent = window.getByRole('region', { name: 'Recent captures' });
  await expect.poll(() => recent.innerText()).toContain(`${SHOWN}.modtrail`);
  expect(await turning(window)).toEqual([]);
});
