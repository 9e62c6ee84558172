/** Made-up captures: whole, sealed, the same for the same seed, and known for what they are. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, test } from 'vitest';
import { openCapture } from '#core/capture/open.ts';
import { SealWalk } from '#core/seal/verify.ts';
import { EventReader } from '#core/capture/events.ts';
import { Attempts } from '#core/attempt/attempts.ts';
import { captureContradictions } from '#core/attempt/capture-contradictions.ts';
import { makeCapture } from '../../scripts/make-capture/make.ts';
import { ROOT } from '../../scripts/places.ts';

const folder = mkdtempSync(join(tmpdir(), 'modtrail-made-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function made(events: number, seed = 1): string {
  const path = join(folder, `${String(events)}-${String(seed)}-${String(readdirSync(folder).length)}.modtrail`);
  makeCapture(path, { events, seed, version: '0' });
  return path;
}

const digest = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

function sealState(path: string): string {
  const capture = openCapture(path);
  try {
    const walk = new SealWalk(capture);
    for (;;) {
      const step = walk.step(1000);
      if ('verdict' in step) return step.verdict.text;
    }
  } finally {
    capture.close();
  }
}

describe.each([1, 2, 5, 7, 10, 199, 1000])('%i events', (events) => {
  const path = made(events);

  test('are exactly so many, in a whole file whose seal holds', () => {
    const database = new Database(path, { readonly: true });
    expect(database.prepare('SELECT count(*), max(seq) FROM event').raw().get()).toEqual([events, events]);
    // Also holds every row against the CHECKs of the schema.
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(database.pragma('foreign_key_check')).toEqual([]);
    database.close();
    expect(sealState(path)).toMatch(/^Every row is as it was recorded/);
  });

  test('are the same for the same seed, and others for another one', () => {
    expect(digest(made(events))).toBe(digest(path));
    expect(digest(made(events, 2))).not.toBe(digest(path));
  });
});

describe('20,000 events', () => {
  const path = made(20_000, 7);
  const capture = openCapture(path);
  const reader = new EventReader(capture);
  const attempts = new Attempts(capture, reader);
  attempts.survey.step(Infinity);
  const one = (sql: string): unknown => capture.database.prepare(sql).pluck().get();
  afterAll(() => {
    capture.close();
  });

  test('are known as made up', () => {
    expect(one('SELECT host FROM capture')).toBe('made-up');
    expect(one('SELECT collector_version FROM capture')).toBe('make-capture 0');
    expect(capture.completeness).toBe('finished');
    expect(sealState(path)).toMatch(/^Every row/);
  });

  test('have every verdict, and the contradictions that were put in and no others', () => {
    const counts = attempts.list.counts();
    for (const verdict of ['live', 'unloaded', 'rejected', 'init-failed', 'removed', 'refused', 'no-return'] as const) {
      expect(counts[verdict], verdict).toBeGreaterThan(0);
    }
    expect(counts.contradiction).toBe(3);
    expect(attempts.judge.hidden).toHaveLength(1);
    const started = one('SELECT started_boot_ns FROM capture') as bigint;
    const codes = captureContradictions(capture, attempts.judge.facts, started).map(({ code }) => code);
    expect(codes).toEqual(['load-without-call']);
  });

  test('have what people look for', () => {
    const rows = (where: string): number =>
      Number(one(`SELECT count(*) FROM event LEFT JOIN file ON file.id = event.file_id WHERE ${where}`));
    expect(rows("links = 0 AND path LIKE '/tmp/%'")).toBeGreaterThan(0);
    expect(rows("path LIKE '/memfd:%'")).toBeGreaterThan(0);
    for (const name of ['tmpfs', 'overlay', 'ext4', 'pipefs'])
      expect(rows(`fs_name = '${name}'`), name).toBeGreaterThan(0);
    expect(rows('repeat > 1 AND like_seq < seq')).toBeGreaterThan(100);
    expect(rows('repeat > 1 AND (like_seq IS NULL OR duration_ns IS NOT NULL OR ns <> first_ns)')).toBe(0);
    expect(rows("kind = 'module_request'")).toBeGreaterThan(100);
    expect(Number(one('SELECT count(*) FROM loss_fact'))).toBeGreaterThan(0);
    expect(Number(one('SELECT count(*) FROM call_return'))).toBeGreaterThan(0);
    expect(Number(one('SELECT count(DISTINCT sha256) FROM image_fact'))).toBeGreaterThan(900);
    expect(Number(one('SELECT count(DISTINCT mnt_ns) FROM process'))).toBeGreaterThan(10);
    expect(
      Number(one('SELECT count(*) FROM event JOIN event AS next ON next.seq = event.seq + 1 WHERE next.ns < event.ns')),
    ).toBeGreaterThan(100);
  });

  test('hold the clock, which was set once', () => {
    const steps = capture.clock.steps().filter(({ stepNs }) => stepNs > 1_000_000n || stepNs < -1_000_000n);
    expect(steps).toHaveLength(1);
  });
});

describe('the command', () => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [join(ROOT, 'scripts/make-capture.ts'), ...args], { encoding: 'utf8', cwd: folder });

  test('writes a file and says where', () => {
    const { status, stdout, stderr } = run('--events', '12', '--seed', '3', '--out', 'twelve.modtrail');
    expect([status, stdout]).toEqual([0, 'twelve.modtrail\n']);
    expect(stderr).toMatch(/^12 of 12 events, [\d,]+ a second, [\d.]+ s\n$/);
    expect(readdirSync(folder).filter((name) => name.startsWith('twelve'))).toEqual(['twelve.modtrail']);
  });

  test.each([
    [[], /^make-capture: usage: /],
    [['--events', '10'], /^make-capture: usage: /],
    [['--events', '0', '--out', 'x'], /^make-capture: --events is a whole number from 1 to 100000000, not '0'\n$/],
    [['--events', '1e3', '--out', 'x'], /not '1e3'\n$/],
    [['--events', '100000001', '--out', 'x'], /not '100000001'\n$/],
    [['--events', '10', '--seed', '-1', '--out', 'x'], /^make-capture: /],
    [['--events', '10', '--seed', 'one', '--out', 'x'], /^make-capture: --seed is a whole number/],
    [['--events', '10', '--out', 'x', '--fast'], /^make-capture: Unknown option '--fast'; usage: /],
    [['--events', '10', '--out', 'there'], /^make-capture: there is there already\n$/],
    [['--events', '10', '--out', 'nowhere/x'], /^make-capture: nowhere\/x cannot be written: /],
  ])('%j is refused in one line', (args, line) => {
    writeFileSync(join(folder, 'there'), '');
    const { status, stdout, stderr } = run(...args);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(line);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });
});
