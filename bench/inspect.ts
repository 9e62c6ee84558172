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

/** Seconds of a shell command on one core; `paths` go to it through xargs. */
function seconds(command: string, paths: readonly string[]): number {
  const start = performance.now();
  const ran = spawnSync('taskset', ['-c', '0', 'xargs', '-0', 'sh', '-c', `${command} > /dev/null 2>&1`, 'sh'], {
    input: paths.join('\0'),
  });
  if (ran.error) throw ran.error;
  return (performance.now() - start) / 1000;
}

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
seconds('cat "$@"', paths);
const peers = ['readelf -aW', 'modinfo', 'strings -n 6', 'sha256sum'].map((command) => {
  const took = seconds(`${command} "$@"`, paths);
  console.log(`${command.padEnd(14)} ${took.toFixed(1)} s`);
  return took;
});
const theirs = peers.reduce((sum, one) => sum + one, 0);
const cli = join(ROOT, 'cli/main.ts');
const ours = seconds(`"${process.execPath}" "${cli}" inspect --json "$@"`, paths);
console.log(
  `${'inspect'.padEnd(14)} ${ours.toFixed(1)} s, ${(ours / theirs).toFixed(2)} of the ${theirs.toFixed(1)} s that the others take together`,
);

const largest = paths.toSorted((a, b) => statSync(b).size - statSync(a).size)[0] ?? '';
const one = spawnSync(process.execPath, [join(import.meta.dirname, 'inspect-one.ts'), largest], { encoding: 'utf8' });
process.stdout.write(one.stdout);
