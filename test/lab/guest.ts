/** A guest for tests: boots, runs a script, and leaves what came out in a folder. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGuest } from './boot/guest.ts';
import { prepareKernel } from './boot/kernel.ts';
import { buildProgram } from './boot/program.ts';
import { run } from './boot/run.ts';
import { cacheFolder, COLLECTOR, ROOT } from '../../scripts/places.ts';

export interface Outcome {
  /** Path of the capture. */
  readonly capture: string;
  /** Folder with what the script left in /out. */
  readonly out: string;
  readonly console: string;
}

/** C sources whose programs guests get: the caller of odd arguments, and the loader of modules. */
const PROGRAMS = ['test/native/caller.c', 'test/lab/loader.c'];

/**
 * Runs a script of test/lab in a guest of a kernel line. The caller removes the folder above `out`.
 * @throws when the capture was not finished
 */
export async function inGuest(line: string, script: string, collectorArgs = ''): Promise<Outcome> {
  const work = mkdtempSync(join(tmpdir(), 'modtrail-lab-test-'));
  const [guest, out] = [join(work, 'guest'), join(work, 'out')];
  mkdirSync(guest);
  mkdirSync(out);
  let text = '';
  const result = await runGuest(
    {
      kernel: prepareKernel(line, join(cacheFolder(), 'kernels'), () => undefined),
      collector: COLLECTOR,
      scenario: join(import.meta.dirname, script),
      with: PROGRAMS.map((source) => buildProgram(join(ROOT, source), work)),
      collectorArgs,
      timeoutMs: 240_000,
      memoryMb: 2048,
      append: '',
      work: guest,
    },
    (bytes) => (text += bytes.toString('latin1')),
  );
  const capture = result.parts.get('capture');
  const left = result.parts.get('out');
  if (!result.finished || !capture) throw new Error(`${result.problem ?? 'the capture is not finished'}\n${text}`);
  writeFileSync(join(work, 'capture.modtrail'), capture);
  if (left) {
    writeFileSync(join(work, 'out.tar'), left);
    run('tar', ['-xf', join(work, 'out.tar'), '--no-same-owner', '-C', out]);
  }
  return { capture: join(work, 'capture.modtrail'), out, console: text };
}
