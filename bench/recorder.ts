/**
 * `npm run -s bench -- recorder [--kernel 6.1] [--out FILE]`: what recording costs, beside the tools that people watch
 * module loads with today. All run in one guest, one after the other, round by round. Guests are emulated, so that only
 * ratios mean something. docs/performance.md tells what was measured.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder, COLLECTOR } from '../scripts/places.ts';
import { runGuest } from '../test/lab/boot/guest.ts';
import { withFewModules } from '../test/lab/boot/few-modules.ts';
import { prepareKernel } from '../test/lab/boot/kernel.ts';
import { buildProgram } from '../test/lab/boot/program.ts';
import { LabError, run } from '../test/lab/boot/run.ts';
import { preparePeers, versions } from './recorder/peers.ts';
import { readResults, rowsOf, TOOLS } from './recorder/results.ts';
import { tableOf } from './recorder/table.ts';

const SOURCES = join(import.meta.dirname, 'recorder');

const { values } = parseArgs({
  options: {
    kernel: { type: 'string', default: '6.1' },
    out: { type: 'string' },
    tools: { type: 'string', default: TOOLS.join(' ') },
    rounds: { type: 'string', default: '5' },
    'large-rounds': { type: 'string', default: '3' },
    getppid: { type: 'string', default: '200000' },
    loads: { type: 'string', default: '7' },
    idle: { type: 'string', default: '60' },
    flood: { type: 'string', default: '20' },
    distinct: { type: 'string', default: '20000' },
    logs: { type: 'string' },
  },
});

function environment(): string {
  const names = ['tools', 'rounds', 'large-rounds', 'getppid', 'loads', 'idle', 'flood', 'distinct'] as const;
  return names.map((name) => `${name.replace('-', '_').toUpperCase()}='${values[name]}'\n`).join('');
}

async function measure(): Promise<void> {
  const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);
  const work = mkdtempSync(join(tmpdir(), 'modtrail-bench-'));
  try {
    // What loads are timed with does not decompress.
    if (!['5.10', '6.1'].includes(values.kernel)) throw new LabError('only 5.10 and 6.1 have uncompressed modules');
    const cache = join(cacheFolder(), 'kernels');
    // The largest module comes with them.
    const kernel = withFewModules(prepareKernel(values.kernel, cache, say), ['dummy'], cache);
    const peers = preparePeers(join(cacheFolder(), 'peers'), say);
    writeFileSync(join(work, 'bench.env'), environment());
    say(`measuring on ${kernel.release}; this takes half an hour`);
    const guest = await runGuest(
      {
        kernel,
        collector: COLLECTOR,
        scenario: join(SOURCES, 'guest.sh'),
        with: [peers, buildProgram(join(SOURCES, 'load.c'), work), join(work, 'bench.env'), join(SOURCES, 'watch.bt')],
        collectorArgs: '',
        timeoutMs: 2 * 3600_000,
        memoryMb: 4096,
        append: 'no_timer_check',
        disk: undefined,
        work: mkdtempSync(join(work, 'guest-')),
      },
      (bytes) => void process.stderr.write(bytes),
    );
    const left = guest.parts.get('out');
    if (!left) throw new LabError(guest.problem ?? 'the guest left no results');
    writeFileSync(join(work, 'out.tar'), left);
    run('tar', ['-xf', join(work, 'out.tar'), '--no-same-owner', '-C', work]);
    if (values.logs) run('cp', ['-r', `${work}/.`, values.logs]);
    const measured = readResults(readFileSync(join(work, 'results'), 'utf8'));
    const settings = { idle: Number(values.idle), flood: Number(values.flood), distinct: Number(values.distinct) };
    const rows = rowsOf(measured, settings);
    process.stdout.write(tableOf(rows));
    const told = {
      measured: new Date().toISOString(),
      kernel: kernel.release,
      machine: `${String(cpus().length)} cores, ${cpus()[0]?.model ?? 'unknown'}; guest emulated`,
      versions: versions(),
      settings: values,
      rows,
      numbers: Object.fromEntries([...measured].map(([tool, numbers]) => [tool, Object.fromEntries(numbers)])),
    };
    if (values.out) writeFileSync(values.out, `${JSON.stringify(told, undefined, 2)}\n`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

try {
  await measure();
} catch (error) {
  if (!(error instanceof LabError)) throw error;
  process.stderr.write(`bench: ${error.message}\n`);
  process.exitCode = 1;
}
