/** Files as the recorder saw them. */
import type { FileFact } from '#contract/event.ts';
import type { Wide } from '#contract/wide.ts';
import type Database from 'better-sqlite3';
import { formatWall } from './clock-map.ts';
import { definedOnly } from './defined.ts';
import { anyText, hexadecimal, integerOrNone, smallOrNone, unsignedWideOrNone, word, type Row } from './columns.ts';

/** File types in st_mode (inode(7)). */
const TYPES: Readonly<Record<number, NonNullable<FileFact['type']>>> = {
  0o010000: 'pipe',
  0o020000: 'character',
  0o040000: 'directory',
  0o060000: 'block',
  0o100000: 'regular',
  0o120000: 'link',
  0o140000: 'socket',
};

/** Filesystems without paths; named as /proc/PID/fd does. */
const PATHLESS: Readonly<Record<string, (inode: string, name: string) => string>> = {
  pipefs: (inode) => `pipe:[${inode}]`,
  sockfs: (inode) => `socket:[${inode}]`,
  anon_inodefs: (_, name) => `anon_inode:${name.replace(/^\//, '')}`,
};

/** A file's path as it is shown: where the filesystem has none, as /proc names it. `inode` is unsigned. */
export function shownPath(
  fs: string | undefined,
  inode: Wide | undefined,
  recorded: string | undefined,
): string | undefined {
  const pathless = fs === undefined ? undefined : PATHLESS[fs];
  return pathless && inode !== undefined ? pathless(String(inode), recorded ?? '') : recorded;
}

function readFile(row: Row): FileFact {
  const mode = smallOrNone(row, 'mode');
  const links = smallOrNone(row, 'links');
  const major = smallOrNone(row, 'dev_major');
  const minor = smallOrNone(row, 'dev_minor');
  const magic = integerOrNone(row, 'fs_magic');
  const modified = integerOrNone(row, 'mtime_wall_ns');
  const inode = unsignedWideOrNone(row, 'inode');
  const fs = anyText(row, 'fs_name');
  const recorded = anyText(row, 'path');
  const pathless = fs === undefined ? undefined : PATHLESS[fs];
  const path = shownPath(fs, inode, recorded);
  const type = mode === undefined ? undefined : (TYPES[mode & 0o170000] ?? 'other');
  return definedOnly<FileFact>({
    path,
    pathState: pathless ? 'whole' : word(row, 'path_state', ['whole', 'cut', 'unreadable'] as const),
    device: major === undefined || minor === undefined ? undefined : `${String(major)}:${String(minor)}`,
    inode,
    size: unsignedWideOrNone(row, 'size'),
    links,
    // Pipes and sockets are never linked; a file without a name is one that was removed, or never had one (memfd).
    deleted: links === undefined || type !== 'regular' ? undefined : links === 0,
    mode: mode === undefined ? undefined : `0${mode.toString(8).padStart(6, '0')}`, // "0100644"
    type,
    uid: smallOrNone(row, 'uid'),
    gid: smallOrNone(row, 'gid'),
    modified: modified === undefined ? undefined : formatWall(modified),
    fs,
    fsMagic: magic === undefined ? undefined : hexadecimal(magic),
    openFlags: smallOrNone(row, 'open_flags'),
  });
}

/** Rows that are kept: a few pages' worth. */
const KEPT = 4000;

export class Files {
  readonly #byId: Database.Statement<[bigint], Row>;
  readonly #known = new Map<bigint, FileFact>();

  constructor(database: Database.Database) {
    this.#byId = database.prepare<[bigint], Row>('SELECT * FROM file WHERE id = ?');
  }

  get(id: bigint): FileFact | undefined {
    const known = this.#known.get(id);
    if (known) return known;
    const row = this.#byId.get(id);
    if (!row) return undefined;
    const file = readFile(row);
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(id, file);
    return file;
  }
}
