/**
 * Every place of the window with the keys that lead there, so that what has to hold everywhere is looked at in each: one
 * launch of the app shows them all, and each is reached anew, wherever the one before was left.
 */
import type { Page } from 'playwright';
import { expect } from 'vitest';
import { MODULE_TABS, type ModuleTab } from '#contract/module.ts';
import { SAMPLE } from '../../scripts/places.ts';
import { answerOpen, type LaunchedApp } from './app.ts';
import { ready } from './window.ts';

/** A deed that leads to a place, and what is there once it is drawn. */
export interface Place {
  readonly name: string;
  readonly show: (launched: LaunchedApp) => Promise<void>;
}

/** How often Escape may be needed to come out of what lies over a view. */
const MOST_LAYERS = 5;

const press = (window: Page, keys: string): Promise<void> => window.keyboard.press(keys);

const seen = (window: Page, sign: string): Promise<void> => window.locator(sign).first().waitFor();

const tabs = (window: Page) => window.locator('[data-tab-key]');

/** Closes what lies over the view: dialogs, menus, the palette. */
export async function closeLayers(window: Page): Promise<void> {
  const layers = window.locator('[role=dialog], [role=menu]');
  for (let left = MOST_LAYERS; left > 0 && (await layers.count()) > 0; left--) {
    await press(window, 'Escape');
    await expect.poll(() => layers.count(), { timeout: 5000 }).toBe(0);
  }
}

/** The sample, opened unless it is. */
async function toSample({ app, window }: LaunchedApp): Promise<void> {
  await closeLayers(window);
  if ((await tabs(window).count()) > 0) {
    await press(window, 'Control+1');
    await seen(window, '[data-timeline]');
    return;
  }
  await answerOpen(app, SAMPLE);
  await press(window, 'Control+o');
  await seen(window, '[data-timeline]');
}

async function toView(launched: LaunchedApp, keys: string, sign: string): Promise<void> {
  await toSample(launched);
  await press(launched.window, keys);
  await seen(launched.window, sign);
}

/** The first row of a table, selected: the inspector tells its story. */
async function toFirstRow(launched: LaunchedApp, keys: string, name: string): Promise<void> {
  const { window } = launched;
  await toView(launched, keys, `[role=grid][aria-label=${name}]`);
  await ready(window);
  await window.getByRole('grid', { name }).focus();
  await press(window, 'Home');
  await seen(window, '[aria-label=Inspector] article');
}

const toAttempt = (launched: LaunchedApp): Promise<void> => toFirstRow(launched, 'Alt+1', 'Attempts');
const toEvent = (launched: LaunchedApp): Promise<void> => toFirstRow(launched, 'Alt+4', 'Events');

/** A tab of the module that is looked at, or of the last one in the list of images. */
async function toTab(launched: LaunchedApp, tab: ModuleTab): Promise<void> {
  const { window } = launched;
  if (!(await window.locator('[data-module-view]').isVisible())) {
    await toView(launched, 'Alt+5', '[data-image]');
    await window.getByRole('grid', { name: 'Images' }).focus();
    await press(window, 'End');
    await press(window, 'Enter');
  }
  await seen(window, `[data-tab=${tab}]`);
  await window.locator(`[data-tab=${tab}]`).click();
  await seen(window, `[data-tab=${tab}][aria-selected=true]`);
  await window.locator('[data-module-view] [data-progress]').waitFor({ state: 'detached' });
}

/** No tab is open. */
async function toStart({ window }: LaunchedApp): Promise<void> {
  await closeLayers(window);
  for (let open = await tabs(window).count(); open > 0; open = await tabs(window).count()) {
    await press(window, 'Control+w');
    await expect.poll(() => tabs(window).count()).toBeLessThan(open);
  }
  await seen(window, '.welcome');
}

/** What lies over the first attempt. */
function over(name: string, sign: string, open: (window: Page) => Promise<void>): Place {
  return {
    name,
    show: async (launched) => {
      await toAttempt(launched);
      await open(launched.window);
      await seen(launched.window, sign);
    },
  };
}

const byKeys = (name: string, keys: string, sign: string): Place => over(name, sign, (window) => press(window, keys));

const byButton = (name: string, button: string, sign: string): Place =>
  over(name, sign, (window) => window.locator(button).click());

const view = (name: string, keys: string, sign: string): Place => ({
  name,
  show: (launched) => toView(launched, keys, sign),
});

export const PLACES: readonly Place[] = [
  { name: 'attempts', show: toAttempt },
  { name: 'events', show: toEvent },
  view('modules', 'Alt+2', '[data-roster]'),
  view('processes', 'Alt+3', '[data-process]'),
  view('images', 'Alt+5', '[data-image]'),
  view('capture', 'Alt+6', '[data-amounts]'),
  view('reference', 'Alt+7', 'article h2'),
  view('notes', 'Alt+8', '[data-notes-shown]'),
  view('all captures', 'Alt+0', '[data-strip]'),
  ...MODULE_TABS.map((tab) => ({ name: `module, ${tab}`, show: (app: LaunchedApp) => toTab(app, tab) })),
  byKeys('palette', 'Control+k', '[data-command]'),
  byKeys('keys', 'F1', '[role=dialog] dt'),
  byKeys('saved views', 'Control+s', '[role=dialog]'),
  byKeys('note', 'n', '[data-note-field]'),
  byKeys('recording', 'Control+Shift+R', '[data-record-dialog]'),
  byKeys('menu of a value', 'Shift+F10', '[role=menuitem]'),
  byButton('menu of files', '[data-open-menu]', '[role=menuitem]'),
  byButton('menu of recordings', '[data-record-menu]', '[role=menuitem]'),
  { name: 'start', show: toStart },
];
