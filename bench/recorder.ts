/**
 * `npm run -s bench -- recorder [--kernel 6.1] [--out FILE]`: what recording costs, beside the tools that people watch
 * module loads with today. All run in one guest, one after the other, round by round. Guests are emulated, so that only
 * ratios mean something. docs/performance.md tells what was measured.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder, COLLECTOR } from '../scripts/places.ts';
import { runGuest } from '../test/lab/boot/guest.ts';
import { packFolder } from '../test/lab/boot/archive.ts';
import { prepareKernel, type Kernel } from '../test/lab/boot/kernel.ts';
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

/** The two modules that are loaded, instead of all of the kernel's: a guest with fewer files starts sooner. */
function twoModules(kernel: Kernel, work: string): string {
  const tree = join(dirname(kernel.image), 'tree');
  const files = run('find', [tree, '-name', '*.ko', '-printf', '%s %p\n'])
    .split('\n')
    .filter(Boolean)
    .sort((a, b) => Number(b.split(' ')[0]) - Number(a.split(' ')[0]))
    .map((line) => line.slice(line.indexOf(' ') + 1));
  const dummy = files.find((file) => basename(file) === 'dummy.ko');
  const largest = files[0];
  if (!dummy || !largest) throw new LabError(`${kernel.release} has no uncompressed modules: use 5.10 or 6.1`);
  const folder = join(work, 'modules');
  mkdirSync(join(folder, 'lib/modules'), { recursive: true });
  for (const file of [dummy, largest]) copyFileSync(file, join(folder, 'lib/modules', basename(file)));
  packFolder(folder, join(work, 'modules.cpio'));
  return join(work, 'modules.cpio');
}

async function measure(): Promise<void> {
  const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);
  const work = mkdtempSync(join(tmpdir(), 'modtrail-bench-'));
  try {
    const kernel = prepareKernel(values.kernel, join(cacheFolder(), 'kernels'), say);
    const peers = preparePeers(join(cacheFolder(), 'peers'), say);
    writeFileSync(join(work, 'bench.env'), environment());
    say(`measuring on ${kernel.release}; this takes half an hour`);
    const guest = await runGuest(
      {
        kernel: { ...kernel, modulesArchive: twoModules(kernel, work) },
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
