/** test/native/caller.c, running beside a recorder. */
import { spawn, type ChildProcess } from 'node:child_process';

/** A call as the caller tells it: its text, and the boot time after it. */
export interface Paced {
  readonly text: string;
  readonly ns: number;
}

/** Calls that go on until they are ended. */
export class Calling {
  readonly said: Paced[] = [];
  readonly over: Promise<void>;
  readonly #process: ChildProcess;

  /** One call every `ms` milliseconds. */
  constructor(caller: string, ms: number, count = 100_000) {
    const child = spawn(caller, ['paced', String(count), String(ms)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let rest = '';
    child.stdout.on('data', (bytes: Buffer) => {
      const lines = (rest + bytes.toString()).split('\n');
      rest = lines.pop() ?? '';
      this.said.push(...lines.map((line) => JSON.parse(line) as Paced));
    });
    this.#process = child;
    this.over = new Promise((done) => child.on('close', () => void done()));
  }

  end(): Promise<void> {
    this.#process.kill();
    return this.over;
  }
}
