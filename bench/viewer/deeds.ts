/** What somebody does in the viewer who looks for something, each deed timed. */
import type { Page } from 'playwright';
import { memoryOf, PATIENCE, startViewer, type Viewer } from './app.ts';
import { workOfFrames, quantile } from './frames.ts';
import { arm, install, timesOf, watching, type Times } from './probe.ts';

/** Numbers by what they are of: milliseconds, but for names that end in a unit. */
export type Numbers = Record<string, number | undefined>;

const ATTEMPTS_SORTS = ['verdict', 'module', 'by', 'from', 'returned', 'startedBy'] as const;
const EVENTS_SORTS = ['time', 'kind', 'process', 'returned', 'what', 'callId'] as const;

/** Filters of the events: one that an index answers, others that none does, and a bare word. */
export const FILTERS = {
  kind: 'kind == init_module',
  comm: 'process.comm == insmod',
  path: 'file.path contains "/tmp"',
  errno: 'errno == EEXIST',
  uid: 'process.uid == 1000',
  duration: 'duration > 1ms',
  word: 'insmod',
} as const;

/** From the start of the program with a capture to its first rows. What the driver takes to find the window is in it. */
export async function starting(file: string): Promise<number> {
  const start = performance.now();
  const { window, close } = await startViewer([file]);
  try {
    await window.getByRole('gridcell').first().waitFor();
    return performance.now() - start;
  } finally {
    await close();
  }
}

/** From the answer of the system's dialog to the first rows and to the overview. */
export async function opening({ app, window }: Viewer, file: string): Promise<Times> {
  await app.evaluate(({ dialog }, chosen) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [chosen] });
  }, file);
  await arm(window, { kind: 'any' }, 'now');
  await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('open')?.click());
  await timesOf(window, 'rows', PATIENCE);
  return await timesOf(window, 'overview', PATIENCE);
}

/** Until the capture has been read to its end in the background. */
export async function readWhole({ window }: Viewer): Promise<void> {
  await window.locator('[data-reading]').waitFor({ state: 'detached', timeout: 10 * PATIENCE });
}

async function showEvents({ window }: Viewer): Promise<void> {
  await window.locator('[data-view=events]').click();
  await window.getByRole('grid', { name: 'Events' }).getByRole('gridcell').first().waitFor();
  await window.waitForTimeout(500);
}

/** The wheel, the bar, the end and a row, each with the longest time for which rows were not there. */
export async function scrolling(viewer: Viewer, events: number): Promise<Numbers> {
  const { window } = viewer;
  await showEvents(viewer);
  const table = window.getByRole('grid', { name: 'Events' });
  const box = await table.boundingBox();
  if (!box) throw new Error('the table has no place');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const bar = box.x + box.width - 7;
  const deeds: Readonly<Record<string, () => Promise<void>>> = {
    wheel: async () => {
      await window.mouse.move(x, y);
      for (let notch = 0; notch < 60; notch++) {
        await window.mouse.wheel(0, 360);
        await window.waitForTimeout(16);
      }
    },
    bar: async () => {
      await window.mouse.move(bar, box.y + 26);
      await window.mouse.down();
      for (const part of [0.3, 0.8, 0.15, 0.55, 0.95]) {
        await window.mouse.move(bar, box.y + 24 + (box.height - 24) * part, { steps: 12 });
        await window.waitForTimeout(300);
      }
      await window.mouse.up();
    },
    end: async () => {
      await table.focus();
      await window.keyboard.press('Home');
      await window.waitForTimeout(500);
      await window.keyboard.press('End');
    },
    jump: async () => {
      for (const part of [0.37, 0.81, 0.06]) {
        await window.keyboard.press('Control+g');
        await window.locator('[data-go-to-field]').fill(`seq ${String(Math.floor(events * part))}`);
        await window.keyboard.press('Enter');
        await window.waitForTimeout(500);
      }
    },
  };
  const found: Numbers = {};
  for (const [name, deed] of Object.entries(deeds)) {
    const { empty, missing, longestGap } = await watching(window, deed);
    Object.assign(found, {
      [`${name}: empty`]: empty,
      [`${name}: a row missing`]: missing,
      [`${name}: frame gap`]: longestGap,
    });
  }
  await table.focus();
  await window.keyboard.press('Home');
  return found;
}

async function filter(window: Page, name: string, text: string): Promise<Numbers> {
  const field = window.locator('[data-filter]');
  await field.fill(text);
  await window.keyboard.press('Escape');
  await window.waitForTimeout(400);
  await arm(window, { kind: 'filter' }, 'keydown');
  await field.press('Enter');
  await timesOf(window, 'rows', PATIENCE);
  const { rows, exact } = await timesOf(window, 'exact', PATIENCE);
  return { [`${name}: first rows`]: rows, [`${name}: exact count`]: exact };
}

/** Each filter's first rows and its exact count, of the events, from Enter on. */
export async function filtering(viewer: Viewer): Promise<Numbers> {
  const { window } = viewer;
  await showEvents(viewer);
  const found: Numbers = {};
  for (const [name, text] of Object.entries(FILTERS)) {
    Object.assign(found, await filter(window, name, text));
    await window.locator('[data-filter-clear]').click();
    await window.waitForTimeout(400);
  }
  return found;
}

/** The same of both tables by somebody who has just opened the capture, each time anew: nothing was read of it before. */
export async function filteringAtOnce(file: string, forget: () => void): Promise<Numbers> {
  const found: Numbers = {};
  for (const table of ['events', 'attempts'] as const) {
    for (const [name, text] of Object.entries(FILTERS)) {
      const viewer = await startViewer();
      try {
        await viewer.window.waitForTimeout(2000);
        await install(viewer.window);
        forget();
        await opening(viewer, file);
        if (table === 'events') await showEvents(viewer);
        Object.assign(found, await filter(viewer.window, `${table}, ${name}`, text));
      } finally {
        await viewer.close();
      }
    }
  }
  return found;
}

/** First rows of both tables by each of their columns, from the click on. */
export async function sorting(viewer: Viewer): Promise<Numbers> {
  const { window } = viewer;
  const found: Numbers = {};
  for (const [table, columns] of [
    ['events', EVENTS_SORTS],
    ['attempts', ATTEMPTS_SORTS],
  ] as const) {
    await window.locator(`[data-view=${table}]`).click();
    await window.getByRole('gridcell').first().waitFor();
    await window.waitForTimeout(500);
    for (const column of columns) {
      await arm(window, { kind: 'sort', column }, 'click');
      await window.locator(`[data-sort=${column}]`).click();
      found[`${table} by ${column}`] = (await timesOf(window, 'rows', PATIENCE)).rows;
      await window.waitForTimeout(300);
    }
    await window.locator(`[data-sort=${table === 'events' ? 'seq' : 'time'}]`).click();
  }
  return found;
}

/** Zooms in and out and pans with held keys and with the wheel. */
export async function zooming(viewer: Viewer, folder: string): Promise<Numbers> {
  const { window } = viewer;
  await window.locator('[data-view=attempts]').click();
  await window.getByRole('gridcell').first().waitFor();
  const plot = window.locator('[data-timeline]');
  const box = await plot.boundingBox();
  if (!box) throw new Error('the timeline has no place');
  const deed = async (): Promise<void> => {
    await plot.focus();
    await window.mouse.move(box.x + box.width * 0.4, box.y + 40);
    for (const key of ['w', 'd', 'a', 's']) {
      await window.keyboard.down(key);
      await window.waitForTimeout(900);
      await window.keyboard.up(key);
    }
    await window.keyboard.down('Control');
    for (let notch = 0; notch < 40; notch++) {
      await window.mouse.wheel(0, notch < 20 ? -120 : 120);
      await window.waitForTimeout(30);
    }
    await window.keyboard.up('Control');
  };
  // Once for the gaps, without Chromium's record of it, which costs something itself.
  const { longestGap, frames } = await watching(window, deed, 0);
  await window.keyboard.press('0');
  await window.waitForTimeout(500);
  const work = await workOfFrames(viewer, folder, deed);
  return {
    'frame gap, longest': longestGap,
    'frames seen': frames,
    'work of a frame, median': quantile(work, 0.5),
    'work of a frame, 95 %': quantile(work, 0.95),
  };
}

export const memory = ({ app }: Viewer): number => memoryOf(app) / 1e6;
