/** The fuzz targets, each for a short time from the inputs that are kept in fuzz/corpus. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../../scripts/places.ts';

const FUZZ = join(ROOT, 'fuzz');
const SECONDS = 8;

/** The clang that has libFuzzer, as fuzz/Makefile finds it. */
const clang = spawnSync('make', ['-s', '-C', FUZZ, 'clang'], { encoding: 'utf8' }).stdout.trim();
const why = clang ? '' : ' (skipped: no clang with libFuzzer is installed)';

describe.skipIf(!clang)(`fuzzing${why}`, () => {
  let work = '';

  beforeAll(() => {
    work = mkdtempSync(join(tmpdir(), 'modtrail-fuzz-'));
    const built = spawnSync('make', ['-s', '-C', FUZZ], { encoding: 'utf8', maxBuffer: 1 << 26 });
    if (built.status !== 0) throw new Error(built.stderr);
  });

  afterAll(() => {
    rmSync(work, { recursive: true, force: true });
  });

  test.each(['control', 'records', 'options', 'key', 'stream', 'say'])('%s: nothing is found', (target) => {
    const run = spawnSync(join(FUZZ, 'run.sh'), [target, String(SECONDS)], {
      encoding: 'utf8',
      maxBuffer: 1 << 26,
      env: { ...process.env, KEEP: '0', TMPDIR: work },
    });
    expect(run.stderr.split('\n').filter((line) => /^(SUMMARY|fuzz:)|ERROR:/.test(line))).toEqual([]);
    expect(run.status).toBe(0);
    expect(Number(/stat::number_of_executed_units: (\d+)/.exec(run.stderr)?.[1])).toBeGreaterThan(100);
  });
});
