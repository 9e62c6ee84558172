/**
 * The line to a collector: a unix socket to which it connects, or, where it has outlived the app that started it, one at
 * which it is met again. Both lie in one private folder, so that only the user and root reach them.
 */
import { lstat, rm, rmdir } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { makeLineFolder } from '../../rights/line-folder.ts';
import { LineReader, readControlLine, type ControlLine } from './control-line.ts';

/** Longest time in which what was asked last is still sent, in milliseconds. */
const MOST_SENDING = 1000;

export interface LineEvents {
  /** A collector has connected. */
  met(): void;
  /** A message of the collector. */
  said(line: ControlLine): void;
  /** The collector has closed the line; no further message comes. */
  closed(): void;
}

export class CollectorLine {
  readonly folder: string;
  /** The path that the collector is given. */
  readonly path: string;
  /** Where a collector that outlives the app can be met. */
  readonly door: string;
  readonly #server: Server | undefined;
  #socket: Socket | undefined;

  private constructor(folder: string, server?: Server) {
    this.folder = folder;
    this.path = join(folder, 'line');
    this.door = join(folder, 'door');
    this.#server = server;
  }

  /** Listens in a fresh folder. @throws Error where no such folder can be made. */
  static async listen(events: LineEvents): Promise<CollectorLine> {
    const folder = await makeLineFolder();
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

  /**
   * Meets a collector again, in the folder of the app that started it.
   * @returns undefined where none is there; the folder is tidied up then
   */
  static async meet(folder: string, events: LineEvents): Promise<CollectorLine | undefined> {
    const line = new CollectorLine(folder);
    // A folder of that name may be another user's by now.
    const stats = await lstat(folder).catch(() => undefined);
    if (!stats?.isDirectory() || stats.uid !== process.getuid?.() || (stats.mode & 0o077) !== 0) return undefined;
    const socket = connect(line.door);
    const isThere = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => {
        resolve(true);
      });
      socket.once('error', () => {
        resolve(false);
      });
    });
    if (isThere) line.#accept(socket, events);
    else await line.#tidy();
    return isThere ? line : undefined;
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
    await this.leave();
    await this.#tidy();
  }

  /** Hangs up; a collector that outlives the app can be met again. */
  async leave(): Promise<void> {
    this.#server?.close();
    const socket = this.#socket;
    if (!socket || socket.closed) return;
    const closed = new Promise((resolve) => socket.once('close', resolve));
    // What was asked of it is still sent.
    socket.destroySoon();
    await Promise.race([closed, pause(MOST_SENDING, null, { ref: false })]);
    socket.destroy();
  }

  async #tidy(): Promise<void> {
    for (const path of [this.path, this.door]) await rm(path, { force: true });
    await rmdir(this.folder).catch(() => undefined);
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
