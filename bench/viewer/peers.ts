/**
 * What people look at such records with today, on the same events in the same run. Each question is a process of its own, as it
 * is on the command line, with the file in the cache: the first of them is asked twice and the second time counts.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, openSync, closeSync, statSync } from 'node:fs';
import { NODE, ROOT } from '../../scripts/places.ts';
import { join } from 'node:path';
import type { Numbers } from './deeds.ts';

export interface Peer {
  readonly name: string;
  /** Why it was left out. */
  readonly missing?: string;
  readonly numbers: Numbers;
}

/** Longest time for one question, in milliseconds. */
const LONGEST = 10 * 60_000;

export function has(program: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$1"', 'sh', program]).status === 0;
}

/** Milliseconds of a shell's line, with `$1` the file; undefined where it failed or took too long. */
function timed(line: string, file: string): number | undefined {
  const start = performance.now();
  const ran = spawnSync('sh', ['-c', line, 'sh', file], { stdio: ['ignore', 'ignore', 'ignore'], timeout: LONGEST });
  return ran.status === 0 ? performance.now() - start : undefined;
}

export function asked(name: string, program: string, file: string, lines: Readonly<Record<string, string>>): Peer {
  if (!has(program)) return { name, missing: `${program} is not installed`, numbers: {} };
  const [first] = Object.values(lines);
  if (first !== undefined) timed(first, file);
  return { name, numbers: Object.fromEntries(Object.entries(lines).map(([what, line]) => [what, timed(line, file)])) };
}

const sql = (text: string): string => `sqlite3 -readonly "$1" "${text}"`;

/** DB Browser's way: the rows are counted before any is shown, and a page is found by its number. */
export function browser(file: string, events: number): Peer {
  const page = (order: string, offset: number, where = ''): string =>
    `SELECT * FROM event ${where} ORDER BY ${order} LIMIT 200 OFFSET ${String(offset)}`;
  const counted = (where = ''): string => `SELECT count(*) FROM event ${where}`;
  const kind = "WHERE kind = 'init_module'";
  const comm = "WHERE process_id IN (SELECT id FROM process WHERE comm = 'insmod')";
  const path = "WHERE file_id IN (SELECT id FROM file WHERE path LIKE '%/tmp%')";
  return asked('sqlite3, as DB Browser asks', 'sqlite3', file, {
    'first screen': sql(`${counted()}; ${page('seq', 0)}`),
    'page in the middle': sql(page('seq', Math.floor(events / 2))),
    'kind: first rows': sql(`${counted(kind)}; ${page('seq', 0, kind)}`),
    'kind: exact count': sql(counted(kind)),
    'comm: first rows': sql(`${counted(comm)}; ${page('seq', 0, comm)}`),
    'comm: exact count': sql(counted(comm)),
    'path: first rows': sql(`${counted(path)}; ${page('seq', 0, path)}`),
    'path: exact count': sql(counted(path)),
    'events by kind': sql(page('kind', 0)),
    'events by returned': sql(page('return_value', 0)),
    'events by what': sql(page('file_id', 0)),
  });
}

/** The events as lines of JSON; undefined where they could not be written. */
export function exported(capture: string, file: string): boolean {
  if (existsSync(file) && statSync(file).size > 0) return true;
  const out = openSync(file, 'w');
  const ran = spawnSync(NODE, [join(ROOT, 'cli/main.ts'), 'events', capture, '--json'], {
    stdio: ['ignore', out, 'inherit'],
  });
  closeSync(out);
  return ran.status === 0;
}

/** The lines that jq and grep keep of them; a screen is forty. */
export function liners(file: string): Peer[] {
  const tsv = "'[.seq, .time, .kind, .process.comm, .returned] | @tsv'";
  const jq = (keeps: string, then: string): string => `jq -c 'select(${keeps})' "$1" | ${then}`;
  const grep = (text: string, then: string): string => `grep -F '${text}' "$1" | ${then}`;
  return [
    asked('jq', 'jq', file, {
      'first screen': `jq -r ${tsv} "$1" | head -n 40`,
      'first screen, all counted': `jq -r ${tsv} "$1" | wc -l`,
      'kind: first rows': jq('.kind == "init_module"', 'head -n 40'),
      'kind: exact count': jq('.kind == "init_module"', 'wc -l'),
      'comm: first rows': jq('.process.comm == "insmod"', 'head -n 40'),
      'comm: exact count': jq('.process.comm == "insmod"', 'wc -l'),
      'path: first rows': jq('.file.path // "" | contains("/tmp")', 'head -n 40'),
      'path: exact count': jq('.file.path // "" | contains("/tmp")', 'wc -l'),
      'events by kind': `jq -s -r 'sort_by(.kind)[:40][] | .seq' "$1"`,
    }),
    asked('grep', 'grep', file, {
      'first screen': 'head -n 40 "$1"',
      'first screen, all counted': 'wc -l "$1"',
      'kind: first rows': grep('"kind":"init_module"', 'head -n 40'),
      'kind: exact count': grep('"kind":"init_module"', 'wc -l'),
      'comm: first rows': grep('"comm":"insmod"', 'head -n 40'),
      'comm: exact count': grep('"comm":"insmod"', 'wc -l'),
      'path: first rows': grep('/tmp', 'head -n 40'),
      'path: exact count': grep('/tmp', 'wc -l'),
      'word: first rows': grep('insmod', 'head -n 40'),
      'word: exact count': grep('insmod', 'wc -l'),
    }),
  ];
}
