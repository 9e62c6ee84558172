/** Values that a capture holds, for completion: found in samples of its rows, so that it takes no longer for a large one. */
import type Database from 'better-sqlite3';
import { PATH, shown } from './places.ts';
import type { Sql } from './sql.ts';

/** Where values of a field are looked for: a table, its key, and the value in a row of it. */
interface Source {
  readonly from: string;
  readonly key: string;
  readonly table: string;
  readonly value: string;
  /** The rows whose value a row of the table of events has. */
  readonly only: string;
}

const source = (table: string, value: Sql | string, more: Partial<Source> = {}): Source => ({
  ...{ from: table, table, key: /^event$|_fact$/.test(table) ? 'seq' : 'id', only: 'TRUE' },
  value: typeof value === 'string' ? value : value.text,
  ...more,
});

/** Processes that are known for what they are above of have no rows of their own. */
const CALLER = "process.detail = 'caller'";

const ofProcess = (value: Sql | string): Source => source('process', value, { only: CALLER });
const ofParent = (value: Sql | string): Source =>
  source('process', value, { from: 'process JOIN process AS above ON above.id = process.parent_id' });

/** Files by the calls that were given one: a process's program is a file as well. */
const ofFile = (value: Sql | string): Source =>
  source('event', value, { from: 'event JOIN file ON file.id = event.file_id' });

/** A number as printf writes it, which would make a zero of one that is absent. */
const printed = (format: string, column: string): string =>
  `CASE WHEN ${column} IS NOT NULL THEN printf('${format}', ${column}) END`;

const SOURCES: Readonly<Record<string, Source>> = {
  pid: source('event', 'event.pid'),
  'process.pid': ofProcess('process.pid'),
  'process.ppid': ofProcess('process.parent_pid'),
  'process.ancestor.pid': ofParent('above.pid'),
  'process.comm': ofProcess(shown('process.comm')),
  'process.ancestor': ofParent(shown('above.comm')),
  'process.exe': source('process', PATH, { from: 'process JOIN file ON file.id = process.exe_file_id', only: CALLER }),
  'process.argv': ofProcess('argv_text(process.argv)'),
  'process.uid': ofProcess('process.uid'),
  'process.gid': ofProcess('process.gid'),
  'process.euid': ofProcess('process.euid'),
  'process.egid': ofProcess('process.egid'),
  'process.auid': ofProcess('process.login_uid'),
  'process.session': ofProcess('process.session_id'),
  'process.cgroup': ofProcess(shown('process.cgroup')),
  'process.mntns': ofProcess('process.mnt_ns'),
  'process.pidns': ofProcess('process.pid_ns'),
  'process.netns': ofProcess('process.net_ns'),
  'process.userns': ofProcess('process.user_ns'),
  'file.path': ofFile(PATH),
  'file.name': ofFile(`base_name(${PATH.text})`),
  'file.fs': ofFile(shown('file.fs_name')),
  'file.device': ofFile("file.dev_major || ':' || file.dev_minor"),
  'file.uid': ofFile('file.uid'),
  'file.gid': ofFile('file.gid'),
  'file.inode': ofFile(printed('%llu', 'file.inode')),
  'file.mode': ofFile(printed('0%06o', 'file.mode')),
  'image.sha256': source('image_fact', 'lower(hex(image_fact.sha256))', { only: 'image_fact.sha256 IS NOT NULL' }),
  'module.name': source('module_fact', shown('module_fact.name')),
  'module.version': source('module_fact', shown('module_fact.version')),
  'module.srcversion': source('module_fact', shown('module_fact.srcversion')),
  'request.name': source('request_fact', shown('request_fact.name')),
  param_values: source('argument_text', shown('argument_text.bytes'), {
    from: "argument_text JOIN event ON event.seq = argument_text.seq AND event.kind <> 'delete_module'",
  }),
};

/** Rows of one piece of a table, and pieces that are read of it at most. */
const PIECE = 128;
const PIECES = 64;

/** How long a sample may take. */
const PATIENCE_MS = 25;

/** Longer values are nobody's to complete. */
const LONGEST = 300;

/** 0, 32, 16, 48, 8 …: wherever it ends, what was read lies all over the table. */
const SPREAD = Array.from({ length: PIECES }, (_, index) =>
  parseInt(index.toString(2).padStart(6, '0').split('').reverse().join(''), 2),
);

/**
 * Distinct values of a field that hold a text, those that begin with it first, then the commonest.
 * @returns undefined where the field's values are not looked for
 */
export function captureValues(
  database: Database.Database,
  field: string,
  part: string,
  most: number,
): readonly string[] | undefined {
  const known = Object.hasOwn(SOURCES, field) ? SOURCES[field] : undefined;
  if (!known) return undefined;
  const until = performance.now() + PATIENCE_MS;
  const { from, key, table, value, only } = known;
  const last = database.prepare<[], bigint | null>(`SELECT max(${key}) FROM ${table}`).pluck().get() ?? 0n;
  const rows = database
    .prepare<[bigint, bigint, string], unknown>(
      `SELECT value FROM (SELECT ${value} AS value FROM ${from} WHERE ${table}.${key} BETWEEN ? AND ? AND ${only}
         ORDER BY ${table}.${key} LIMIT ${String(PIECE)}) WHERE instr(lower(value), ?) > 0`,
    )
    .pluck();
  const wanted = part.toLowerCase();
  const counts = new Map<string, number>();
  const step = (last + BigInt(PIECES) - 1n) / BigInt(PIECES);
  for (const piece of SPREAD) {
    const first = BigInt(piece) * step + 1n;
    for (const found of rows.all(first, first + step - 1n, wanted)) {
      const text = String(found);
      if (text.length <= LONGEST) counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    if (performance.now() > until) break;
  }
  const begins = (text: string): number => (text.toLowerCase().startsWith(wanted) ? 0 : 1);
  return [...counts]
    .toSorted(([a, many], [b, more]) => begins(a) - begins(b) || more - many || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([text]) => text);
}
