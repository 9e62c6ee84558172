/**
 * `node scripts/fuzz-module.ts [--runs N] [--seed N] MODULE…`: changes modules where their structure is and has the
 * inspector read them. Prints the seed of each run that threw, took over a second, or grew beyond 512 MB.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openImage } from '#core/module/image.ts';
import { Seed } from './corpus/mutate.ts';
import { tryImage } from './corpus/try-image.ts';

const { values, positionals } = parseArgs({
  options: { runs: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
  allowPositionals: true,
});
if (positionals.length === 0) {
  process.stderr.write('usage: node scripts/fuzz-module.ts [--runs N] [--seed N] MODULE…\n');
  process.exit(2);
}
const seeds: Seed[] = [];
for (const path of positionals) seeds.push(new Seed((await openImage(readFileSync(path))).data));
const first = Number(values.seed);
const runs = Number(values.runs);
let bad = 0;
let slowest = 0;
const start = performance.now();
for (let seed = first; seed < first + runs; seed++) {
  const base = seeds[seed % seeds.length];
  if (!base) break;
  const { complaint, milliseconds } = tryImage(base.change(seed));
  slowest = Math.max(slowest, milliseconds);
  if (complaint === undefined) continue;
  bad++;
  console.log(`seed ${String(seed)} of ${positionals[seed % seeds.length] ?? ''}: ${complaint}`);
}
const seconds = (performance.now() - start) / 1000;
const memory = process.resourceUsage().maxRSS / 1024;
console.log(
  `${String(runs)} runs in ${seconds.toFixed(1)} s, ${String(bad)} bad, slowest ${slowest.toFixed(0)} ms, ${memory.toFixed(0)} MB at most`,
);
if (bad > 0 || memory > 512) process.exitCode = 1;
