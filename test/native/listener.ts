/** A listener as the app has one; what the recorder says is kept in `lines`. */
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

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
      let rest = '';
      peer.on('error', () => undefined);
      if (deaf) return;
      peer.on('data', (bytes: Buffer) => {
        const lines = (rest + bytes.toString()).split('\n');
        rest = lines.pop() ?? '';
        this.lines.push(...lines);
      });
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
  async hears(word: string): Promise<string> {
    for (let tries = 0; tries < 500; tries++) {
      const line = this.lines.find((text) => text.startsWith(word));
      if (line !== undefined) return line;
      await sleep(10);
    }
    throw new Error(`'${word}' was not said: ${this.lines.join(' | ')}`);
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
