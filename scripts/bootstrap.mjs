// @ts-check
/**
 * The entry of every npm script. It runs on the machine's own Node with nothing installed, so it is plain JavaScript
 * without imports from packages: it brings the Node modules (and with them the pinned Node), then hands over to the
 * TypeScript entry of the verb. Its own messages go to stderr; stdout, signals and the exit code are the verb's.
 */
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { ensureModules, NODE, ROOT, SetupError } from './modules.mjs';

const OLDEST_NODE = 20;

/**
 * Each verb's entry, and what must be there before it starts. An entry without `needs` looks after itself.
 * @type {Record<string, { entry: string, needs?: (args: string[]) => string[] }>}
 */
const VERBS = {
  start: { entry: 'scripts/start.ts' },
  test: { entry: 'scripts/test.ts' },
  setup: { entry: 'scripts/prepare.ts' },
  check: { entry: 'scripts/check.ts' },
  format: { entry: 'scripts/format.ts' },
  build: { entry: 'scripts/build.ts' },
  package: { entry: 'scripts/package.ts' },
  screenshots: { entry: 'scripts/screenshots.ts' },
  modtrail: { entry: 'cli/main.ts', needs: ([command]) => (command === 'capture' ? ['collector'] : []) },
  lab: { entry: 'scripts/lab.ts', needs: () => ['collector', 'lab'] },
  sample: { entry: 'scripts/sample.ts', needs: () => ['collector', 'lab'] },
  'make-capture': { entry: 'scripts/make-capture.ts' },
  bench: { entry: 'bench/main.ts', needs: () => ['collector', 'lab'] },
};

/** @param {string[]} argv */
async function main([name = '', ...args]) {
  const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (!verb) throw new SetupError(`usage: node scripts/bootstrap.mjs ${Object.keys(VERBS).join('|')} [ARGUMENT…]`);
  if (process.platform !== 'linux') throw new SetupError('Modtrail runs on Linux only');
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new SetupError(`Node ${String(OLDEST_NODE)} or newer is needed; this is ${process.version}`);
  }
  ensureModules();

  const needs = verb.needs?.(args) ?? [];
  if (needs.length > 0) {
    const prepared = spawnSync(NODE, [join(ROOT, 'scripts/prepare.ts'), ...needs], { stdio: ['inherit', 2, 2] });
    if (prepared.status !== 0) process.exit(prepared.status ?? 2);
  }
  handOver(NODE, [join(ROOT, verb.entry), ...args]);
}

/**
 * Runs a command in this process's place: same streams, its signals, its exit code.
 * @param {string} command
 * @param {string[]} args
 */
function handOver(command, args) {
  const child = spawn(command, args, { stdio: 'inherit' });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'])) {
    process.on(signal, () => {
      // A terminal's Ctrl-C reaches the child by itself; passing it on would be a second one.
      if (!(process.stdin.isTTY && (signal === 'SIGINT' || signal === 'SIGQUIT'))) child.kill(signal);
    });
  }
  child.on('error', (error) => {
    fail(`${command} cannot be started: ${error.message}`);
  });
  child.on('exit', (code, signal) => {
    process.exit(code ?? 128 + constants.signals[signal ?? 'SIGTERM']);
  });
}

/** @param {string} message */
function fail(message) {
  process.stderr.write(`modtrail: ${message}\n`);
  process.exit(2);
}

await main(process.argv.slice(2)).catch((/** @type {unknown} */ error) => {
  if (error instanceof SetupError) fail(error.message);
  throw error;
});
