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
}

const source = (table: string, value: Sql | string, more: Partial<Source> = {}): Source => ({
  ...{ from: table, table, key: table.endsWith('_fact') ? 'seq' : 'id' },
  value: typeof value === 'string' ? value : value.text,
  ...more,
});

const ofProcess = (column: string): Source => source('process', `process.${column}`);
const ofFile = (value: Sql | string): Source => source('file', value);

const SOURCES: Readonly<Record<string, Source>> = {
  pid: ofProcess('pid'),
  'process.pid': ofProcess('pid'),
  'process.ppid': ofProcess('parent_pid'),
  'process.ancestor.pid': ofProcess('parent_pid'),
  'process.comm': source('process', shown('process.comm')),
  'process.ancestor': source('process', shown('process.comm')),
  'process.exe': source('process', PATH, { from: 'process JOIN file ON file.id = process.exe_file_id' }),
  'process.argv': source('process', 'argv_text(process.argv)'),
  'process.uid': ofProcess('uid'),
  'process.gid': ofProcess('gid'),
  'process.euid': ofProcess('euid'),
  'process.egid': ofProcess('egid'),
  'process.auid': ofProcess('login_uid'),
  'process.session': ofProcess('session_id'),
  'process.cgroup': source('process', shown('process.cgroup')),
  'process.mntns': ofProcess('mnt_ns'),
  'process.pidns': ofProcess('pid_ns'),
  'process.netns': ofProcess('net_ns'),
  'process.userns': ofProcess('user_ns'),
  'file.path': ofFile(PATH),
  'file.name': ofFile(`base_name(${PATH.text})`),
  'file.fs': ofFile(shown('file.fs_name')),
  'file.device': ofFile("file.dev_major || ':' || file.dev_minor"),
  'file.uid': ofFile('file.uid'),
  'file.gid': ofFile('file.gid'),
  'file.inode': ofFile('file.inode'),
  'file.mode': ofFile("printf('0%06o', file.mode)"),
  'image.sha256': source('image_fact', 'lower(hex(image_fact.sha256))'),
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
  const { from, key, table, value } = known;
  const last = database.prepare<[], bigint | null>(`SELECT max(${key}) FROM ${table}`).pluck().get() ?? 0n;
  const rows = database
    .prepare<[bigint, bigint, string], unknown>(
      `SELECT value FROM (SELECT ${value} AS value FROM ${from} WHERE ${table}.${key} BETWEEN ? AND ?
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
