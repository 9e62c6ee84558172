/**
 * A line to a recorder that root has started, by which it is told to stop: no signal of the user's reaches sudo, nor the
 * recorder before it has become the user. When the line ends, in whatever way, the recorder finishes its file and ends.
 */
import { rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { makeLineFolder } from '../../main/rights/line-folder.ts';

export class StopLine {
  /** Where the recorder connects. Only the user and root reach it. */
  readonly path: string;
  readonly #folder: string;
  readonly #server: Server;
  #socket: Socket | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, 'line');
    this.#server = createServer((socket) => {
      this.#accept(socket);
    });
  }

  /** @throws Error where there can be no line */
  static async listen(): Promise<StopLine> {
    const line = new StopLine(await makeLineFolder());
    await new Promise<void>((done, failed) => {
      line.#server.once('error', failed);
      line.#server.listen(line.path, done);
    });
    return line;
  }

  /** Whether there is a recorder that was told; one that comes later finds nobody here, and ends before it records. */
  stop(): boolean {
    return this.#socket?.write('stop\n') !== undefined;
  }

  /** Hangs up, and leaves nothing behind. */
  close(): void {
    this.#server.close();
    this.#socket?.destroy();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** One recorder; whoever comes second is turned away. */
  #accept(socket: Socket): void {
    if (this.#socket) {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    // What it says is on its standard error as well; what goes wrong here shows in how it ends.
    socket.on('error', () => undefined).resume();
  }
}
