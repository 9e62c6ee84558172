/** A guest for tests: boots, runs a script, and leaves what came out in a folder. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeDisk } from './boot/disk.ts';
import { withFewModules } from './boot/few-modules.ts';
import { runGuest } from './boot/guest.ts';
import { prepareKernel } from './boot/kernel.ts';
import { buildProgram } from './boot/program.ts';
import { run } from './boot/run.ts';
import { unpacked } from './boot/unpacked.ts';
import { cacheFolder, COLLECTOR, ROOT } from '../../scripts/places.ts';

export interface Outcome {
  /** Path of the capture; its journal, where there is one, lies beside it. */
  readonly capture: string;
  /** Folder with what the script left in /out. */
  readonly out: string;
  readonly console: string;
}

/** MODTRAIL_COLLECTOR=FILE runs the lab with another build: the one with sanitizers (make -C native dev), for all of it. */
const SHIPPED = process.env['MODTRAIL_COLLECTOR'] ?? COLLECTOR;

/** MODTRAIL_PATIENCE=N gives guests N times as long: a machine that does much else has little for an emulated one. */
export const PATIENCE = Number(process.env['MODTRAIL_PATIENCE'] ?? 1);

/** C sources whose programs guests get. */
const PROGRAMS = ['test/native/caller.c', 'test/lab/loader.c', 'test/lab/flood.c', 'test/native/confined.c'];

/** The kernel's own modules that the scripts and the guest's init load, with ext4's checksum, which it asks for by alias. */
const MODULES = ['dummy', 'bridge', 'overlay', 'virtio_pci', 'virtio_blk', 'ext4', 'crc32c_generic'];

export interface Wishes {
  /** Capture and /out lie on a disk that outlives the guest. */
  readonly disk?: boolean;
  /** The guest need not end well; whoever asks for this looks at what is left. */
  readonly unfinished?: boolean;
  readonly timeoutMs?: number;
  readonly memoryMb?: number;
  /** Another collector than the one that the lab runs. */
  readonly collector?: string;
  /** A unix socket to make: the other end of the guest's third serial port. */
  readonly line?: string;
  /** Takes what the guest's console says, as it comes. */
  readonly heard?: (bytes: Buffer) => void;
  /** Files and folders that appear under /with besides the programs. */
  readonly with?: readonly string[];
}

/** What scenarios read that stream; they get it with `with`. */
export const STREAMING = join(import.meta.dirname, 'streaming.sh');

/**
 * Runs a script of test/lab in a guest of a kernel line. The caller removes the folder above `out`.
 * @throws when the capture was not finished
 */
export async function inGuest(line: string, script: string, collectorArgs = '', wishes: Wishes = {}): Promise<Outcome> {
  const work = mkdtempSync(join(tmpdir(), 'modtrail-lab-test-'));
  const [guest, out, disk] = [join(work, 'guest'), join(work, 'out'), join(work, 'disk')];
  mkdirSync(guest);
  mkdirSync(out);
  if (wishes.disk) makeDisk(disk);
  let text = '';
  const cache = join(cacheFolder(), 'kernels');
  const kernel = prepareKernel(line, cache, () => undefined);
  const result = await runGuest(
    {
      kernel: await unpacked(withFewModules(kernel, MODULES, cache), cache),
      collector: wishes.collector ?? SHIPPED,
      scenario: join(import.meta.dirname, script),
      with: [...PROGRAMS.map((source) => buildProgram(join(ROOT, source), work)), ...(wishes.with ?? [])],
      collectorArgs,
      timeoutMs: (wishes.timeoutMs ?? 240_000) * PATIENCE,
      memoryMb: wishes.memoryMb ?? 2048,
      append: '',
      disk: wishes.disk ? disk : undefined,
      line: wishes.line,
      work: guest,
    },
    (bytes) => {
      text += bytes.toString('latin1');
      wishes.heard?.(bytes);
    },
  );
  const capture = result.parts.get('capture');
  const journal = result.parts.get('capture-wal');
  const left = result.parts.get('out');
  if (!capture || !(result.finished || wishes.unfinished)) {
    rmSync(work, { recursive: true });
    throw new Error(`${result.problem ?? 'the capture is not finished'}\n${text}`);
  }
  writeFileSync(join(work, 'capture.modtrail'), capture);
  if (journal) writeFileSync(join(work, 'capture.modtrail-wal'), journal);
  if (left) {
    writeFileSync(join(work, 'out.tar'), left);
    run('tar', ['-xf', join(work, 'out.tar'), '--no-same-owner', '-C', out]);
  }
  rmSync(guest, { recursive: true });
  return { capture: join(work, 'capture.modtrail'), out, console: text };
}
