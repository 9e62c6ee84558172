/** The collector's program, as a command runs it. */
import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { join, resolve } from 'node:path';
import { trustedPath } from '../../main/rights/trusted-path.ts';
import { CommandFailure } from '../output.ts';

/** @throws CommandFailure where it is not built */
export function findCollector(): string {
  const own = process.env['MODTRAIL_COLLECTOR'];
  // Two folders up is the checkout's root, from cli/commands and from the bundle in dist/cli alike.
  const root = join(import.meta.dirname, '../..');
  const path = own ?? join(root, 'dist/collector/modtrail-collector');
  const found = existsSync(path) ? statSync(path) : undefined;
  if (!found) {
    throw new CommandFailure(
      `the collector is missing (${path}); npm run build makes it, and MODTRAIL_COLLECTOR names another one`,
    );
  }
  // Whether this user may is another question: it may be for root to start it.
  if (found.isFile() && (found.mode & 0o111) !== 0) return resolve(path);
  throw new CommandFailure(
    `the collector cannot be started (${path}): ${found.isFile() ? 'it is there, but may not be executed' : 'it is no file'}`,
  );
}

/** Its real path, for a start as root. @throws CommandFailure also where somebody else could have replaced it */
export async function findTrustedCollector(): Promise<string> {
  const who = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const trusted = await trustedPath(findCollector(), who);
  if (trusted.ok) return trusted.value;
  throw new CommandFailure(trusted.error.message);
}

/**
 * Starts it and passes on what ends this process, from the first moment: one that a signal ended between the start and
 * the listening would leave its child behind. A terminal's Ctrl-C reaches the child by itself; other senders only know
 * this process.
 * @param ask ends, in another way, a child that has root's rights and takes no signal from here
 */
export function spawnPassing(
  [command, ...args]: readonly [string, ...string[]],
  stdio: StdioOptions,
  ask: (child: ChildProcess, signal: NodeJS.Signals) => void = () => undefined,
): ChildProcess {
  // A signal's listener is called in a later turn of the loop, when the child is known.
  const pass = (signal: NodeJS.Signals): void => {
    if (!reaches(child, signal)) ask(child, signal);
  };
  process.on('SIGINT', (signal) => {
    if (!process.stdin.isTTY) pass(signal);
  });
  process.on('SIGTERM', pass);
  const child = spawn(command, args, { stdio });
  return child;
}

/** The child's own `kill` would tell a refusal as a failure of the child. */
function reaches(child: ChildProcess, signal: NodeJS.Signals): boolean {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return true;
  try {
    return process.kill(child.pid, signal);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
}

/** Resolves to its exit code when it has ended. @throws CommandFailure where it cannot be started */
export function exitCode(child: ChildProcess, command: string): Promise<number> {
  return new Promise((done, failed) => {
    child.on('error', (error) => {
      if (child.pid === undefined) failed(new CommandFailure(`${command} cannot be started: ${error.message}`));
    });
    child.on('exit', (code, signal) => {
      done(code ?? 128 + constants.signals[signal ?? 'SIGTERM']);
    });
  });
}
