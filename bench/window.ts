/**
 * `npm run -s bench -- window FILE.ko [--rounds 5]`: how long the inspector takes to show a module in the real app, and the
 * longest time for which the window was blocked meanwhile. Needs a display; run it under xvfb-run where there is none.
 */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { drivenCommand } from '../scripts/electron.ts';

const { values, positionals } = parseArgs({
  options: { rounds: { type: 'string', default: '5' } },
  allowPositionals: true,
});
const file = resolve(positionals[0] ?? '');
const PATIENCE = 60_000;
/** Between two modules, and from when the dialog is there to the choice: as a person would take. */
const PAUSE = 1500;

interface Round {
  /** Milliseconds from the choice in the dialog to the first facts, and to the last part that is read by itself. */
  readonly first: number;
  readonly all: number;
  /** Of the longest task of the page, in milliseconds; Chromium tells of those over 50. */
  readonly blocked: number;
}

/** Opens the module by the menu, with a dialog in which it is chosen after a pause. */
async function round(app: ElectronApplication, window: Page): Promise<Round> {
  await window.evaluate(() => {
    const state = { first: 0, all: 0, blocked: 0 };
    Object.assign(globalThis, { benchState: state });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) state.blocked = Math.max(state.blocked, duration);
    }).observe({ type: 'longtask' });
    const look = (): void => {
      if (state.first === 0 && document.querySelector('[data-identity] dd')) state.first = Date.now();
      if (document.querySelector('[data-layout] .entropy')) state.all = Date.now();
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
  await app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('open')?.click());
  await window.locator('[data-layout] .entropy').waitFor({ timeout: PATIENCE });
  await window.waitForTimeout(500);
  const state = await window.evaluate(() => (globalThis as unknown as { benchState: Round }).benchState);
  const chosen = await app.evaluate(() => (globalThis as unknown as { chosenAt: number }).chosenAt);
  await window.locator('[aria-label="Close the module"]').click();
  await window.locator('[data-module-view]').waitFor({ state: 'detached' });
  await window.waitForTimeout(PAUSE);
  return { first: state.first - chosen, all: state.all - chosen, blocked: state.blocked };
}

const command = await drivenCommand([]);
const app = await _electron.launch({ ...command, timeout: PATIENCE });
try {
  const window = await app.firstWindow({ timeout: PATIENCE });
  await window.locator('h1').waitFor();
  await window.waitForTimeout(PAUSE);
  await app.evaluate(
    ({ dialog }, { chosen, pause }) => {
      dialog.showOpenDialog = async () => {
        await new Promise((resolve) => setTimeout(resolve, pause));
        Object.assign(globalThis, { chosenAt: Date.now() });
        return { canceled: false, filePaths: [chosen] };
      };
    },
    { chosen: file, pause: PAUSE },
  );
  process.stdout.write(`${file}, ${String(statSync(file).size)} bytes\nround  first facts  all parts  longest task\n`);
  for (let number = 1; number <= Number(values.rounds); number++) {
    const { first, all, blocked } = await round(app, window);
    const told = blocked === 0 ? 'under 50' : blocked.toFixed(0);
    process.stdout.write(
      `${String(number).padStart(5)} ${first.toFixed(0).padStart(9)} ms ${all.toFixed(0).padStart(7)} ms ${told.padStart(10)} ms\n`,
    );
  }
} finally {
  await app.close();
}
