/** trace-cmd and KernelShark, on a file of theirs with as many events. */
import { spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, copyFileSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asked, has, type Peer } from './peers.ts';
import { writeTrace } from './trace-file.ts';

/** KernelShark tells nobody when it is ready: it is once it has not used the processor for so long, in milliseconds. */
const IDLE = 1500;
const LOOK_EVERY = 50;
const NOBODY = 65_534;
const LONGEST = 5 * 60_000;

export async function tracePeers(events: number, folder: string): Promise<Peer[]> {
  const file = join(folder, 'trace.dat');
  writeTrace(file, events);
  try {
    const report = 'trace-cmd report "$1"';
    const kept = 'trace-cmd report -F \'sys_enter_init_module\' "$1"';
    const comm = 'trace-cmd report -F \'.*: COMM == "insmod"\' "$1"';
    const reported = asked('trace-cmd report', 'trace-cmd', file, {
      'first screen': `${report} | head -n 40`,
      'first screen, all counted': `${report} | wc -l`,
      'kind: first rows': `${kept} | head -n 40`,
      'kind: exact count': `${kept} | wc -l`,
      'comm: first rows': `${comm} | head -n 40`,
      'comm: exact count': `${comm} | wc -l`,
    });
    return [reported, await kernelShark(file)];
  } finally {
    rmSync(file, { force: true });
  }
}

/** From its start to when it has come to rest with the file on its screen. */
async function kernelShark(file: string): Promise<Peer> {
  const name = 'KernelShark';
  if (!has('kernelshark')) return { name, missing: 'kernelshark is not installed', numbers: {} };
  const start = performance.now();
  const started = spawn('kernelshark', ['-i', file], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...asSomebody(dirname(file)),
  });
  let said = '';
  for (const stream of [started.stdout, started.stderr])
    stream.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const ended = once(started, 'exit');
  try {
    let busy = start;
    let before = -1;
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY));
      const now = performance.now();
      const used = started.pid === undefined ? undefined : processorTime(started.pid);
      if (used === undefined) return { name, missing: 'it ended by itself', numbers: {} };
      if (used > before) busy = now;
      before = used;
      if (now - busy > IDLE && !said.includes('Loading'))
        return { name, missing: 'it did not load the file', numbers: {} };
      if (now - busy > IDLE) return { name, numbers: { 'first screen': busy - start } };
      if (now - start > LONGEST) return { name, missing: 'it did not come to rest in five minutes', numbers: {} };
    }
  } finally {
    started.kill();
    await ended;
  }
}

/** Root is warned by KernelShark with a dialog, and sees nothing before it is answered: nobody looks in its place. */
function asSomebody(folder: string): Pick<SpawnOptions, 'uid' | 'gid' | 'env'> {
  if (process.getuid?.() !== 0) return {};
  const home = join(folder, 'nobody');
  mkdirSync(home, { recursive: true });
  const env: NodeJS.ProcessEnv = { ...process.env, HOME: home, XDG_RUNTIME_DIR: home };
  const key = process.env['XAUTHORITY'];
  if (key !== undefined) {
    env['XAUTHORITY'] = join(home, 'key');
    copyFileSync(key, env['XAUTHORITY']);
    chownSync(env['XAUTHORITY'], NOBODY, NOBODY);
  }
  chownSync(home, NOBODY, NOBODY);
  chmodSync(folder, 0o755);
  return { uid: NOBODY, gid: NOBODY, env };
}

/** Ticks of the processor, of all its threads; undefined where it has ended. */
function processorTime(pid: number): number | undefined {
  try {
    const words = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return words[0] === 'Z' ? undefined : Number(words[11]) + Number(words[12]);
  } catch {
    return undefined;
  }
}
