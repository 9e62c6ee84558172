/**
 * The registry-only runtime has no default app. This one does what Electron's own does with `electron FOLDER …`:
 * it takes the first argument that is no switch as the app's folder and loads that app. Electron waits for a module
 * before it is ready, so that the app can still say what has to be said before that.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app, dialog } from 'electron';

async function loadApp() {
  const argument = process.argv.slice(1).find((text) => !text.startsWith('-'));
  if (argument === undefined) throw new Error('usage: electron FOLDER [FILE…]');
  const folder = resolve(argument);
  const description = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

  process.defaultApp = true;
  app.setName(description.productName ?? description.name);
  if (description.version) app.setVersion(description.version);
  app.setAppPath(folder);
  await import(pathToFileURL(join(folder, description.main ?? 'index.js')).href);
}

try {
  await loadApp();
} catch (error) {
  process.stderr.write(`${error.stack ?? error}\n`);
  if (process.env.DISPLAY && app.isReady()) dialog.showErrorBox('The app could not be loaded', String(error));
  app.exit(1);
}
