/** The recorder is one small file that needs nothing on the machine that it is copied to. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { COLLECTOR } from '../../scripts/places.ts';

const why = existsSync(COLLECTOR) ? '' : ' (skipped: the recorder is not built)';

describe.skipIf(!existsSync(COLLECTOR))(`the program${why}`, () => {
  test('is under 5 MB', () => {
    expect(statSync(COLLECTOR).size).toBeLessThan(5_000_000);
  });

  test('is static: it names no loader and no library', () => {
    expect(readFileSync(COLLECTOR).includes('/ld-linux')).toBe(false);
  });

  test('runs with an empty environment and nothing but itself', () => {
    const ran = spawnSync(COLLECTOR, ['--version'], { env: {}, encoding: 'utf8' });
    expect(ran.stdout).toMatch(/^modtrail-collector \d+\.\d+\.\d+\n$/);
  });
});
