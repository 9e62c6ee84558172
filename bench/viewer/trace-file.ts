/**
 * Writes a file as trace-cmd would have left it (version 6 of its format, one processor) of system calls that load modules:
 * kernels that trace are not at hand everywhere, and a file of any size is wanted.
 */
import { closeSync, openSync, writeSync } from 'node:fs';

const PAGE = 4096;
const HEAD = 16;
/** Bits of a record that hold the time since the one before. */
const DELTA_BITS = 27;

const HEADER_PAGE = [
  '\tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;',
  '\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;',
  '\tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;',
  `\tfield: char data;\toffset:16;\tsize:${String(PAGE - HEAD)};\tsigned:0;`,
  '',
].join('\n');

const HEADER_EVENT = [
  '# compressed entry header',
  '\ttype_len    :    5 bits',
  '\ttime_delta  :   27 bits',
  '\tarray       :   32 bits',
  '',
  '\tpadding     : type == 29',
  '\ttime_extend : type == 30',
  '\ttime_stamp : type == 31',
  '\tdata max type_len  == 28',
  '',
].join('\n');

interface Call {
  readonly name: string;
  readonly number: number;
  readonly enter: number;
  readonly exit: number;
  readonly fields: readonly string[];
}

const CALLS: readonly Call[] = [
  { name: 'finit_module', number: 313, enter: 401, exit: 400, fields: ['fd', 'uargs', 'flags'] },
  { name: 'init_module', number: 175, enter: 403, exit: 402, fields: ['umod', 'len', 'uargs'] },
];

/** Which of the calls each is, so that a fifteenth of all is of the second kind, as in a made capture. */
const callOf = (index: number): Call => (index % 7 === 3 ? CALLS[1] : CALLS[0]) as Call;

const PROGRAMS = ['agent', 'kmod', 'insmod', 'modprobe', 'busybox', 'python3'];

/** How the kernel tells of a record's fields. */
function formatOf(name: string, id: number, fields: readonly string[], type: string, print: string): string {
  const common = [
    'unsigned short common_type 0 2 0',
    'unsigned char common_flags 2 1 0',
    'unsigned char common_preempt_count 3 1 0',
  ];
  const own = fields.map((field, at) => `${type} ${field} ${String(16 + at * 8)} 8 ${type === 'long' ? '1' : '0'}`);
  const lines = [...common, 'int common_pid 4 4 1', 'int __syscall_nr 8 4 1', ...own].map((line) => {
    const words = line.split(' ');
    const [offset, size, signed] = words.slice(-3);
    return `\tfield:${words.slice(0, -3).join(' ')};\toffset:${offset ?? ''};\tsize:${size ?? ''};\tsigned:${signed ?? ''};`;
  });
  return `name: ${name}\nID: ${String(id)}\nformat:\n${lines.slice(0, 4).join('\n')}\n\n${lines.slice(4).join('\n')}\n\nprint fmt: ${print}\n`;
}

function formats(): string[] {
  return CALLS.flatMap(({ name, enter, exit, fields }) => {
    const words = fields.map((field) => `${field}: 0x%08lx`).join(', ');
    const values = fields.map((field) => `((unsigned long)(REC->${field}))`).join(', ');
    return [
      formatOf(`sys_enter_${name}`, enter, fields, 'unsigned long', `"${words}", ${values}`),
      formatOf(`sys_exit_${name}`, exit, ['ret'], 'long', '"0x%lx", REC->ret'),
    ];
  });
}

function number(value: number, bytes: 2 | 4 | 8): Buffer {
  const made = Buffer.alloc(bytes);
  if (bytes === 8) made.writeBigUInt64LE(BigInt(value));
  else made.writeUIntLE(value, 0, bytes);
  return made;
}

const sized = (text: string, bytes: 4 | 8): Buffer[] => [number(Buffer.byteLength(text), bytes), Buffer.from(text)];

/** All before the records: a whole number of pages. */
function head(recordsSize: number): Buffer {
  const system = formats();
  const parts = [
    Buffer.from([0x17, 0x08, 0x44]),
    Buffer.from('tracing6\0'),
    Buffer.from([0, 8]), // little end first, words of eight bytes
    number(PAGE, 4),
    Buffer.from('header_page\0'),
    ...sized(HEADER_PAGE, 8),
    Buffer.from('header_event\0'),
    ...sized(HEADER_EVENT, 8),
    number(0, 4), // formats of the tracer's own records
    number(1, 4),
    Buffer.from('syscalls\0'),
    number(system.length, 4),
    ...system.flatMap((format) => sized(format, 8)),
    ...sized('', 4), // symbols
    ...sized('', 4), // formats of printk
    ...sized(PROGRAMS.map((name, at) => `${String(1000 + at)} ${name}\n`).join(''), 8),
    number(1, 4), // processors
    Buffer.from('options  \0'),
    number(0, 2),
    Buffer.from('flyrecord\0'),
  ];
  const before = Buffer.concat(parts);
  const size = Math.ceil((before.length + 16) / PAGE) * PAGE;
  return Buffer.concat([before, number(size, 8), number(recordsSize, 8)], size);
}

/** One entry or exit: type, process, number of the call, and either three arguments or what was returned. */
function payload(index: number): Buffer {
  const call = callOf(index >> 1);
  const isEnter = index % 2 === 0;
  const made = Buffer.alloc(isEnter ? 40 : 24);
  made.writeUInt16LE(isEnter ? call.enter : call.exit, 0);
  made.writeInt32LE(1000 + ((index >> 1) % PROGRAMS.length), 4);
  made.writeInt32LE(call.number, 8);
  if (isEnter) for (let at = 0; at < 3; at++) made.writeBigUInt64LE(BigInt(index * 4096 + at), 16 + at * 8);
  else made.writeBigInt64LE(index % 3 === 0 ? 0n : -8n, 16);
  return made;
}

/** Writes that many records, a call's two after one another, with quiet stretches between. */
export function writeTrace(path: string, events: number): void {
  const file = openSync(path, 'w');
  const first = head(0).length;
  let place = first;
  let now = 5_000_000_000;
  let page = Buffer.alloc(PAGE);
  let used = 0;
  const begin = (): void => {
    page = Buffer.alloc(PAGE);
    page.writeBigUInt64LE(BigInt(now));
    used = HEAD;
  };
  const end = (): void => {
    page.writeBigUInt64LE(BigInt(used - HEAD), 8);
    writeSync(file, page, 0, PAGE, place);
    place += PAGE;
  };
  begin();
  for (let index = 0; index < events; index++) {
    let delta = index % 2 === 1 ? 40_000 : index % 1000 === 0 ? 900_000_000 : 3000;
    const body = payload(index);
    now += delta;
    if (used + 8 + 4 + body.length > PAGE) {
      end();
      begin();
      delta = 0;
    }
    if (delta >= 2 ** DELTA_BITS) {
      page.writeUInt32LE((30 | ((delta % 2 ** DELTA_BITS) << 5)) >>> 0, used);
      page.writeUInt32LE(Math.floor(delta / 2 ** DELTA_BITS), used + 4);
      used += 8;
      delta = 0;
    }
    page.writeUInt32LE(((body.length / 4) | (delta << 5)) >>> 0, used);
    body.copy(page, used + 4);
    used += 4 + body.length;
  }
  end();
  const whole = head(place - first);
  writeSync(file, whole, 0, whole.length, 0);
  closeSync(file);
}
