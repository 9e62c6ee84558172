/** `modtrail capture`: runs the collector, as root directly, otherwise through sudo or pkexec. */
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { exitCode, findTrustedCollector, spawnPassing } from './collector.ts';
import { StopLine } from './stop-line.ts';
import { CommandFailure } from '../output.ts';

/** A program and its arguments. */
type Words = readonly [string, ...string[]];

function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** The command that gets root: sudo where a person can type, pkexec on a desktop. */
function elevation(): Words {
  if (onPath('sudo')) return ['sudo', '--'];
  if (onPath('pkexec')) return ['pkexec'];
  throw new CommandFailure('recording needs root, and neither sudo nor pkexec is installed: run this command as root');
}

/** As the command line gives them, paths absolute; what is absent is the collector's default. */
export interface CaptureOptions {
  readonly out: string;
  readonly duration?: number;
  readonly images: boolean;
  readonly imagesUnder?: string;
  readonly imageLimit?: number;
  readonly scanInterval?: number;
  readonly maxSize?: number;
  readonly rotate?: true;
  readonly signKey?: string;
  readonly attach?: string;
  readonly ring?: number;
  readonly imageRing?: number;
}

/** The collector's words for them. */
function wordsFor(options: CaptureOptions): string[] {
  const values: readonly (readonly [string, string | number | undefined])[] = [
    ['--out', options.out],
    ['--duration', options.duration],
    ['--images-under', options.imagesUnder],
    ['--image-limit', options.imageLimit],
    ['--scan-interval', options.scanInterval],
    ['--max-size', options.maxSize],
    ['--sign-key', options.signKey],
    ['--attach', options.attach],
    ['--ring', options.ring],
    ['--image-ring', options.imageRing],
  ];
  const words = values.flatMap(([name, value]) => (value === undefined ? [] : [name, String(value)]));
  return [...words, ...(options.images ? [] : ['--no-images']), ...(options.rotate ? ['--rotate'] : [])];
}

function refuseClashes({ images, imagesUnder, rotate, maxSize }: CaptureOptions): void {
  if (!images && imagesUnder !== undefined)
    throw new CommandFailure('--no-images and --images-under exclude each other');
  if (rotate && maxSize === undefined) throw new CommandFailure('--rotate needs --max-size');
}

/** Resolves to the collector's exit code. Whatever ends this process, no recorder goes on without it. */
export async function capture(options: CaptureOptions): Promise<number> {
  refuseClashes(options);
  const words: Words = [await findTrustedCollector(), ...wordsFor(options)];
  if (process.getuid?.() === 0) return await runDirectly(words);
  const line = await StopLine.listen();
  try {
    return await runElevated(words, line);
  } finally {
    line.close();
  }
}

/** As root. */
async function runDirectly(words: Words): Promise<number> {
  return await exitCode(spawnPassing(words, 'inherit'), words[0]);
}

/** For a user, to whom the capture will belong. */
async function runElevated(words: Words, line: StopLine): Promise<number> {
  const user = `${String(process.getuid?.())}:${String(process.getgid?.())}`;
  const [program, ...before] = elevation();
  const all: Words = [program, ...before, ...words, '--user', user, '--control', line.path];
  return await new Promise<number>((leave, fail) => {
    const child = spawnPassing(all, 'inherit', (asking, signal) => {
      if (line.stop()) return;
      // Rights are still being asked for: whoever grants them now starts nothing.
      asking.unref();
      leave(128 + constants.signals[signal]);
    });
    exitCode(child, program).then(leave, fail);
  });
}
