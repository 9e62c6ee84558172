/**
 * How long the inspector takes over all modules of a kernel, beside the tools that it takes the place of, each on one
 * core in the same run; and over the largest module alone: first facts, all facts, memory.
 *
 * `npm run -s bench -- inspect [FOLDER] [--each] [--rounds 1]`; without a folder, the modules of the newest 6.1 kernel that
 * the lab has fetched. Each tool gets all files at once, in one process; with --each the tools of others run once for each
 * file as well, as a loop in a shell runs them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildBundles } from '../scripts/build.ts';
import { modulesUnder } from '../scripts/corpus/modules.ts';
import { cacheFolders, ROOT } from '../scripts/places.ts';

interface Took {
  /** By the clock. */
  readonly wall: number;
  /** Of the processor: what other work on the machine does not change much. */
  readonly processor: number;
}

/** Room for the names of all modules of a kernel in one command line; xargs would split them into four. */
const COMMAND_LINE = '1500000';

/** Seconds of a shell command on one core; `paths` go to it through xargs. */
function measure(command: string, paths: readonly string[]): Took {
  const start = performance.now();
  const timed = `times_of() { ${command} > /dev/null 2>&1; }; times_of "$@"; times`;
  const ran = spawnSync('taskset', ['-c', '0', 'xargs', '-0', '-s', COMMAND_LINE, 'bash', '-c', timed, 'bash'], {
    input: paths.join('\0'),
    encoding: 'utf8',
  });
  if (ran.error) throw ran.error;
  const wall = (performance.now() - start) / 1000;
  // Two numbers a line, "0m1.234s"; every second line is that of the children, once for each run of xargs.
  const lines = ran.stdout
    .trim()
    .split('\n')
    .filter((_, index) => index % 2 === 1);
  const numbers = lines.flatMap((line) => [...line.matchAll(/(\d+)m([\d.]+)s/g)]);
  const processor = numbers.reduce((sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds), 0);
  return { wall, processor };
}

const both = ({ wall, processor }: Took): string =>
  `${wall.toFixed(1).padStart(6)} s, ${processor.toFixed(1).padStart(6)} s of the processor`;

function newestKernel(): string | undefined {
  return cacheFolders()
    .map((folder) => join(folder, 'kernels'))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name, 'tree')))
    .filter((tree) => /\/6\.1\.[^/]*-amd64\/tree$/.test(tree) && existsSync(tree))
    .toSorted()
    .at(-1);
}

const { values, positionals } = parseArgs({
  options: { each: { type: 'boolean', default: false }, rounds: { type: 'string', default: '1' } },
  allowPositionals: true,
});
const folder = positionals[0] ?? newestKernel();
if (folder === undefined) {
  process.stderr.write('no kernel is there; `npm run lab` fetches one, or name a folder with modules\n');
  process.exit(2);
}
const paths = modulesUnder(folder);
const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
console.log(`${folder}: ${String(paths.length)} modules, ${(bytes / 1e6).toFixed(0)} MB`);

// Once beforehand, so that nobody pays for the disk.
measure('cat "$@"', paths);
const TOOLS = ['readelf -aW', 'modinfo', 'strings -n 6', 'sha256sum'];
// As it is installed: one file, without types to be taken out of it at each start.
await buildBundles(['cli']);
const cli = join(ROOT, 'dist/cli/main.js');

/** All tools of others one after the other, and together. */
function others(form: (tool: string) => string): Took {
  let together: Took = { wall: 0, processor: 0 };
  for (const tool of TOOLS) {
    const took = measure(form(tool), paths);
    console.log(`${tool.padEnd(16)} ${both(took)}`);
    together = { wall: together.wall + took.wall, processor: together.processor + took.processor };
  }
  console.log(`${'together'.padEnd(16)} ${both(together)}`);
  return together;
}

const told = (ours: Took, theirs: Took): string =>
  `${(ours.wall / theirs.wall).toFixed(2)} and ${(ours.processor / theirs.processor).toFixed(2)} of that`;

for (let round = 1; round <= Number(values.rounds); round += 1) {
  const theirs = others((tool) => `${tool} "$@"`);
  for (const form of ['', ' --json']) {
    const took = measure(`"${process.execPath}" "${cli}" inspect${form} "$@"`, paths);
    console.log(`${`inspect${form}`.padEnd(16)} ${both(took)}: ${told(took, theirs)}`);
  }
}
if (values.each) {
  console.log('once for each file:');
  others((tool) => `for file in "$@"; do ${tool} "$file"; done`);
}

const largest = paths.toSorted((a, b) => statSync(b).size - statSync(a).size)[0] ?? '';
const one = spawnSync(process.execPath, [join(import.meta.dirname, 'inspect-one.ts'), largest], { encoding: 'utf8' });
process.stdout.write(one.stdout);
