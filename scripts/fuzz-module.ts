/**
 * `node scripts/fuzz-module.ts [--runs N] [--seed N] [--stored] [--certificates PATH] MODULE…`: changes modules and has
 * everything that reads modules read them: the inspector, the disassembler, the comparison, the window's lists. Without
 * --stored they are changed where their structure is; with it, the files are cut and bits flipped as they lie there,
 * packed or not. Prints each run that threw, took over a second, said nothing of a part, or grew beyond 512 MB, with the
 * seed that repeats it: `--seed N --runs 1` and the same modules.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openImage, type ModuleImage } from '#core/module/image.ts';
import { readCertificates } from '#core/module/signature/certificates.ts';
import { damage, Seed } from './corpus/mutate.ts';
import { tryImage, tryStored, type Depth, type Tried } from './corpus/try-image.ts';
import { startWatch } from './corpus/watch.ts';

const MOST_MEGABYTES = 512;

/** As the process that the window has for modules: otherwise Node keeps 130 MB for what is young alone. */
const FLAG = '--max-semi-space-size=2';
if (!process.execArgv.includes(FLAG)) {
  const { status } = spawnSync(process.execPath, [FLAG, ...process.argv.slice(1)], { stdio: 'inherit' });
  process.exit(status ?? 1);
}

const { values, positionals } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    stored: { type: 'boolean', default: false },
    certificates: { type: 'string' },
  },
  allowPositionals: true,
});
if (positionals.length === 0) {
  process.stderr.write(
    'usage: node scripts/fuzz-module.ts [--runs N] [--seed N] [--stored] [--certificates PATH] MODULE…\n',
  );
  process.exit(2);
}
const certificates = values.certificates === undefined ? [] : await readCertificates([values.certificates]);

/** What reads code, compares and lists takes longer than the parts: every eighth run, or every one of files. */
const depthOf = (seed: number, whole: ModuleImage): Depth => ({
  certificates,
  original: whole,
  code: values.stored || seed % 8 < 2,
  rows: values.stored || seed % 8 === 2,
  diff: values.stored || seed % 8 === 3,
});

/** Small images stay in memory; of files, only the one that is being changed. */
const seeds: { readonly seed: Seed; readonly whole: ModuleImage }[] = [];
if (!values.stored) {
  for (const path of positionals) {
    const whole = await openImage(readFileSync(path));
    seeds.push({ seed: new Seed(whole.data), whole });
  }
}

async function run(seed: number): Promise<Tried> {
  const index = seed % positionals.length;
  const small = seeds[index];
  if (small) return tryImage(small.seed.change(seed), depthOf(seed, small.whole));
  const stored = readFileSync(positionals[index] ?? '');
  return tryStored(damage(stored, seed), depthOf(seed, await openImage(stored)));
}

const memory = (): number => process.resourceUsage().maxRSS / 1024;
const first = Number(values.seed);
const runs = Number(values.runs);
const watch = startWatch();
let bad = 0;
let slowest = 0;
let large = false;
const start = performance.now();
for (let seed = first; seed < first + runs; seed++) {
  watch(seed);
  const { complaint, milliseconds } = await run(seed);
  slowest = Math.max(slowest, milliseconds);
  const told = [...(complaint === undefined ? [] : [complaint])];
  if (!large && memory() > MOST_MEGABYTES) {
    large = true;
    told.push(`memory is ${memory().toFixed(0)} MB`);
  }
  for (const text of told)
    console.log(`seed ${String(seed)} of ${positionals[seed % positionals.length] ?? ''}: ${text}`);
  if (told.length > 0) bad++;
}
watch(null);
const seconds = (performance.now() - start) / 1000;
console.log(
  `${String(runs)} runs from seed ${String(first)} in ${seconds.toFixed(1)} s, ${String(bad)} bad, ` +
    `slowest ${slowest.toFixed(0)} ms, ${memory().toFixed(0)} MB at most`,
);
if (bad > 0) process.exitCode = 1;
