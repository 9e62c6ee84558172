/** The stand-in recorder as a process that a test commands, and kills. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export class RunningRecorder {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;

  private constructor(child: ChildProcessWithoutNullStreams) {
    this.#child = child;
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** Resolves when the capture's first rows are committed. */
  static async start(path: string): Promise<RunningRecorder> {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'recorder.ts'), path]);
    child.stderr.pipe(process.stderr);
    const recorder = new RunningRecorder(child);
    await recorder.#answer();
    return recorder;
  }

  async #answer(): Promise<void> {
    const { done } = await this.#answers.next();
    if (done) throw new Error('the recorder ended');
  }

  async say(command: 'call' | 'finish'): Promise<void> {
    this.#child.stdin.write(`${command}\n`);
    await this.#answer();
    if (command === 'finish') await once(this.#child, 'exit');
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.kill('SIGKILL');
    await once(this.#child, 'exit');
  }
}
