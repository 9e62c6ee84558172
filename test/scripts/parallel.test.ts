import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inLanes, runCommand } from '../../scripts/parallel.ts';

/** Whether a process still does something; one that only waits to be collected does not. */
function isRunning(pid: number): boolean {
  const stat = `/proc/${String(pid)}/stat`;
  return existsSync(stat) && !/\) [ZX] /.test(readFileSync(stat, 'utf8'));
}

test('output and exit code of a command come back', async () => {
  const { code, output } = await runCommand(['sh', '-c', 'echo out; echo err >&2; exit 3'], 10_000);
  expect(code).toBe(3);
  expect(output.split('\n').sort()).toEqual(['', 'err', 'out']);
});

test('a command that is not there is a failure with its name', async () => {
  const { code, output } = await runCommand(['no-such-command'], 10_000);
  expect(code).toBe(1);
  expect(output).toContain('no-such-command');
});

test('a command that takes too long is ended with its children', async () => {
  const { code, output, seconds } = await runCommand(['sh', '-c', 'sleep 60 & echo $!; wait'], 300);
  expect(code).not.toBe(0);
  expect(seconds).toBeLessThan(10);
  expect(output).toContain('ended after 0.3 s');
  const child = Number(output.split('\n')[0]);
  await expect.poll(() => isRunning(child)).toBe(false);
});

test('lanes keep their width and the order of results', async () => {
  let running = 0;
  let most = 0;
  const results = await inLanes([30, 10, 20, 5], 2, async (delay) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, delay));
    running -= 1;
    return delay;
  });
  expect(results).toEqual([30, 10, 20, 5]);
  expect(most).toBe(2);
});

test('jobs that disturb each other never run at the same time, and others go before them', async () => {
  const running = new Set<string>();
  const started: string[] = [];
  let together = false;
  const results = await inLanes(
    ['loud', 'quiet', 'other'],
    2,
    async (job) => {
      running.add(job);
      started.push(job);
      together ||= running.has('loud') && running.has('quiet');
      await new Promise((resolve) => setTimeout(resolve, 10));
      running.delete(job);
      return job;
    },
    (one, other) => [one, other].toSorted().join() === 'loud,quiet',
  );
  expect(results).toEqual(['loud', 'quiet', 'other']);
  expect(started).toEqual(['loud', 'other', 'quiet']);
  expect(together).toBe(false);
});
