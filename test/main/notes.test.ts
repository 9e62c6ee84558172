import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Annotation, CaseFile } from '#contract/notes.ts';
import { NotesFolder, readCase, writeCase } from '../../main/app/notes.ts';

const UUID = '0b6ad1f2-5a0e-4b0e-9c58-0f4c2f5f6a11';
const NOTE: Annotation = {
  target: { kind: 'attempt', callId: 7 },
  about: 'attempt 7: evil, live',
  ns: '9223372036854775807',
  bookmarked: true,
  tags: ['odd'],
  text: 'first line\nsecond line',
  author: 'analyst',
  changed: '2026-01-02T03:04:05.000Z',
};
const CASE: CaseFile = {
  ...{ format: 'modtrail-case', version: 1, written: '2026-01-02T03:04:05.000Z' },
  ...{ capture: { uuid: UUID, name: 'one.modtrail' }, annotations: [NOTE], views: [{ name: 'v', view: 'attempts' }] },
};

let folder: string;
let notes: NotesFolder;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modtrail-notes-'));
  notes = new NotesFolder(join(folder, 'notes'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const file = (): string => join(folder, 'notes', `${UUID}.json`);

test('notes are kept by the uuid of their capture, readable by their user alone', () => {
  expect(notes.read(UUID)).toMatchObject({ ok: true, value: { annotations: [] } });
  expect(notes.write(UUID, [NOTE])).toEqual({ ok: true, value: null });
  expect(new NotesFolder(join(folder, 'notes')).read(UUID)).toMatchObject({ value: { annotations: [NOTE] } });
  expect(notes.read(UUID.replace('0b', '0c'))).toMatchObject({ value: { annotations: [] } });
  expect(statSync(file()).mode & 0o777).toBe(0o600);
});

test('a write replaces the file as a whole and leaves nothing beside it', () => {
  notes.write(UUID, [NOTE]);
  const before = statSync(file()).ino;
  notes.write(UUID, []);
  expect(statSync(file()).ino).not.toBe(before);
  expect(readdirSync(join(folder, 'notes'))).toEqual([`${UUID}.json`]);
});

test('a uuid that is none names no file outside of the folder', () => {
  for (const odd of ['../../etc/passwd', '', 'a/b', '\0']) {
    expect(notes.write(odd, [NOTE]).ok).toBe(true);
    expect(notes.read(odd)).toMatchObject({ value: { annotations: [NOTE] } });
  }
  expect(readdirSync(folder)).toEqual(['notes']);
  expect(readdirSync(join(folder, 'notes')).every((name) => /^[0-9a-f]{64}\.json$/.test(name))).toBe(true);
});

test('a damaged file is put aside with its bytes, and told once', () => {
  mkdirSync(join(folder, 'notes'));
  writeFileSync(file(), '{"version":1,"uuid":"cut');
  const found = notes.read(UUID);
  if (!found.ok || found.value.keptAside === undefined) throw new Error('it was not put aside');
  expect(readFileSync(found.value.keptAside, 'utf8')).toBe('{"version":1,"uuid":"cut');
  expect(existsSync(file())).toBe(false);
  const again = notes.read(UUID);
  expect(again.ok && again.value.keptAside).toBeUndefined();
});

test('a folder in the place of the file is told, and nothing is put aside', () => {
  mkdirSync(file(), { recursive: true });
  expect(notes.read(UUID)).toMatchObject({ ok: false, error: { code: 'not-readable' } });
  expect(notes.write(UUID, [NOTE])).toMatchObject({ ok: false, error: { code: 'not-writable' } });
  expect(readdirSync(join(folder, 'notes'))).toEqual([`${UUID}.json`]);
});

test('more than a file may hold is refused, and the file stays', () => {
  notes.write(UUID, [NOTE]);
  const large = Array.from({ length: 1000 }, (_, callId): Annotation => ({
    ...NOTE,
    target: { kind: 'attempt', callId },
    text: 'x'.repeat(20_000),
  }));
  expect(notes.write(UUID, large)).toMatchObject({ ok: false, error: { code: 'not-writable' } });
  expect(notes.read(UUID)).toMatchObject({ value: { annotations: [NOTE] } });
});

test('any file is read without a crash, and its bytes are still somewhere', () => {
  mkdirSync(join(folder, 'notes'));
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string(), fc.uint8Array({ maxLength: 200 })), fc.nat(), (bytes, moment) => {
      writeFileSync(file(), bytes);
      const found = notes.read(UUID, new Date(moment * 1000));
      if (!found.ok) throw new Error(found.error.message);
      expect(readFileSync(found.value.keptAside ?? file())).toEqual(Buffer.from(bytes as string));
      rmSync(found.value.keptAside ?? file());
    }),
  );
});

test('a case comes back as it was written', () => {
  const path = join(folder, 'one.modtrail-case');
  expect(writeCase(path, CASE)).toEqual({ ok: true, value: null });
  expect(readCase(path)).toEqual({ ok: true, value: CASE });
});

test.each([
  ['not-found', undefined],
  ['bad-request', 'no JSON'],
  ['bad-request', '{}'],
  ['newer-format', JSON.stringify({ ...CASE, version: 2 })],
  ['damaged', JSON.stringify({ ...CASE, annotations: [{ ...NOTE, text: 7 }] })],
  [
    'damaged',
    JSON.stringify({ ...CASE, annotations: [{ ...NOTE, tags: Array.from({ length: 17 }, (_, tag) => String(tag)) }] }),
  ],
  ['damaged', JSON.stringify({ ...CASE, annotations: [{ ...NOTE, text: 'x'.repeat(20_001) }] })],
])('a case that cannot be used is told as %s', (code, text) => {
  const path = join(folder, 'odd.modtrail-case');
  if (text !== undefined) writeFileSync(path, text);
  expect(readCase(path)).toMatchObject({ ok: false, error: { code } });
});
