/**
 * What a driver starts in the app's place: `electron scripts/driven-app APP [FILE…]` is `electron APP [FILE…]` that is not
 * ready before the driver is. A driver that attaches while the window's first page is on its way asks the process that is
 * just being replaced, and waits for an answer for ever. The driver (Playwright) calls `__playwright_run` when it has
 * attached. The loader that it brings for that changes Chromium's switches as well; what is tested is the app with its own.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

/** Keeps "ready" back until the driver calls. */
function waitForDriver() {
  const emit = app.emit.bind(app);
  let isReady = false;
  let start, readyWith;
  const started = new Promise((resolve) => (start = resolve));
  const chromiumReady = new Promise((resolve) => (readyWith = resolve));
  app.emit = (name, ...args) => {
    if (name !== 'ready') return emit(name, ...args);
    readyWith(args);
    return true;
  };
  app.isReady = () => isReady;
  app.whenReady = () => started;
  globalThis.__playwright_run = async () => {
    const args = await chromiumReady;
    if (isReady) return;
    isReady = true;
    start();
    emit('ready', ...args);
  };
}

/** Loads the app as if it had been named itself. */
async function loadApp() {
  const place = process.argv.findIndex((text, index) => index > 0 && !text.startsWith('-'));
  process.argv.splice(place, 1);
  const argument = process.argv[place];
  if (argument === undefined) throw new Error('usage: electron scripts/driven-app APP [FILE…]');
  const folder = resolve(argument);
  const { name, productName, version, main } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  app.setName(productName ?? name);
  app.setVersion(version);
  app.setAppPath(folder);
  await import(pathToFileURL(join(folder, main)).href);
}

waitForDriver();
await loadApp();
