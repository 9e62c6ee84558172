/** The unix socket to which the collector connects. It lies in a private folder, so that only the user and root reach it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LineReader, readControlLine, type ControlLine } from './control-line.ts';

/** Longest path of a unix socket in bytes, without its end mark (unix(7)). */
const MOST_PATH = 107;

export interface LineEvents {
  /** A collector has connected. */
  met(): void;
  /** A message of the collector. */
  said(line: ControlLine): void;
  /** The collector has closed the line; no further message comes. */
  closed(): void;
}

export class CollectorLine {
  /** The path that the collector is given. */
  readonly path: string;
  readonly #folder: string;
  readonly #server: Server;
  #socket: Socket | undefined;

  private constructor(folder: string, server: Server) {
    this.#folder = folder;
    this.path = join(folder, 'line');
    this.#server = server;
  }

  /** Listens in a fresh folder. @throws Error where no such folder can be made. */
  static async listen(events: LineEvents): Promise<CollectorLine> {
    const parent = Buffer.byteLength(tmpdir()) + '/modtrail-XXXXXX/line'.length > MOST_PATH ? '/tmp' : tmpdir();
    const folder = await mkdtemp(join(parent, 'modtrail-'));
    const server = createServer();
    const line = new CollectorLine(folder, server);
    server.on('connection', (socket) => {
      line.#accept(socket, events);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(line.path, resolve);
    });
    return line;
  }

  /** Whether a collector has ever connected. */
  get met(): boolean {
    return this.#socket !== undefined;
  }

  /** Asks the collector to finish. */
  stop(): void {
    this.#socket?.write('stop\n');
  }

  /** Hangs up; a collector that is still there finishes its file. */
  async end(): Promise<void> {
    this.#socket?.destroy();
    this.#server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** One collector; whoever comes second is turned away. */
  #accept(socket: Socket, events: LineEvents): void {
    if (this.#socket) {
      socket.destroy();
      return;
    }
    this.#socket = socket;
    events.met();
    const reader = new LineReader();
    socket.on('data', (bytes) => {
      for (const text of reader.take(bytes)) {
        const line = readControlLine(text);
        if (line) events.said(line);
      }
    });
    // What went wrong shows in the close that follows.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      events.closed();
    });
  }
}
