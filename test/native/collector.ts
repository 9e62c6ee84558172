/** Runs the recorder on this machine's own kernel. */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { COLLECTOR as SHIPPED } from '../../scripts/places.ts';

/** As in the lab: MODTRAIL_COLLECTOR=FILE is another build. One with sanitizers is not confined, which some tests look for. */
const COLLECTOR = process.env['MODTRAIL_COLLECTOR'] ?? SHIPPED;

/** Why nothing can be recorded here; undefined where it can. */
export function whyNotHere(): string | undefined {
  if (!existsSync(COLLECTOR)) return 'the recorder is not built';
  if (process.getuid?.() !== 0) return 'recording needs root';
  if (!existsSync('/sys/kernel/btf/vmlinux')) return 'the kernel does not describe its types';
  return undefined;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  readonly stdout: string;
}

export interface RunOptions {
  readonly program?: string;
  /** Words before the program, for what starts it: `prlimit …`. */
  readonly through?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly cwd?: string;
}

/** A recorder that runs. */
export class Recorder {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  #stderr = '';
  #stdout = '';

  constructor(args: readonly string[], options: RunOptions = {}) {
    const [command = '', ...words] = [...(options.through ?? []), options.program ?? COLLECTOR, ...args];
    this.process = spawn(command, words, {
      env: { ...process.env, SUDO_UID: undefined, SUDO_GID: undefined, PKEXEC_UID: undefined, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.uid === undefined ? {} : { uid: options.uid, gid: options.uid }),
    });
    this.process.stderr?.on('data', (bytes: Buffer) => (this.#stderr += bytes.toString()));
    this.process.stdout?.on('data', (bytes: Buffer) => (this.#stdout += bytes.toString()));
    this.ended = new Promise((done, failed) => {
      this.process.on('error', failed);
      this.process.on('close', (code, signal) => {
        done({ code, signal, stderr: this.#stderr, stdout: this.#stdout });
      });
    });
  }

  /** Resolves when calls are recorded; throws with the recorder's words when it ended before. */
  async ready(): Promise<this> {
    const over = this.ended.then((end) => {
      throw new Error(`the recorder ended with ${String(end.code)}: ${end.stderr}`);
    });
    over.catch(() => undefined);
    const told = new Promise<void>((done) => {
      const look = (): void => {
        if (this.#stderr.includes('recording to ')) done();
      };
      this.process.stderr?.on('data', look);
      look();
    });
    await Promise.race([told, over]);
    return this;
  }

  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ended> {
    this.process.kill(signal);
    return this.ended;
  }
}

/** Runs it to its end: for what ends by itself. */
export function recorderEnds(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return new Recorder(args, options).ended;
}

/** The boot clock, which ticks every 10 ms there. */
export function bootNs(): number {
  return Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1e9;
}
