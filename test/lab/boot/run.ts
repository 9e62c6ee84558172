/** Commands of the host. */
import { spawnSync } from 'node:child_process';

/** What the lab cannot do, in one sentence for the person who asked. */
export class LabError extends Error {}

/**
 * Runs a command to its end and returns its stdout.
 * @throws LabError with the last line of its stderr
 */
export function run(command: string, args: readonly string[], options: { cwd?: string; input?: string } = {}): string {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (result.error) throw new LabError(`${command} cannot be started: ${result.error.message}`);
  if (result.status !== 0) {
    const lines = result.stderr.trim().split('\n');
    throw new LabError(
      `${command} ${args.slice(0, 3).join(' ')} failed: ${lines.at(-1) ?? `exit ${String(result.status)}`}`,
    );
  }
  return result.stdout;
}
