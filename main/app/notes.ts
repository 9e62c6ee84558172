/**
 * Notes on captures, a file for each in the user's data folder, found by the capture's uuid: one that was moved or copied
 * finds its notes. A file that cannot be read is put aside before another one takes its place, so nothing written is lost.
 */
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { MOST_ABOUT, MOST_CASE_BYTES, type Annotation, type CaseFile, type KeptNotes } from '#contract/notes.ts';
import { fail, ok, type Result } from '#contract/result.ts';
import { z } from 'zod';
import { replaceFile } from './json-file.ts';
import { annotationsShape, caseShape } from './note-shapes.ts';

const kept = z.strictObject({ version: z.literal(1), uuid: z.string().max(4096), annotations: annotationsShape });

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export class NotesFolder {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Notes on the capture with that uuid; none where nothing was noted. Failing to read leaves the file as it is. */
  read(uuid: string, now: Date = new Date()): Result<KeptNotes> {
    const path = this.#pathOf(uuid);
    const text = readWhole(path);
    if (!text.ok) return text.error.code === 'not-found' ? ok({ annotations: [], author: author() }) : text;
    const found = kept.safeParse(parsed(text.value)).data;
    if (found?.uuid === uuid) return ok({ annotations: found.annotations, author: author() });
    const aside = `${path}.unreadable-${now.toISOString().replaceAll(':', '')}`;
    try {
      renameSync(path, aside);
    } catch (error) {
      return fail('damaged', `the notes in ${path} cannot be read, nor put aside`, String(error));
    }
    return ok({ annotations: [], author: author(), keptAside: aside });
  }

  /** Replaces the notes as a whole. */
  write(uuid: string, annotations: readonly Annotation[]): Result<null> {
    return writeWhole(this.#pathOf(uuid), { version: 1, uuid, annotations });
  }

  /** A uuid comes from the evidence: it names a file only where it is one. */
  #pathOf(uuid: string): string {
    const name = UUID.test(uuid) ? uuid : createHash('sha256').update(uuid).digest('hex');
    return join(this.#folder, `${name}.json`);
  }
}

/** A case file that somebody chose. */
export function readCase(path: string): Result<CaseFile> {
  const text = readWhole(path);
  if (!text.ok) return text;
  const value = parsed(text.value);
  const { format, version } = z
    .looseObject({ format: z.unknown(), version: z.unknown() })
    .catch({ format: '', version: 0 })
    .parse(value);
  if (format !== 'modtrail-case') return fail('bad-request', `${path} is not a case file`);
  if (typeof version === 'number' && version > 1)
    return fail('newer-format', `${path} was written by a newer Modtrail (case file version ${String(version)})`);
  const found = caseShape.safeParse(value);
  if (found.success) return ok(found.data);
  const [issue] = found.error.issues;
  return fail('damaged', `${path} is a damaged case file`, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
}

export const writeCase = (path: string, file: CaseFile): Result<null> => writeWhole(path, file);

function readWhole(path: string): Result<string> {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return fail('not-readable', `${path} is not a file`);
    if (stats.size > MOST_CASE_BYTES) return fail('damaged', `${path} is larger than any file of notes may be`);
    return ok(readFileSync(path, 'utf8'));
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return missing
      ? fail('not-found', `${path} is not there`)
      : fail('not-readable', `${path} cannot be read`, String(error));
  }
}

function writeWhole(path: string, value: unknown): Result<null> {
  const text = `${JSON.stringify(value, undefined, 2)}\n`;
  if (Buffer.byteLength(text) > MOST_CASE_BYTES)
    return fail('not-writable', 'the notes are more than a file of notes may hold (16 MiB); nothing was saved');
  try {
    replaceFile(path, text);
    return ok(null);
  } catch (error) {
    return fail('not-writable', `the notes could not be saved in ${path}`, String(error));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function author(): string {
  try {
    return userInfo().username.slice(0, MOST_ABOUT);
  } catch {
    // The user's id may be in no list of users.
    return `uid ${String(process.getuid?.() ?? '')}`.trim();
  }
}
