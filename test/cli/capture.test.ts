/** `modtrail capture` and the program that it starts: a script that writes down how it was called. */
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { start } from './run.ts';

let folder = '';
const root = process.getuid?.() === 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'modtrail-test-'));
  mkdirSync(join(folder, 'bin'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function program(name: string, script: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

function started(args: readonly string[], collector: string, env: NodeJS.ProcessEnv = {}) {
  // Without root, sudo is asked for it: this one gives nothing and runs the program as it is.
  program('bin/sudo', 'shift; exec "$@"');
  const path = `${join(folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  return start(args, { MODTRAIL_COLLECTOR: collector, PATH: path, ...env });
}

async function outcome(args: readonly string[], collector: string) {
  const child = started(args, collector);
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const [status] = (await once(child, 'exit')) as [number];
  return { status, stderr };
}

test('options reach the collector, paths as absolute ones', async () => {
  const said = join(folder, 'said');
  const collector = program('collector', `printf '%s\\n' "$@" > ${said}; exit 0`);
  expect(await outcome(['capture', '--out', 'x.modtrail', '--duration', '2.5', '--no-images'], collector)).toEqual({
    status: 0,
    stderr: '',
  });
  const ids = `${String(process.getuid?.())}:${String(process.getgid?.())}`;
  const user = root ? [] : ['--user', ids, '--control', expect.stringMatching(/^\/.*\/line$/)];
  expect(readFileSync(said, 'utf8').trimEnd().split('\n')).toEqual([
    '--out',
    join(process.cwd(), 'x.modtrail'),
    '--duration',
    '2.5',
    '--no-images',
    ...user,
  ]);
  await outcome(
    ['capture', '--out', '/x', '--images-under', '/build/', '--image-limit', '0', '--scan-interval', '0', '--max-size', '1048576', '--rotate', '--sign-key', 'key.pem', '--attach', 'fentry', '--ring', '65536', '--image-ring', '131072'],
    collector,
  ); // prettier-ignore
  expect(readFileSync(said, 'utf8').trimEnd().split('\n')).toEqual([
    ...[
      '--out',
      '/x',
      '--images-under',
      '/build',
      '--image-limit',
      '0',
      '--scan-interval',
      '0',
      '--max-size',
      '1048576',
    ],
    ...[
      '--sign-key',
      join(process.cwd(), 'key.pem'),
      '--attach',
      'fentry',
      '--ring',
      '65536',
      '--image-ring',
      '131072',
    ],
    '--rotate',
    ...user,
  ]);
  await outcome(['capture', '--out', '/x.modtrail'], collector);
  expect(readFileSync(said, 'utf8').trimEnd().split('\n')).toEqual(['--out', '/x.modtrail', ...user]);
});

test.each([
  [['--ring', '100000'], 'not a power of two'],
  [['--image-ring', '1'], 'not a power of two'],
  [['--max-size', '1000'], 'less than 1 MiB'],
  [['--image-limit', '1e6'], 'not a whole number'],
  [['--scan-interval', '-1'], 'not a number of seconds'],
  [['--attach', 'ptrace'], 'Allowed choices are'],
  [['--rotate'], '--rotate needs --max-size'],
  [['--no-images', '--images-under', '/x'], 'exclude each other'],
])('what it cannot take is refused before anything starts: %j', async (options, words) => {
  const { status, stderr } = await outcome(['capture', '--out', '/x', ...options], '/nowhere/collector');
  expect(status).toBe(2);
  expect(stderr).toMatch(/^modtrail: [^\n]+\n$/);
  expect(stderr).toContain(words);
});

test('its exit code and its words are passed on', async () => {
  const collector = program('failing', 'echo "collector: no" >&2; exit 2');
  expect(await outcome(['capture', '--out', '/x'], collector)).toEqual({ status: 2, stderr: 'collector: no\n' });
});

test('a collector that is not there', async () => {
  const { status, stderr } = await outcome(['capture', '--out', '/x'], '/nowhere/collector');
  expect([status, stderr]).toEqual([
    2,
    expect.stringMatching(/^modtrail: the collector is missing \(\/nowhere\/collector\)[^\n]*\n$/),
  ]);
});

test('a collector that is there and no program', async () => {
  const plain = program('plain', 'exit 0');
  chmodSync(plain, 0o644);
  for (const [path, words] of [
    [plain, 'it is there, but may not be executed'],
    [folder, 'it is no file'],
  ] as const) {
    expect(await outcome(['capture', '--out', '/x'], path)).toEqual({
      status: 2,
      stderr: `modtrail: the collector cannot be started (${path}): ${words}\n`,
    });
  }
});

test('a collector that others could have replaced is not started', async () => {
  const said = join(folder, 'started');
  const collector = program('open', `echo > ${said}`);
  chmodSync(collector, 0o777);
  const { status, stderr } = await outcome(['capture', '--out', '/x'], collector);
  expect([status, stderr]).toEqual([
    2,
    expect.stringMatching(/^modtrail: the recorder is not started as root: \S+\/open may be written to by everybody/),
  ]);
  expect(existsSync(said)).toBe(false);
});

/** On a busy machine, what starts a program may learn later than anybody else that it runs. */
function slowStart(): NodeJS.ProcessEnv {
  const path = join(folder, 'slow-start.mjs');
  const late = 'const child = spawn(...args); Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000); return child;'; // prettier-ignore
  writeFileSync(
    path,
    `import processes from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
const { spawn } = processes;
processes.spawn = (...args) => { ${late} };
syncBuiltinESMExports();`,
  );
  return { NODE_OPTIONS: `--import=${path}` };
}

test.each([
  ['', () => ({})],
  [', however early it comes', slowStart],
])('a signal reaches the collector, which ends in order%s', async (_, env) => {
  const ended = join(folder, 'ended');
  for (const old of [ended, `${ended}.ready`]) rmSync(old, { force: true });
  const collector = program(
    'waiting',
    `trap 'echo > ${ended}; exit 0' TERM; echo > ${ended}.ready; while :; do sleep 0.05; done`,
  );
  const child = started(['capture', '--out', '/x'], collector, env());
  while (!existsSync(`${ended}.ready`)) await sleep(20);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  expect(existsSync(ended)).toBe(true);
});
