/** What caller.c says of the calls that it made, and whether a capture says the same. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Argument, Event } from '#contract/event.ts';
import { readable } from '#core/capture/columns.ts';

/** Longest text that is kept whole, in bytes (bpf/records.h). */
const TEXT_LIMIT = 4096;

export interface Said {
  readonly call: 'finit_module' | 'init_module' | 'delete_module';
  readonly label: string;
  readonly args: readonly [string, string, string];
  readonly return: number;
  readonly pid: number;
  readonly tid: number;
  readonly uid: number;
  readonly euid: number;
  readonly compat: boolean;
  readonly comm: string;
  readonly text?: string;
  readonly readable?: false;
  readonly path?: string;
  /** Bytes in hex, NUL after each. */
  readonly argv: string;
  readonly chain: readonly number[];
}

export function saidIn(folder: string, ...names: readonly string[]): Said[] {
  return names.flatMap((name) =>
    readFileSync(join(folder, `${name}.jsonl`), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Said),
  );
}

const SIGNATURES = {
  finit_module: [
    ['fd', 'int'],
    ['param_values', 'text'],
    ['flags', 'int'],
  ],
  init_module: [
    ['module_image', 'address'],
    ['len', 'unsigned long'],
    ['param_values', 'text'],
  ],
  delete_module: [
    ['name', 'text'],
    ['flags', 'unsigned int'],
  ],
} as const;

/** How a path is told that /proc shows: without the mark for deleted files, with escapes for what is not UTF-8. */
function path(said: Said): string | undefined {
  return said.path === undefined ? undefined : readable(Buffer.from(said.path, 'hex')).replace(/ \(deleted\)$/, '');
}

function number(type: string, register: bigint): number | string {
  if (type === 'int') return Number(BigInt.asIntN(32, register));
  const value = type === 'unsigned int' ? BigInt.asUintN(32, register) : BigInt.asUintN(64, register);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}

function text(said: Said, register: bigint): Partial<Argument> {
  const pointer = `0x${BigInt.asUintN(64, register).toString(16)}`;
  if (register === 0n) return { value: null, pointer: '0x0', state: 'null' };
  if (said.readable === false) return { pointer, state: 'unreadable' };
  const whole = Buffer.from(said.text ?? '', 'hex');
  const kept = whole.subarray(0, TEXT_LIMIT);
  const told = readable(kept);
  const exact = Buffer.from(told).equals(kept) ? {} : { hex: kept.toString('hex') };
  return { pointer, state: whole.length > TEXT_LIMIT ? 'cut' : 'whole', value: told, ...exact };
}

/** Arguments, as far as the recorder keeps them. */
function words(argv: Buffer): string[] {
  const kept = argv.subarray(0, TEXT_LIMIT);
  const ends = kept.at(-1) === 0 ? kept.subarray(0, -1) : kept;
  return ends
    .toString('latin1')
    .split('\0')
    .map((word) => readable(Buffer.from(word, 'latin1')));
}

/** The part of an event that the caller knows, as the caller tells it. */
export function expected(said: Said): object {
  return {
    kind: said.call,
    pid: said.pid,
    tid: said.tid,
    returnValue: said.return,
    args: SIGNATURES[said.call].map(([name, type], index) => {
      const register = BigInt(said.args[index] ?? 0);
      if (type === 'text') return { name, ...text(said, register) };
      return type === 'address' && register === 0n ? { name, value: null } : { name, value: number(type, register) };
    }),
    comm: readable(Buffer.from(said.comm, 'hex')),
    uid: said.uid,
    euid: said.euid,
    argv: words(Buffer.from(said.argv, 'hex')),
    chain: said.chain,
    path: path(said),
  };
}

/** The same part, as the capture tells it. */
export function recorded(event: Event): object {
  return {
    kind: event.kind,
    pid: event.pid,
    tid: event.tid,
    returnValue: event.returnValue,
    args: (event.args ?? []).map((argument) => {
      const { name, value, pointer, state, hex } = argument;
      if (argument.type !== 'const char *') return { name, value };
      return {
        name,
        pointer,
        state,
        ...(value === undefined ? {} : { value }),
        ...(hex === undefined ? {} : { hex }),
      };
    }),
    comm: event.process?.comm,
    uid: event.process?.uid,
    euid: event.process?.euid,
    argv: event.process?.argv,
    chain: event.process?.ancestors.map((ancestor) => ancestor.pid),
    path: event.file?.path,
  };
}

/** The calls of the threads that spoke, in the order in which each made them. */
export function callsOf(events: readonly Event[], all: readonly Said[]): Event[] {
  const threads = new Set(all.map((said) => said.tid));
  return events.filter(
    (event) => ['finit_module', 'init_module', 'delete_module'].includes(event.kind) && threads.has(event.tid ?? -1),
  );
}

/** Each thread's calls in order, with what it said of them. */
export function pairs(events: readonly Event[], said: readonly Said[]): [Event[], Said[]] {
  const byThread = <T extends { tid?: number }>(rows: readonly T[]): T[] =>
    rows
      .map((row, index) => ({ row, index }))
      .sort((a, b) => (a.row.tid ?? 0) - (b.row.tid ?? 0) || a.index - b.index)
      .map(({ row }) => row);
  const inTime = [...callsOf(events, said)].sort((a, b) => (BigInt(a.ns) < BigInt(b.ns) ? -1 : 1));
  return [byThread(inTime), byThread(said)];
}
