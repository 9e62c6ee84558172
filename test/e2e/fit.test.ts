/** Every view fits the window, from a small to a large one, at the usual size and at twice that, in both schemes. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MODULE_TABS } from '#contract/module.ts';
import { SAMPLE } from '../../scripts/places.ts';
import { launchApp, type LaunchedApp } from './app.ts';
import { faultsOf } from './faults.ts';
import { ready } from './window.ts';

/** The views, the keys that show each, and what is there when it is drawn. */
const VIEWS = {
  attempts: ['Alt+1', '[data-call-id]'],
  modules: ['Alt+2', '[data-roster]'],
  processes: ['Alt+3', '[data-process]'],
  events: ['Alt+4', '[data-seq]'],
  images: ['Alt+5', '[data-image]'],
  capture: ['Alt+6', '[data-amounts]'],
  reference: ['Alt+7', 'article h2'],
  notes: ['Alt+8', '[data-notes-shown]'],
  together: ['Alt+0', '[data-strip]'],
} as const;
type ViewName = keyof typeof VIEWS;

/** What lies over a view: how it is opened over the attempts, and what is there then. */
const OVERLAYS: Readonly<Record<string, readonly [open: (window: Page) => Promise<void>, sign: string]>> = {
  palette: [(window) => window.keyboard.press('Control+k'), '[data-command]'],
  keys: [(window) => window.keyboard.press('F1'), '[role=dialog] dt'],
  'saved views': [(window) => window.keyboard.press('Control+s'), '[role=dialog]'],
  note: [(window) => window.keyboard.press('n'), '[data-note-field]'],
  recording: [(window) => window.keyboard.press('Control+Shift+R'), '[data-record-dialog]'],
  'menu of files': [(window) => window.locator('[data-open-menu]').click(), '[role=menuitem]'],
  'menu of a value': [(window) => window.keyboard.press('Shift+F10'), '[role=menuitem]'],
};

const SIZES = [
  [1280, 800],
  [1920, 1080],
  [3840, 2160],
] as const;

let launched: LaunchedApp;

beforeAll(async () => {
  launched = await launchApp({ files: [SAMPLE] });
  await ready(launched.window);
});
afterAll(() => launched.close());

/** Makes the window's content so large, in pixels of the screen, and everything in it so many times its usual size. */
async function resize(width: number, height: number, zoom: 1 | 2): Promise<void> {
  const { app, window } = launched;
  await app.evaluate(
    ({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height),
    { width, height },
  );
  const now = (): Promise<number> => window.evaluate(() => devicePixelRatio);
  await window.keyboard.press('Control+0');
  await expect.poll(now).toBe(1);
  for (let before = 1; before < zoom; before = await now()) {
    await window.keyboard.press('Control+=');
    await expect.poll(now).toBeGreaterThan(before);
  }
  await expect.poll(() => window.evaluate(() => innerWidth)).toBe(Math.round(width / zoom));
}

async function show(view: ViewName): Promise<void> {
  const [keys, sign] = VIEWS[view];
  await launched.window.keyboard.press(keys);
  await launched.window.locator(sign).first().waitFor();
}

/** Back to the capture from a view that is a tab of its own. */
const toCapture = (): Promise<void> => launched.window.keyboard.press('Control+1');

/** What arrives later, such as a row, may have been cut a moment before. */
async function expectFit(what: string): Promise<void> {
  await expect.poll(() => faultsOf(launched.window), { message: what, timeout: 5000 }).toEqual([]);
}

async function expectAccessible(what: string): Promise<void> {
  const { window } = launched;
  for (const colorScheme of ['dark', 'light'] as const) {
    await window.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page: window }).setLegacyMode().analyze();
    const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
    expect(found, `${what}, ${colorScheme}`).toEqual([]);
  }
}

async function openModule(): Promise<void> {
  const { window } = launched;
  await show('images');
  await window.getByRole('grid', { name: 'Images' }).focus();
  await window.keyboard.press('End');
  await window.keyboard.press('Enter');
  await window.locator('[data-tab=overview]').click();
  await window.locator('[data-identity]').waitFor();
}

describe.each(SIZES)('at %d×%d', (width, height) => {
  describe.each([1, 2] as const)('and %d times the usual size', (zoom) => {
    // Axe sees the same in every size.
    const withAxe = width === 1280 && zoom === 1;

    test('every view fits, and every control in it has its name', async () => {
      await resize(width, height, zoom);
      for (const view of Object.keys(VIEWS) as ViewName[]) {
        await show(view);
        await expectFit(view);
        if (withAxe) await expectAccessible(view);
      }
      await toCapture();
    });

    test('so does the inspector of a module with each of its tabs', async () => {
      const { window } = launched;
      await resize(width, height, zoom);
      await openModule();
      for (const tab of MODULE_TABS) {
        await window.locator(`[data-tab=${tab}]`).click();
        await window.locator(`[data-tab=${tab}][aria-selected=true]`).waitFor();
        await expectFit(tab);
      }
      await toCapture();
    });

    test('so does what lies over a view', async () => {
      const { window } = launched;
      await resize(width, height, zoom);
      for (const [name, [open, sign]] of Object.entries(OVERLAYS)) {
        await show('attempts');
        await window.getByRole('grid', { name: 'Attempts' }).focus();
        await window.keyboard.press('Home');
        await open(window);
        await window.locator(sign).first().waitFor();
        await expectFit(name);
        if (withAxe) await expectAccessible(name);
        await window.keyboard.press('Escape');
        await expect.poll(() => window.locator('[role=dialog], [role=menu]').count()).toBe(0);
      }
    });
  });
});

/** Marks each stop of the Tab key, and tells of controls that are none and lie in nothing that arrows move in. */
const markStops = (window: Page): Promise<{ stops: string[]; lost: string[] }> =>
  window.evaluate(() => {
    const moved = '[role=tablist], [role=grid], [role=treegrid], [role=radiogroup], [aria-label=Modules]';
    const controls = [...document.querySelectorAll<HTMLElement>('button, a[href], input, select, [tabindex]')].filter(
      (one) => one.checkVisibility({ visibilityProperty: true }) && !one.matches(':disabled'),
    );
    const isStop = (one: HTMLElement): boolean => one.tabIndex >= 0 && !one.matches('[type=radio]:not(:checked)');
    const stops = controls.filter(isStop).map((one, index) => {
      const name = `${String(index)} ${one.getAttribute('aria-label') ?? one.innerText}`;
      one.dataset['stop'] = name;
      return name;
    });
    const lost = controls.filter((one) => !isStop(one) && !one.closest(moved));
    return { stops, lost: lost.map((one) => one.outerHTML.slice(0, 160)) };
  });

test.each(['attempts', 'modules', 'capture', 'notes'] as const)(
  'in the view of %s Tab comes to every control, or to what the arrows move in',
  async (view) => {
    const { window } = launched;
    await resize(1280, 800, 1);
    await show(view);
    const { stops, lost } = await markStops(window);
    expect(lost).toEqual([]);
    await window.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    const left = new Set(stops);
    // Once round, and past the page's end.
    for (let presses = 0; left.size > 0 && presses < stops.length + 5; presses++) {
      await window.keyboard.press('Tab');
      left.delete(await window.evaluate(() => document.activeElement?.getAttribute('data-stop') ?? ''));
    }
    expect([...left]).toEqual([]);
  },
);

test('the first window fits, small and at twice the usual size', async () => {
  const { window } = launched;
  const tabs = window.locator('[data-tab-key]');
  for (let open = await tabs.count(); open > 0; open = await tabs.count()) {
    await window.keyboard.press('Control+w');
    await expect.poll(() => tabs.count()).toBeLessThan(open);
  }
  await window.locator('.welcome').waitFor();
  for (const zoom of [1, 2] as const) {
    await resize(1280, 800, zoom);
    await expectFit('welcome');
  }
  await expectAccessible('welcome');
});
