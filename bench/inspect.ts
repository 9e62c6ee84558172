/**
 * How long the inspector takes over all modules of a kernel, beside the tools that it takes the place of, each on one
 * core in the same run; and over the largest module alone: first facts, all facts, memory.
 *
 * `npm run -s bench -- inspect [FOLDER]`; without a folder, the modules of the newest 6.1 kernel that the lab has fetched.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { modulesUnder } from '../scripts/corpus/modules.ts';
import { cacheFolders, ROOT } from '../scripts/places.ts';

interface Took {
  /** By the clock. */
  readonly wall: number;
  /** Of the processor: what other work on the machine does not change much. */
  readonly processor: number;
}

/** Seconds of a shell command on one core; `paths` go to it through xargs. */
function measure(command: string, paths: readonly string[]): Took {
  const start = performance.now();
  const timed = `times_of() { ${command} > /dev/null 2>&1; }; times_of "$@"; times`;
  const ran = spawnSync('taskset', ['-c', '0', 'xargs', '-0', 'bash', '-c', timed, 'bash'], {
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

const folder = process.argv[2] ?? newestKernel();
if (folder === undefined) {
  process.stderr.write('no kernel is there; `npm run lab` fetches one, or name a folder with modules\n');
  process.exit(2);
}
const paths = modulesUnder(folder);
const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0);
console.log(`${folder}: ${String(paths.length)} modules, ${(bytes / 1e6).toFixed(0)} MB`);

// Once beforehand, so that nobody pays for the disk.
measure('cat "$@"', paths);
const theirs = ['readelf -aW', 'modinfo', 'strings -n 6', 'sha256sum'].reduce<Took>(
  (sum, command) => {
    const took = measure(`${command} "$@"`, paths);
    console.log(`${command.padEnd(16)} ${both(took)}`);
    return { wall: sum.wall + took.wall, processor: sum.processor + took.processor };
  },
  { wall: 0, processor: 0 },
);
console.log(`${'together'.padEnd(16)} ${both(theirs)}`);
const cli = join(ROOT, 'cli/main.ts');
for (const form of ['', ' --json']) {
  const took = measure(`"${process.execPath}" "${cli}" inspect${form} "$@"`, paths);
  const ratios = [took.wall / theirs.wall, took.processor / theirs.processor]
    .map((one) => one.toFixed(2))
    .join(' and ');
  console.log(`${`inspect${form}`.padEnd(16)} ${both(took)}: ${ratios} of that`);
}

const largest = paths.toSorted((a, b) => statSync(b).size - statSync(a).size)[0] ?? '';
const one = spawnSync(process.execPath, [join(import.meta.dirname, 'inspect-one.ts'), largest], { encoding: 'utf8' });
process.stdout.write(one.stdout);
