/**
 * The shell in which sudo-prompt runs pkexec. pkexec ends with the process that started it (PR_SET_PDEATHSIG), which is
 * this shell, and it would outlive the app. sudo-prompt hands it to nobody, but Node tells of every process that it starts.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';

/** Where Node tells of a process, before it starts it (https://nodejs.org/api/diagnostics_channel.html#child-process). */
const STARTS = 'child_process';

/** Ends the process with this id once nobody holds the other end of its standard input any more, unless it is told not to. */
const WATCH = 'read -r over || kill "$1"';

/** What Node tells of, before and after it was started. */
type Started = Pick<ChildProcess, 'pid' | 'kill'> & Partial<Pick<ChildProcess, 'spawnargs'>>;

export class PromptShell {
  readonly #command: string;
  #shell: Started | undefined;
  #watcher: ChildProcess | undefined;
  #isOver = false;

  /** @param command what sudo-prompt is about to run */
  constructor(command: string) {
    this.#command = command;
    subscribe(STARTS, this.#see);
  }

  /** Its dialog is not waited for any more; one that is still to come neither. */
  end(): void {
    this.#isOver = true;
    this.#shell?.kill();
  }

  /** It has ended. */
  ended(): void {
    this.#forget();
    this.#watcher?.stdin?.end('over\n');
  }

  readonly #see = (message: unknown): void => {
    const { process: child } = message as { readonly process: Started };
    // What it is is known a moment later.
    setImmediate(() => {
      if (this.#shell || !child.spawnargs?.at(-1)?.includes(this.#command)) return;
      this.#shell = child;
      this.#forget();
      if (this.#isOver) child.kill();
      else this.#watch(child);
    });
  };

  #watch({ pid }: Started): void {
    if (pid === undefined) return;
    // Of its own session, so that what ends the app in a terminal does not end it before.
    this.#watcher = spawn('/bin/sh', ['-c', WATCH, 'sh', String(pid)], {
      ...{ stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/', env: {} },
    });
    this.#watcher.on('error', () => undefined);
    this.#watcher.stdin?.on('error', () => undefined);
  }

  #forget(): void {
    unsubscribe(STARTS, this.#see);
  }
}
