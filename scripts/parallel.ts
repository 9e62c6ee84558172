/** Child processes whose output is kept until they end, a few at a time. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { DIST, ROOT, withNodeFirst } from './places.ts';

/** Programs that are started again and again find here what Node made of their sources, by the sources' hash. */
const COMPILED = { NODE_COMPILE_CACHE: join(DIST, 'node-cache') };

/** How a command ended. */
export interface Outcome {
  /** Exit code; 1 when it was killed or could not be started. */
  readonly code: number;
  /** stdout and stderr as they came. */
  readonly output: string;
  readonly seconds: number;
}

/**
 * Runs a command in the checkout with the pinned Node first in PATH.
 * @param words - the command and its arguments.
 * @param limit - longest time in milliseconds; the whole process group is ended then, and told so in the output.
 * @param live - lets the output through while it comes.
 */
export function runCommand(
  words: readonly string[],
  limit: number,
  live = false,
  env: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const start = performance.now();
  const [command = '', ...args] = words;
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...COMPILED, ...withNodeFirst(process.env), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    const take = (text: string): void => {
      output += text;
      if (live) process.stdout.write(text);
    };
    const endGroup = (): void => {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    };
    const timer = setTimeout(() => {
      take(`\nended after ${String(limit / 1000)} s without a result\n`);
      endGroup();
    }, limit);
    const interrupt = (): void => {
      endGroup();
      process.exit(130);
    };
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    const finish = (code: number): void => {
      clearTimeout(timer);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      resolve({ code, output, seconds: (performance.now() - start) / 1000 });
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.on('error', (error) => {
      take(`${command} cannot be started: ${error.message}\n`);
      finish(1);
    });
    child.on('close', (code) => {
      finish(code ?? 1);
    });
  });
}

/**
 * Works through the jobs, at most `width` at a time; results are in the order of the jobs. A free lane takes the first job
 * that bears what is running: `disturbs` says of two jobs that they must not run at the same time.
 */
export async function inLanes<Job, Done>(
  jobs: readonly Job[],
  width: number,
  work: (job: Job) => Promise<Done>,
  disturbs: (one: Job, other: Job) => boolean = () => false,
): Promise<Done[]> {
  const results: Done[] = [];
  const waiting = [...jobs.entries()];
  const running = new Map<Job, Promise<void>>();
  while (waiting.length > 0 || running.size > 0) {
    const bearable = waiting.findIndex(([, job]) => ![...running.keys()].some((other) => disturbs(job, other)));
    const [found] = running.size < width && bearable >= 0 ? waiting.splice(bearable, 1) : [];
    if (found) {
      const [index, job] = found;
      const done = work(job).then((result) => {
        results[index] = result;
        running.delete(job);
      });
      running.set(job, done);
    } else {
      await Promise.race(running.values());
    }
  }
  return results;
}
