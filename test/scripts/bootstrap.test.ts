import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { join } from 'node:path';
import { ROOT } from '../../scripts/places.ts';

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

function bootstrap(args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, [join(ROOT, 'scripts/bootstrap.mjs'), ...args], { cwd: '/' });
  const ended: Ended = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (ended.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (ended.stderr += text));
  return new Promise((resolve) =>
    child.on('close', (code) => {
      resolve({ ...ended, code });
    }),
  );
}

test('an unknown verb is one line and exit code 2', async () => {
  const { code, stdout, stderr } = await bootstrap(['nonsense']);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^modtrail: usage: .*start\|test.*\n$/);
});

test('a name that every object has is no verb', async () => {
  expect((await bootstrap(['constructor'])).code).toBe(2);
});

test('arguments, streams and the exit code of a verb pass through', async () => {
  const { code, stdout, stderr } = await bootstrap(['setup', 'no such part']);
  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain('unknown part no such part;');
});
