/** Processes with their parents, as they were at the event. */
import type { Ancestor, Process } from '#contract/event.ts';
import { toWide } from '#contract/wide.ts';
import { isUtf8 } from 'node:buffer';
import type Database from 'better-sqlite3';
import {
  anyText,
  bytesOrNone,
  hexadecimal,
  integer,
  integerOrNone,
  readable,
  small,
  smallOrNone,
  word,
  type Row,
} from './columns.ts';
import { definedOnly } from './defined.ts';
import type { Files } from './files.ts';

/** No kernel nests deeper; a longer chain is a ring made to hang readers. */
export const CHAIN_LIMIT = 1024;

/** Rows that are kept: a few pages' worth, with chains and arguments a few kilobytes each. */
const KEPT = 2000;

function readAncestor(row: Row): Ancestor {
  return definedOnly<Ancestor>({
    pid: small(row, 'pid'),
    comm: anyText(row, 'comm') ?? '',
    uid: smallOrNone(row, 'uid'),
    startNs: toWide(integer(row, 'start_boot_ns')),
  });
}

/** Arguments are separated by NUL; the last one is ended by it. */
export function splitArgv(value: string | Buffer): string[] {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  const parts: string[] = [];
  let start = 0;
  for (let at = bytes.indexOf(0); at >= 0; at = bytes.indexOf(0, start)) {
    parts.push(readable(bytes.subarray(start, at)));
    start = at + 1;
  }
  if (start < bytes.length) parts.push(readable(bytes.subarray(start)));
  return parts;
}

/** Arguments with spaces between; of a million processes, so that bytes that are UTF-8 are not taken apart. */
export function argvText(argv: unknown): string | null {
  if (typeof argv !== 'string' && !Buffer.isBuffer(argv)) return null;
  if (typeof argv !== 'string' && !isUtf8(argv)) return splitArgv(argv).join(' ');
  const text = typeof argv === 'string' ? argv : argv.toString('utf8');
  return (text.endsWith('\0') ? text.slice(0, -1) : text).replaceAll('\0', ' ');
}

export class Processes {
  readonly #byId: Database.Statement<[bigint], Row>;
  readonly #files: Files;
  readonly #known = new Map<bigint, Process>();
  readonly #chains = new Map<bigint, readonly Ancestor[]>();

  constructor(database: Database.Database, files: Files) {
    this.#byId = database.prepare<[bigint], Row>('SELECT * FROM process WHERE id = ?');
    this.#files = files;
  }

  /** The chain from one row upwards. Siblings have theirs in common, so it is kept. */
  #chain(from: bigint | undefined): readonly Ancestor[] {
    if (from === undefined) return [];
    const kept = this.#chains.get(from);
    if (kept) return kept;
    const chain: Ancestor[] = [];
    const seen = new Set<bigint>();
    let next: bigint | undefined = from;
    while (next !== undefined && !seen.has(next) && chain.length < CHAIN_LIMIT) {
      seen.add(next);
      const row = this.#byId.get(next);
      if (!row) break;
      chain.push(readAncestor(row));
      next = integerOrNone(row, 'parent_id');
    }
    if (this.#chains.size >= KEPT) this.#chains.clear();
    this.#chains.set(from, chain);
    return chain;
  }

  #read(id: bigint): Process | undefined {
    const row = this.#byId.get(id);
    if (!row) return undefined;
    const argv = bytesOrNone(row, 'argv');
    const exe = integerOrNone(row, 'exe_file_id');
    const effective = integerOrNone(row, 'cap_effective');
    const permitted = integerOrNone(row, 'cap_permitted');
    const bounding = integerOrNone(row, 'cap_bounding');
    const namespaces = definedOnly<NonNullable<Process['namespaces']>>({
      mnt: smallOrNone(row, 'mnt_ns'),
      pid: smallOrNone(row, 'pid_ns'),
      net: smallOrNone(row, 'net_ns'),
      user: smallOrNone(row, 'user_ns'),
      pidInside: smallOrNone(row, 'pid_in_ns'),
    });
    return definedOnly<Process>({
      pid: small(row, 'pid'),
      ppid: smallOrNone(row, 'parent_pid'),
      startNs: toWide(integer(row, 'start_boot_ns')),
      comm: anyText(row, 'comm') ?? '',
      uid: smallOrNone(row, 'uid'),
      gid: smallOrNone(row, 'gid'),
      euid: smallOrNone(row, 'euid'),
      egid: smallOrNone(row, 'egid'),
      auid: smallOrNone(row, 'login_uid'),
      session: smallOrNone(row, 'session_id'),
      exe: exe === undefined ? undefined : this.#files.get(exe)?.path,
      argv: argv === undefined ? undefined : splitArgv(argv),
      argvState:
        row['argv_state'] === null ? undefined : word(row, 'argv_state', ['whole', 'cut', 'unreadable'] as const),
      capabilities:
        effective === undefined || permitted === undefined || bounding === undefined
          ? undefined
          : {
              effective: hexadecimal(effective, 16),
              permitted: hexadecimal(permitted, 16),
              bounding: hexadecimal(bounding, 16),
            },
      namespaces: Object.keys(namespaces).length === 0 ? undefined : namespaces,
      cgroup: anyText(row, 'cgroup'),
      ancestors: this.#chain(integerOrNone(row, 'parent_id')),
      ancestorsCut: row['chain_state'] === 'cut' ? true : undefined,
    });
  }

  get(id: bigint): Process | undefined {
    const known = this.#known.get(id);
    if (known) return known;
    const process = this.#read(id);
    if (!process) return undefined;
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(id, process);
    return process;
  }
}
