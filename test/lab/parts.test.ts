/** --rotate on a real kernel: files that each are whole, images that are in one of them, a call that goes through all. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { captureRowOf, lossesIn, stopOf } from '../native/rows.ts';
import { attemptsOf } from '../native/modtrail.ts';
import { walkSeal } from '../native/walk-seal.ts';
import { inGuest, type Outcome } from './guest.ts';
import { lineOf } from './lines.ts';

const MAX = 4_000_000;

interface Stored {
  readonly id: number;
  readonly sha256: string;
  readonly size: number;
}

function ask<T>(path: string, sql: string): T[] {
  const database = new Database(path, { readonly: true });
  try {
    return database.prepare<[], T>(sql).all();
  } finally {
    database.close();
  }
}

/** The images whose bytes are there and give their hash. */
function wholeImagesIn(path: string): Stored[] {
  const rows = ask<Stored>(path, 'SELECT id, lower(hex(sha256)) AS sha256, size FROM image');
  for (const { id, sha256, size } of rows) {
    const chunks = ask<{ bytes: Buffer }>(
      path,
      `SELECT bytes FROM image_chunk WHERE image_id = ${String(id)} ORDER BY id`,
    );
    const bytes = Buffer.concat(chunks.map((chunk) => chunk.bytes));
    expect([createHash('sha256').update(bytes).digest('hex'), bytes.length]).toEqual([sha256, size]);
  }
  return rows;
}

describe('6.1', () => {
  let outcome: Outcome;
  let parts: string[] = [];
  const left = (name: string): string[] => readFileSync(join(outcome.out, name), 'utf8').trim().split('\n');

  beforeAll(async () => {
    outcome = await inGuest(lineOf('6.1'), 'parts.sh', '--scan-interval 0', { disk: true, timeoutMs: 480_000 });
    parts = readdirSync(join(outcome.out, 'parts'))
      .map((name) => join(outcome.out, 'parts', name))
      .sort((a, b) => (captureRowOf(a)?.part ?? 0) - (captureRowOf(b)?.part ?? 0));
  });

  afterAll(() => {
    rmSync(dirname(outcome.out), { recursive: true, force: true });
  });

  test('each file is whole, no larger than asked for, and the chain goes on', () => {
    expect(parts.length).toBeGreaterThanOrEqual(3);
    let before: string | undefined;
    for (const [index, path] of parts.entries()) {
      const walked = walkSeal(path);
      expect(walked.previous).toBe(before);
      expect(captureRowOf(path)?.part).toBe(index + 1);
      expect(stopOf(path)?.reason).toBe(index + 1 < parts.length ? 'rotated' : 'signal');
      expect(statSync(path).size).toBeLessThanOrEqual(MAX);
      expect(lossesIn(path)).toEqual({});
      const snapshots = ask<{ reason: string }>(path, 'SELECT reason FROM snapshot_fact ORDER BY seq');
      expect(snapshots.map(({ reason }) => reason)).toEqual(['start', 'stop']);
      before = walked.head;
    }
  });

  test('every load is whole in exactly one file', () => {
    const attempts = parts.flatMap((path) => attemptsOf(path));
    const loads = attempts.filter(({ operation, module }) => operation === 'load' && module?.name === 'mt_base');
    // One that is open at a turn is pending in the file before it, too.
    const ended = loads.filter(({ returnValue }) => returnValue !== undefined);
    expect(new Set(ended.map(({ callId }) => callId)).size).toBe(45);
    expect(ended.length).toBe(45);
  });

  test('the call that does not return is pending in every file, with one call id', () => {
    const pending = parts.map((path) =>
      ask<{ call_id: number; process_id: number }>(
        path,
        `SELECT call_id, process_id FROM event JOIN argument_text USING (seq)
         WHERE kind = 'finit_module' AND return_value IS NULL AND phase = 'entry' AND CAST(bytes AS TEXT) = 'ms=600000'`,
      ),
    );
    expect(pending.map((rows) => rows.length)).toEqual(parts.map(() => 1));
    expect(new Set(pending.map((rows) => rows[0]?.call_id)).size).toBe(1);
    for (const [index, path] of parts.entries()) {
      const id = String(pending[index]?.[0]?.process_id);
      expect(
        ask(path, `SELECT 1 FROM process WHERE id = ${id} AND CAST(comm AS TEXT) IN ('insmod', 'busybox')`),
      ).toHaveLength(1);
    }
  });

  test('images lie whole in one file, and again in each file that speaks of them', () => {
    const stored = parts.map(wholeImagesIn);
    const all = stored.flat().map(({ sha256 }) => sha256);
    for (const sha256 of left('given.txt')) expect(all).toContain(sha256);
    for (const [index, path] of parts.entries()) {
      const kept = ask<{ image_id: number }>(path, "SELECT DISTINCT image_id FROM image_fact WHERE state = 'kept'");
      expect(stored[index]?.map(({ id }) => id).sort()).toEqual(kept.map(({ image_id }) => image_id).sort());
      expect(ask(path, 'SELECT 1 FROM image_chunk WHERE image_id NOT IN (SELECT id FROM image)')).toEqual([]);
    }
  });

  test('an image that is larger than a file is hashed and said to have no room', () => {
    const [large] = left('large.txt');
    const facts = parts.flatMap((path) =>
      ask(path, `SELECT state, reason, size FROM image_fact WHERE lower(hex(sha256)) = '${large ?? ''}'`),
    );
    expect(facts.length).toBeGreaterThan(0);
    for (const fact of facts) expect(fact).toEqual({ state: 'skipped', reason: 'no-room', size: 4_500_000 });
  });
});
