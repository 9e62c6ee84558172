/**
 * An authentication agent of polkit for one process, which answers every question in the same way. It speaks just as
 * much D-Bus as that takes.
 */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';

/** dismissed: the dialog is closed. failed: no password is right. */
export type Answer = 'dismissed' | 'failed';

const CALL = 1;
const RETURN = 2;
const ERROR = 3;

/** Codes of header fields, with the types of their values. */
const FIELDS = {
  path: [1, 'o'],
  interface: [2, 's'],
  member: [3, 's'],
  error: [4, 's'],
  replyTo: [5, 'u'],
  destination: [6, 's'],
  signature: [8, 'g'],
} as const;

type Fields = Partial<Record<keyof typeof FIELDS, string | number>>;

class Writer {
  readonly bytes: number[] = [];

  align(size: number): this {
    while (this.bytes.length % size !== 0) this.bytes.push(0);
    return this;
  }

  byte(value: number): this {
    this.bytes.push(value);
    return this;
  }

  u32(value: number): this {
    this.align(4);
    for (const shift of [0, 8, 16, 24]) this.bytes.push((value >>> shift) & 0xff);
    return this;
  }

  u64(value: number): this {
    return this.align(8)
      .u32(value % 2 ** 32)
      .u32(Math.floor(value / 2 ** 32));
  }

  text(value: string): this {
    const bytes = Buffer.from(value);
    this.u32(bytes.length).bytes.push(...bytes, 0);
    return this;
  }

  signature(value: string): this {
    this.bytes.push(value.length, ...Buffer.from(value), 0);
    return this;
  }
}

function message(type: number, serial: number, fields: Fields, body: readonly number[] = []): Buffer {
  const list = new Writer();
  for (const [name, value] of Object.entries(fields)) {
    const [code, kind] = FIELDS[name as keyof typeof FIELDS];
    list.align(8).byte(code).signature(kind);
    if (typeof value === 'number') list.u32(value);
    else if (kind === 'g') list.signature(value);
    else list.text(value);
  }
  const head = new Writer().byte(0x6c).byte(type).byte(0).byte(1).u32(body.length).u32(serial);
  // Fields begin at 16, a multiple of 8, so that they were aligned rightly on their own.
  head.u32(list.bytes.length).bytes.push(...list.bytes);
  return Buffer.from([...head.align(8).bytes, ...body]);
}

interface Heard {
  readonly type: number;
  readonly serial: number;
  readonly sender: string;
  readonly replyTo: number;
}

/** The first whole message, and its length. */
function read(bytes: Buffer): [Heard, number] | undefined {
  if (bytes.length < 16) return undefined;
  const fieldsEnd = 16 + bytes.readUInt32LE(12);
  const end = Math.ceil(fieldsEnd / 8) * 8 + bytes.readUInt32LE(4);
  if (bytes.length < end) return undefined;
  const heard = { type: bytes[1] ?? 0, serial: bytes.readUInt32LE(8), sender: '', replyTo: 0 };
  for (let at = 16; at < fieldsEnd;) {
    at = Math.ceil(at / 8) * 8;
    const [code, kind] = [bytes[at], String.fromCharCode(bytes[at + 2] ?? 0)];
    at += 4;
    if (kind === 'g') {
      at += (bytes[at] ?? 0) + 2;
      continue;
    }
    const value = bytes.readUInt32LE(at);
    at += 4;
    if (kind === 'u') {
      if (code === 5) heard.replyTo = value;
      continue;
    }
    if (code === 7) heard.sender = bytes.toString('utf8', at, at + value);
    at += value + 1;
  }
  return [heard, end];
}

/** Registers an agent for this process. Resolves when polkit has taken it. */
export async function register(answer: Answer): Promise<Socket> {
  const socket = connect('/run/dbus/system_bus_socket');
  const uid = String(process.getuid?.() ?? 0);
  socket.write(`\0AUTH EXTERNAL ${Buffer.from(uid).toString('hex')}\r\n`);
  await new Promise<void>((resolve, reject) => {
    let begun = false;
    let rest: Buffer = Buffer.alloc(0);
    socket.on('error', reject);
    socket.on('data', (bytes: Buffer) => {
      rest = Buffer.concat([rest, bytes]);
      if (!begun) {
        if (!rest.includes('\r\n')) return;
        begun = true;
        rest = Buffer.alloc(0);
        socket.write('BEGIN\r\n');
        socket.write(hello);
        socket.write(registration());
      }
      for (let next = read(rest); next; next = read(rest)) {
        const [heard, length] = next;
        const said = rest.toString('latin1', 0, length);
        rest = rest.subarray(length);
        if (heard.type === CALL) socket.write(reply(heard, answer));
        else if (heard.replyTo === 2 && heard.type === RETURN) resolve();
        else if (heard.replyTo === 2) reject(new Error(`polkit took no agent: ${said}`));
      }
    });
  });
  return socket;
}

const hello = message(CALL, 1, {
  path: '/org/freedesktop/DBus',
  destination: 'org.freedesktop.DBus',
  interface: 'org.freedesktop.DBus',
  member: 'Hello',
});

function registration(): Buffer {
  const started = Number(readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ')[19]);
  const details = new Writer();
  details.align(8).text('pid').signature('u').u32(process.pid);
  details.align(8).text('start-time').signature('t').u64(started);
  const body = new Writer().text('unix-process').u32(details.bytes.length).align(8);
  body.bytes.push(...details.bytes);
  body.text('C').text('/modtrail/agent');
  return message(
    CALL,
    2,
    {
      path: '/org/freedesktop/PolicyKit1/Authority',
      destination: 'org.freedesktop.PolicyKit1',
      interface: 'org.freedesktop.PolicyKit1.Authority',
      member: 'RegisterAuthenticationAgent',
      signature: '(sa{sv})ss',
    },
    body.bytes,
  );
}

function reply({ serial, sender }: Heard, answer: Answer): Buffer {
  const to = { replyTo: serial, destination: sender };
  if (answer === 'failed') return message(RETURN, 100 + serial, to);
  return message(ERROR, 100 + serial, { ...to, error: 'org.freedesktop.PolicyKit1.Error.Cancelled' });
}
