/** How the app is started from a checkout: by `npm start`, by the screenshots and by the end-to-end tests. */
import { join } from 'node:path';
import { ROOT } from './places.ts';
import { ensureRuntime } from './runtime.ts';

/** Stands in for the app where a driver starts it. */
const DRIVEN_APP = 'scripts/driven-app';

/** What to spawn. */
export interface ElectronCommand {
  readonly executable: string;
  readonly args: string[];
  readonly env: Record<string, string>;
  /** Chromium's sandbox is on. */
  readonly chromiumSandbox: boolean;
}

/**
 * The command that opens the app.
 * @param files - captures to open, and further arguments for the app.
 * @param uid - the user that will run it; Chromium's sandbox cannot run as root, and only then it is off.
 * @param app - the folder of the app, the checkout unless a copy is to run.
 */
export async function electronCommand(
  files: readonly string[] = [],
  uid: number = process.getuid?.() ?? 0,
  app: string = ROOT,
): Promise<ElectronCommand> {
  const { executable } = await ensureRuntime();
  const chromiumSandbox = uid !== 0;
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && name !== 'ELECTRON_RUN_AS_NODE' && name !== 'NODE_OPTIONS') env[name] = value;
  }
  return { executable, args: [...(chromiumSandbox ? [] : ['--no-sandbox']), app, ...files], env, chromiumSandbox };
}

/** What `_electron.launch` of Playwright takes to start the app. */
export interface DrivenCommand {
  readonly executablePath: string;
  readonly args: string[];
  readonly env: Record<string, string>;
  /** Playwright turns Chromium's sandbox off unless it is told this. */
  readonly chromiumSandbox: boolean;
}

/**
 * The command that opens the app for a driver: it waits until the driver is there. Nobody else may start it so.
 * Parameters as of `electronCommand`.
 */
export async function drivenCommand(
  files: readonly string[] = [],
  uid: number = process.getuid?.() ?? 0,
  app: string = ROOT,
): Promise<DrivenCommand> {
  const { executable, args, env, chromiumSandbox } = await electronCommand([app, ...files], uid, join(app, DRIVEN_APP));
  return { executablePath: executable, args, env, chromiumSandbox };
}
