/** Where things lie: the checkout, what is built from it, and the caches that several checkouts share. */
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The checkout's root folder. */
export const ROOT = join(import.meta.dirname, '..');

/** Everything that is built from the sources; safe to delete. */
export const DIST = join(ROOT, 'dist');

/** The pinned Node, which runs every TypeScript entry. */
export const NODE = join(ROOT, 'node_modules/.bin/node');

/** The recorder. */
export const COLLECTOR = join(DIST, 'collector/modtrail-collector');

/** The recorded sample that the app opens first. */
export const SAMPLE = join(ROOT, 'samples/sample.modtrail');

/** Root's cache, which every user may read: the end-to-end tests start the app as another user. */
const SYSTEM_CACHE = '/var/cache/modtrail';

/** The folder for downloads that outlive a checkout. */
export function cacheFolder(): string {
  const explicit = process.env['XDG_CACHE_HOME'];
  if (explicit) return join(explicit, 'modtrail');
  return process.getuid?.() === 0 ? SYSTEM_CACHE : join(homedir(), '.cache/modtrail');
}

/** Folders in which a prepared download may already lie, the own one first. */
export function cacheFolders(): string[] {
  return [...new Set([cacheFolder(), SYSTEM_CACHE])];
}

/** Folder and executables that npm scripts put before everything else. */
export function withNodeFirst(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return { ...env, PATH: `${join(ROOT, 'node_modules/.bin')}:${env['PATH'] ?? ''}` };
}
