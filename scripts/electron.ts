/** How the app is started from a checkout: by `npm start`, by the screenshots and by the end-to-end tests. */
import { ROOT } from './places.ts';
import { ensureRuntime } from './runtime.ts';

/** What to spawn; with Playwright: `_electron.launch({ executablePath: executable, args, env, chromiumSandbox })`. */
export interface ElectronCommand {
  readonly executable: string;
  readonly args: string[];
  readonly env: Record<string, string>;
  /** Chromium's sandbox is on. Playwright turns it off unless it is told this. */
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
