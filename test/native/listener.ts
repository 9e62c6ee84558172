/** A listener as the app has one; what the recorder says is kept in `lines`. */
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Keeps the lines that are said. */
function collectLines(socket: Socket, lines: string[]): void {
  let rest = '';
  socket.on('data', (bytes: Buffer) => {
    const said = (rest + bytes.toString()).split('\n');
    rest = said.pop() ?? '';
    lines.push(...said);
  });
}

/** The first line that begins so, within five seconds. */
async function firstOf(lines: readonly string[], word: string): Promise<string> {
  for (let tries = 0; tries < 500; tries++) {
    const line = lines.find((text) => text.startsWith(word));
    if (line !== undefined) return line;
    await sleep(10);
  }
  throw new Error(`'${word}' was not said: ${lines.join(' | ')}`);
}

/** Somebody who comes to a recorder that has lost its peer. */
export class Peer {
  readonly lines: string[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
    collectLines(socket, this.lines);
  }

  static async at(path: string): Promise<Peer> {
    const socket = connect(path);
    await once(socket, 'connect');
    return new Peer(socket);
  }

  say(text: string): void {
    this.#socket.write(text);
  }

  hangUp(): void {
    this.#socket.destroy();
  }

  hears(word: string): Promise<string> {
    return firstOf(this.lines, word);
  }

  /** Resolves when it was hung up on without a word. */
  async turnedAway(): Promise<void> {
    if (!this.#socket.closed) await once(this.#socket, 'close');
    if (this.lines.length > 0) throw new Error(`it was talked to: ${this.lines.join(' | ')}`);
  }
}

export class Listener {
  readonly path: string;
  readonly lines: string[] = [];
  readonly server: Server;
  peer: Socket | undefined;

  /** @param deaf never reads what is said */
  constructor(path: string, deaf = false) {
    this.path = path;
    // A peer that has closed its half is still spoken to: it may want to hear how it ended.
    this.server = createServer({ allowHalfOpen: true, pauseOnConnect: deaf }, (peer) => {
      this.peer = peer;
      peer.on('error', () => undefined);
      if (!deaf) collectLines(peer, this.lines);
    });
  }

  async listen(): Promise<this> {
    this.server.listen(this.path);
    await once(this.server, 'listening');
    chmodSync(this.path, 0o777);
    return this;
  }

  say(bytes: string | Buffer): void {
    this.peer?.write(bytes);
  }

  hangUp(): void {
    this.peer?.destroy();
  }

  /** The first line that begins so, within five seconds. */
  hears(word: string): Promise<string> {
    return firstOf(this.lines, word);
  }

  async connected(): Promise<void> {
    for (let tries = 0; tries < 500 && !this.peer; tries++) await sleep(10);
    if (!this.peer) throw new Error('nobody has connected');
  }

  /** Numbers of a line's fields. */
  static numbers(line: string): Record<string, number> {
    return Object.fromEntries(
      line
        .split(' ')
        .slice(1)
        .map((field) => field.split('='))
        .map(([key = '', value]) => [key, Number(value)]),
    );
  }

  close(): void {
    this.hangUp();
    this.server.close();
  }
}
