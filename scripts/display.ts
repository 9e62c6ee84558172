/** What stands between a command and a window: a display, and Chromium's sandbox. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from './say.ts';

/** Whether windows can be shown to somebody. */
export function hasDisplay(): boolean {
  return Boolean(process.env['DISPLAY']) || Boolean(process.env['WAYLAND_DISPLAY']);
}

/** The words that give a command a virtual display, where there is no real one. */
export function virtualDisplay(): string[] {
  return ['xvfb-run', '-a', '-s', '-screen 0 1600x1000x24'];
}

/**
 * Checks that Chromium's sandbox can start for the present user; root runs without it and needs no check.
 * @param dir - the runtime's folder.
 * @throws SetupError with what to do. The sandbox is never left out silently.
 */
export function checkSandbox(dir: string): void {
  if (process.getuid?.() === 0) return;
  if (spawnSync('unshare', ['--user', '--map-root-user', 'true']).status === 0) return;
  const helper = join(dir, 'chrome-sandbox');
  const { uid, mode } = statSync(helper);
  if (uid === 0 && (mode & 0o4000) !== 0) return;
  throw new SetupError(
    "this system keeps Chromium's sandbox from starting (it restricts user namespaces); allow it for this Electron " +
      `alone with: sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`,
  );
}
