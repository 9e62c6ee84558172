/** The collector's program, as a command runs it. */
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import { CommandFailure } from '../output.ts';

/** @throws CommandFailure where it is not built */
export function findCollector(): string {
  const own = process.env['MODTRAIL_COLLECTOR'];
  // Two folders up is the checkout's root, from cli/commands and from the bundle in dist/cli alike.
  const root = join(import.meta.dirname, '../..');
  const path = own ?? join(root, 'dist/collector/modtrail-collector');
  if (existsSync(path)) return resolve(path);
  throw new CommandFailure(
    `the collector is missing (${path}); npm run build makes it, and MODTRAIL_COLLECTOR names another one`,
  );
}

/** A terminal's Ctrl-C reaches the child by itself; other senders only know this process. */
export function passSignals(child: ChildProcess): void {
  const pass = (signal: NodeJS.Signals) => () => {
    if (!process.stdin.isTTY) child.kill(signal);
  };
  process.on('SIGINT', pass('SIGINT'));
  process.on('SIGTERM', pass('SIGTERM'));
}

/** Resolves to its exit code when it has ended. @throws CommandFailure where it cannot be started */
export function exitCode(child: ChildProcess, command: string): Promise<number> {
  return new Promise((done, failed) => {
    child.on('error', (error) => {
      failed(new CommandFailure(`${command} cannot be started: ${error.message}`));
    });
    child.on('exit', (code, signal) => {
      done(code ?? 128 + constants.signals[signal ?? 'SIGTERM']);
    });
  });
}
