/** Runs the command as a user does, in a process of its own. */
import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
export const SAMPLE = join(ROOT, 'samples/sample.modtrail');
const MAIN = join(ROOT, 'cli/main.ts');

export function run(...args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
}

/** The same behind a shell, for pipes and redirections; `modtrail` stands for the command. */
export function shell(script: string): SpawnSyncReturns<string> {
  const modtrail = `modtrail() { "${process.execPath}" "${MAIN}" "$@"; }`;
  return spawnSync('bash', ['-c', `${modtrail}; ${script}`], { encoding: 'utf8', maxBuffer: 1 << 28 });
}

/** Starts it with other variables; for what goes on while it runs. */
export function start(args: readonly string[], env: NodeJS.ProcessEnv) {
  return spawn(process.execPath, [MAIN, ...args], { env: { ...process.env, ...env } });
}

/** Lines of NDJSON. */
export function rows(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
