/**
 * `npm run sample [-- --out CAPTURE]`: records samples/sample.modtrail again, by running samples/scenario.sh in a guest.
 * The old sample stays until the new one is whole.
 */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runGuest } from '../test/lab/boot/guest.ts';
import { prepareKernel } from '../test/lab/boot/kernel.ts';
import { buildProgram } from '../test/lab/boot/program.ts';
import { LabError } from '../test/lab/boot/run.ts';
import { cacheFolder, COLLECTOR, ROOT, SAMPLE } from './places.ts';

/** The line of kernels that the sample is recorded on. */
const LINE = '6.1';

/** It is part of the repository. */
const LARGEST = 8_000_000;

async function record(out: string): Promise<void> {
  const say = (text: string): void => void process.stderr.write(`sample: ${text}\n`);
  const kernel = prepareKernel(LINE, join(cacheFolder(), 'kernels'), say);
  const work = mkdtempSync(join(tmpdir(), 'modtrail-sample-'));
  try {
    const loader = buildProgram(join(ROOT, 'test/lab/loader.c'), work);
    say(`recording on ${kernel.release}`);
    const result = await runGuest(
      {
        kernel,
        collector: COLLECTOR,
        scenario: join(ROOT, 'samples/scenario.sh'),
        with: [loader],
        // The bytes of the project's own test modules; of the distribution's only the hashes.
        collectorArgs: '--images-under /home/analyst/build',
        timeoutMs: 600_000,
        memoryMb: 2048,
        append: '',
        work: mkdtempSync(join(work, 'guest-')),
      },
      (bytes) => void process.stderr.write(bytes),
    );
    const capture = result.parts.get('capture');
    if (!result.finished || !capture) {
      throw new LabError(`the sample is not finished: ${result.problem ?? 'unknown reason'}`);
    }
    if (capture.length > LARGEST)
      throw new LabError(`the sample has ${String(capture.length)} bytes, which is too many`);
    const growing = `${out}.${String(process.pid)}.part`;
    writeFileSync(growing, capture);
    renameSync(growing, out);
    process.stdout.write(`${out}\n`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

try {
  const { values } = parseArgs({ options: { out: { type: 'string', default: SAMPLE } } });
  await record(values.out);
} catch (error) {
  const usage = error instanceof TypeError && 'code' in error;
  if (!(error instanceof LabError) && !usage) throw error;
  process.stderr.write(`sample: ${error.message}\n`);
  process.exitCode = usage ? 2 : 1;
}
