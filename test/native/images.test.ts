/** Images that arrive side by side: each is stored from its first byte to its last, whichever is whole first. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../lab/boot/run.ts';
import { COLLECTOR, ROOT } from '../../scripts/places.ts';

const PIECE = 131_072;
const PIECES = 24;
const LIBRARIES = ['-lsodium', '-lbpf', '-lelf', '-lz', '-lsqlite3', '-lm', '-ldl', '-lpthread'];

let work = '';

beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'modtrail-images-'));
  const native = join(ROOT, 'native');
  const sources = readdirSync(native).filter((name) => name.endsWith('.c') && name !== 'main.c');
  run('cc', [
    ...['-std=gnu11', '-O1', '-D_GNU_SOURCE', `-DSCHEMA="${join(ROOT, 'contract/schema.sql')}"`],
    `-DBPF_OBJECT="${join(COLLECTOR, '../build/modtrail.bpf.o')}"`,
    ...[join(ROOT, 'test/native/images.c'), ...sources.map((name) => join(native, name)), join(native, 'embed.S')],
    ...['-o', join(work, 'images'), ...LIBRARIES],
  ]);
});

afterAll(() => {
  rmSync(work, { recursive: true, force: true });
});

/** The images of a capture: how many bytes they should have, and those that they have. */
function imagesIn(path: string): { size: number; bytes: Buffer }[] {
  const database = new Database(path, { readonly: true });
  const chunks = database.prepare<[number, number], { image_id: number; offset: number; bytes: Buffer }>(
    'SELECT image_id, offset, bytes FROM image_chunk WHERE id BETWEEN ? AND ? ORDER BY id',
  );
  const images = database
    .prepare<[], { id: number; size: number; first: number; count: number }>(
      'SELECT id, size, first_chunk AS first, chunks AS count FROM image ORDER BY id',
    )
    .all()
    .map(({ id, size, first, count }) => {
      const parts = chunks.all(first, first + count - 1);
      for (const part of parts) expect(part.image_id).toBe(id);
      return { size, bytes: Buffer.concat(parts.map((part) => part.bytes)) };
    });
  database.close();
  return images;
}

test('an image that becomes whole while another one is being written waits for it', () => {
  const capture = join(work, 'x.modtrail');
  run(join(work, 'images'), [capture]);
  const sent = [1, 2].map((tid) =>
    Buffer.concat(Array.from({ length: PIECES }, (_, at) => Buffer.alloc(PIECE, tid + at))),
  );
  const stored = imagesIn(capture);
  expect(stored).toHaveLength(2);
  for (const { size } of stored) expect(size).toBe(PIECE * PIECES);
  for (const bytes of sent) expect(stored.filter((image) => image.bytes.equals(bytes))).toHaveLength(1);
});
