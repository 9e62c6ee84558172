/** The real app with settings and caches of its own, and the memory of all its processes. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright';
import { drivenCommand } from '../../scripts/electron.ts';

/** Longest wait for anything, in milliseconds. */
export const PATIENCE = 120_000;

export interface Viewer {
  readonly app: ElectronApplication;
  readonly window: Page;
  close(): Promise<void>;
}

/** Starts the app, with captures to open as on the command line. Its window is there. */
export async function startViewer(files: readonly string[] = []): Promise<Viewer> {
  const command = await drivenCommand(files);
  const home = mkdtempSync(join(tmpdir(), 'modtrail-bench-home-'));
  for (const [name, folder] of [
    ['XDG_CONFIG_HOME', '.config'],
    ['XDG_CACHE_HOME', '.cache'],
    ['XDG_DATA_HOME', '.data'],
  ] as const) {
    command.env[name] = join(home, folder);
    mkdirSync(join(home, folder));
  }
  command.env['HOME'] = home;
  const app = await _electron.launch({ ...command, timeout: PATIENCE });
  const close = async (): Promise<void> => {
    await app.close();
    rmSync(home, { recursive: true, force: true });
  };
  try {
    const window = await app.firstWindow({ timeout: PATIENCE });
    window.setDefaultTimeout(PATIENCE);
    await window.locator('h1').waitFor();
    return { app, window, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Bytes that the app's processes hold together; what they share is counted once. */
export function memoryOf(app: ElectronApplication): number {
  const root = app.process().pid;
  if (root === undefined) return NaN;
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(/^PPid:\s+(\d+)/m.exec(read(`/proc/${name}/status`))?.[1] ?? -1);
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const all = [root];
  for (const pid of all) all.push(...(children.get(pid) ?? []));
  return all.reduce(
    (sum, pid) => sum + 1024 * Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${String(pid)}/smaps_rollup`))?.[1] ?? 0),
    0,
  );
}

/** The text of a file of /proc; empty where its process has ended. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
