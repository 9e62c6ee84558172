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

/** Resolves to the collector's exit code. */
export function capture(options: { out: string; duration?: number; images: boolean }): Promise<number> {
  const uid = process.getuid?.() ?? 0;
  const gid = process.getgid?.() ?? 0;
  const words = [
    ...elevation(),
    findCollector(),
    '--out',
    resolve(options.out),
    ...(options.duration === undefined ? [] : ['--duration', String(options.duration)]),
    ...(options.images ? [] : ['--no-images']),
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
