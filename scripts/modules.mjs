// @ts-check
/** Installs the Node modules when the lock file changed, and with them the pinned Node. Plain JavaScript: see bootstrap. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..');

/** The pinned Node, which every TypeScript entry runs on. */
export const NODE = join(ROOT, 'node_modules/.bin/node');

const PINNED_MAJOR = 24;

/** A step that cannot work on this machine; the message says what is missing and what to do. */
export class SetupError extends Error {}

/** Makes node_modules fit package-lock.json; says nothing when it does. */
export function ensureModules() {
  const modules = join(ROOT, 'node_modules');
  const stamp = join(modules, '.modtrail-lock');
  const lock = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock && existsSync(NODE)) return;
  if (lstatSync(modules, { throwIfNoEntry: false })?.isSymbolicLink()) {
    // npm ci would empty what the link leads to, which belongs to another folder.
    throw new SetupError('node_modules is a link to modules that do not fit package-lock.json; remove the link');
  }

  const started = performance.now();
  process.stderr.write('   0.0 s  installing the Node modules\n');
  const result = npm(['ci', '--no-progress', '--loglevel=error']);
  if (result.status !== 0) {
    const told = lastErrors(result.stderr || (result.error?.message ?? ''));
    throw new SetupError(`npm ci failed, so nothing can start; is the package registry reachable?\n${told}`);
  }
  checkPinnedNode();
  writeFileSync(stamp, lock);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stderr.write(`${seconds.padStart(6)} s  installed the Node modules\n`);
}

/** The `node` package brings its binary by an install script, which npm may not have run. */
function checkPinnedNode() {
  const isThere = () => {
    const { stdout } = spawnSync(NODE, ['--version'], { encoding: 'utf8' });
    return typeof stdout === 'string' && stdout.startsWith(`v${String(PINNED_MAJOR)}.`);
  };
  if (isThere()) return;
  npm(['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error']);
  if (isThere()) return;
  throw new SetupError(
    `Node ${String(PINNED_MAJOR)} did not come with the modules (processor ${process.arch}); run ` +
      '`npm rebuild node --ignore-scripts=false` to see why, or link a Node 24 to node_modules/.bin/node',
  );
}

/** @param {string[]} args */
function npm(args) {
  return spawnSync('npm', args, { cwd: ROOT, env: outerEnvironment(), encoding: 'utf8', maxBuffer: 1 << 26 });
}

/** Variables that an enclosing `npm run` sets. */
const FROM_NPM = /^(NODE|INIT_CWD|npm_(execpath|node_execpath|command|lifecycle_.*|package_.*))$/;

/** The environment without what an enclosing `npm run` put in: its Node lies in the folder that is being replaced. */
function outerEnvironment() {
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (FROM_NPM.test(name)) Reflect.deleteProperty(env, name);
  }
  const path = (env['PATH'] ?? '').split(delimiter);
  env['PATH'] = path.filter((folder) => !folder.endsWith('/node_modules/.bin')).join(delimiter);
  return env;
}

/** @param {string} text */
function lastErrors(text) {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !line.includes('EBADENGINE'));
  return lines.slice(-8).join('\n');
}
