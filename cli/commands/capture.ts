/** `modtrail capture`: runs the collector, as root directly, otherwise through sudo or pkexec. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { CommandFailure } from '../output.ts';

function findCollector(): string {
  const own = process.env['MODTRAIL_COLLECTOR'];
  // Two folders up is the checkout's root, from cli/commands and from the bundle in dist/cli alike.
  const root = join(import.meta.dirname, '../..');
  const path = own ?? join(root, 'dist/collector/modtrail-collector');
  if (existsSync(path)) return resolve(path);
  throw new CommandFailure(
    `the collector is missing (${path}); npm run build makes it, and MODTRAIL_COLLECTOR names another one`,
  );
}

function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** The command that gets root: nothing when already root, sudo where a person can type, pkexec on a desktop. */
function elevation(): string[] {
  if (process.getuid?.() === 0) return [];
  if (onPath('sudo')) return ['sudo', '--'];
  if (onPath('pkexec')) return ['pkexec'];
  throw new CommandFailure('recording needs root, and neither sudo nor pkexec is installed: run this command as root');
}

/** As the command line gives them; what is absent is the collector's default. */
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

/** The collector's words for them. Another program's folder may be another one: paths are passed on absolute. */
function wordsFor(options: CaptureOptions): string[] {
  const values: readonly (readonly [string, string | number | undefined])[] = [
    ['--out', resolve(options.out)],
    ['--duration', options.duration],
    ['--images-under', options.imagesUnder === undefined ? undefined : resolve(options.imagesUnder)],
    ['--image-limit', options.imageLimit],
    ['--scan-interval', options.scanInterval],
    ['--max-size', options.maxSize],
    ['--sign-key', options.signKey === undefined ? undefined : resolve(options.signKey)],
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

/** Resolves to the collector's exit code. */
export function capture(options: CaptureOptions): Promise<number> {
  refuseClashes(options);
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  const words = [
    ...elevation(),
    findCollector(),
    ...wordsFor(options),
    ...(uid === 0 ? [] : ['--user', `${String(uid)}:${String(gid)}`]),
  ];
  const [command = '', ...args] = words;
  const child = spawn(command, args, { stdio: 'inherit' });
  // A terminal's Ctrl-C reaches the child by itself; other senders only know this process.
  const pass = (signal: NodeJS.Signals) => () => {
    if (!process.stdin.isTTY) child.kill(signal);
  };
  process.on('SIGINT', pass('SIGINT'));
  process.on('SIGTERM', pass('SIGTERM'));
  return new Promise((done, failed) => {
    child.on('error', (error) => {
      failed(new CommandFailure(`${command} cannot be started: ${error.message}`));
    });
    child.on('exit', (code, signal) => {
      done(code ?? 128 + constants.signals[signal ?? 'SIGTERM']);
    });
  });
}
