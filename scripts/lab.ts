/**
 * `npm run -s lab -- --kernel 6.1 --scenario SCRIPT [--with PATH]… --out CAPTURE`: boots a Debian kernel in QEMU with
 * the collector, runs the script in the guest and brings the capture out. Exit code 0 only if the capture is finished,
 * 1 if it is not, 2 for wrong usage.
 */
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeDisk } from '../test/lab/boot/disk.ts';
import { runGuest } from '../test/lab/boot/guest.ts';
import { prepareKernel } from '../test/lab/boot/kernel.ts';
import { LabError, run } from '../test/lab/boot/run.ts';
import { cacheFolder, COLLECTOR } from './places.ts';

const USAGE = `usage: npm run -s lab -- --kernel LINE --scenario SCRIPT --out CAPTURE [options]

  --kernel LINE           a line of Debian kernels: 5.10, 6.1, 6.12, 7.3
  --scenario SCRIPT       a shell script, run in the guest as root
  --out CAPTURE           where the capture goes; must not exist yet
  --with PATH             a file or folder that appears in the guest under /with (may be repeated)
  --out-dir FOLDER        where files go that the scenario leaves in /out
  --force                 replace CAPTURE if it exists
  --timeout SECONDS       longest time for the guest (default 300)
  --disk FILE             a disk of the guest, mounted at /disk, which FILE outlives: made if it is not there, with 1 GB
                          of ext4. The capture is written to it, and read from it however the guest ended
  --memory MB             the guest's memory (default 2048)
  --collector PATH        another collector than the one built here
  --collector-args TEXT   more options for the collector
  --append TEXT           more options for the kernel
  --keep                  keep the run's working folder
`;

interface Request {
  kernel: string;
  scenario: string;
  out: string;
  with: string[];
  outDir: string | undefined;
  timeoutMs: number;
  memoryMb: number;
  collector: string;
  collectorArgs: string;
  append: string;
  disk: string | undefined;
  keep: boolean;
}

class UsageError extends Error {}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new UsageError(`--${name} takes a number above 0, not '${text}'`);
  return value;
}

function readRequest(args: string[]): Request {
  let values;
  try {
    ({ values } = parseArgs({
      args,
      options: {
        kernel: { type: 'string' },
        scenario: { type: 'string' },
        out: { type: 'string' },
        with: { type: 'string', multiple: true, default: [] },
        'out-dir': { type: 'string' },
        force: { type: 'boolean', default: false },
        timeout: { type: 'string', default: '300' },
        memory: { type: 'string', default: '2048' },
        collector: { type: 'string', default: COLLECTOR },
        'collector-args': { type: 'string', default: '' },
        disk: { type: 'string' },
        append: { type: 'string', default: '' },
        keep: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const { kernel, scenario, out } = values;
  if (!kernel || !scenario || !out) throw new UsageError('--kernel, --scenario and --out are needed');
  for (const path of [scenario, ...values.with]) if (!existsSync(path)) throw new UsageError(`${path} does not exist`);
  if (!statSync(scenario).isFile()) throw new UsageError(`${scenario} is not a file`);
  if (existsSync(out) && !values.force) throw new UsageError(`${out} exists already; --force replaces it`);
  if (!existsSync(values.collector)) {
    throw new LabError(`the collector is missing (${values.collector}): npm run build makes it`);
  }
  return {
    kernel,
    scenario,
    out,
    with: values.with,
    outDir: values['out-dir'],
    timeoutMs: positive('timeout', values.timeout) * 1000,
    memoryMb: positive('memory', values.memory),
    collector: values.collector,
    collectorArgs: values['collector-args'],
    append: values.append,
    disk: values.disk,
    keep: values.keep,
  };
}

/** A file appears whole or not at all. */
function place(path: string, bytes: Buffer): void {
  mkdirSync(dirname(resolve(path)), { recursive: true });
  const growing = `${path}.${String(process.pid)}.part`;
  writeFileSync(growing, bytes);
  renameSync(growing, path);
}

async function main(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  const request = readRequest(args);
  const say = (text: string): void => void process.stderr.write(`lab: ${text}\n`);
  const kernel = prepareKernel(request.kernel, join(cacheFolder(), 'kernels'), say);
  const work = mkdtempSync(join(tmpdir(), 'modtrail-lab-'));
  try {
    if (request.disk && !existsSync(request.disk)) makeDisk(request.disk);
    say(`booting ${kernel.release}`);
    const result = await runGuest({ ...request, kernel, work }, (bytes) => void process.stderr.write(bytes));
    for (const [part, suffix] of [
      ['capture', ''],
      ['capture-wal', '-wal'],
    ] as const) {
      const bytes = result.parts.get(part);
      if (bytes) place(`${request.out}${suffix}`, bytes);
    }
    const left = result.parts.get('out');
    if (request.outDir && left) {
      mkdirSync(request.outDir, { recursive: true });
      place(join(work, 'out.tar'), left);
      run('tar', ['-xf', join(work, 'out.tar'), '--no-same-owner', '-C', request.outDir]);
    }
    if (!result.finished) {
      say(`the capture is not finished: ${result.problem ?? 'unknown reason'}`);
      return 1;
    }
    process.stdout.write(`${request.out}\n`);
    return 0;
  } finally {
    if (request.keep) say(`kept ${work}`);
    else rmSync(work, { recursive: true, force: true });
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof LabError || error instanceof UsageError)) throw error;
  process.stderr.write(`lab: ${error.message}\n`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
