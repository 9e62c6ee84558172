/** Entry of `npm run screenshots`: takes the README's pictures from the real app on the sample. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright';
import { virtualDisplay } from './display.ts';
import { runCommand } from './parallel.ts';
import { withApp } from './picture.ts';
import { NODE, ROOT, SAMPLE } from './places.ts';
import { prepare } from './prepare.ts';
import { runEntry } from './say.ts';

const FOLDER = join(ROOT, 'docs/images');

/** Says that this process already runs on the display that pictures are taken on. */
const INSIDE = '--on-this-display';

/** Rows that are looked through for the picture's attempt. */
const MOST_ROWS = 100;

/** Longest time for all pictures, in milliseconds. */
const LIMIT = 3 * 60_000;

/** Always on a virtual display, so that the pictures are the same everywhere. */
async function main(): Promise<number> {
  if (process.argv.includes(INSIDE)) {
    await takePictures();
    return 0;
  }
  await prepare(['view', 'app']);
  const words = [...virtualDisplay(), NODE, join(ROOT, 'scripts/screenshots.ts'), INSIDE];
  return (await runCommand(words, LIMIT, true)).code;
}

async function takePictures(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await withApp(SAMPLE, async (window) => {
    await selectVerdict(window, 'init-failed');
    for (const colorScheme of ['light', 'dark'] as const) {
      await window.emulateMedia({ colorScheme });
      await window.waitForTimeout(500);
      await window.screenshot({ path: join(FOLDER, `attempts-${colorScheme}.png`) });
    }
  });
}

/** Goes through the table from its end, until the inspector shows a load of that verdict. */
async function selectVerdict(window: Page, verdict: string): Promise<void> {
  await window.getByRole('grid').focus();
  await window.keyboard.press('End');
  const shown = window.locator(`[data-call-id][data-verdict=${verdict}]`);
  for (let row = 0; row < MOST_ROWS && (await shown.count()) === 0; row++) {
    await window.keyboard.press('ArrowUp');
    await window.waitForTimeout(100);
  }
  await shown.waitFor();
  await window.mouse.move(400, 20);
}

await runEntry(main);
