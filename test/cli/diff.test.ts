import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModuleDiff } from '#contract/diff.ts';
import { rows, run, SAMPLE } from './run.ts';

describe('diff', () => {
  let folder = '';
  let hash = '';
  let params = '';
  let badmagic = '';

  function extract(file: string): string {
    const found = rows(run('images', SAMPLE, '--json').stdout).find((row) =>
      (row['paths'] as string[]).some((path) => path.endsWith(`/${file}`)),
    );
    hash = String(found?.['sha256']);
    const out = join(folder, file);
    expect(run('extract', SAMPLE, '--image', hash, '--out', out).status).toBe(0);
    return out;
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'modtrail-diff-'));
    badmagic = extract('mt_badmagic.ko');
    params = extract('mt_params.ko');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test('the same: exit code 0; another: 1, and what differs', () => {
    const same = run('diff', params, params);
    expect([same.status, same.stderr]).toEqual([0, '']);
    expect(same.stdout).toContain('Both are the same, bit for bit.');
    const other = run('diff', params, badmagic);
    expect([other.status, other.stderr]).toEqual([1, '']);
    expect(other.stdout).toMatch(/^ {2}- vermagic: 6\.1\..*\n {2}\+ vermagic: 0\.1\./m);
    const json = JSON.parse(run('diff', params, badmagic, '--json').stdout) as ModuleDiff;
    expect(json).toMatchObject({ version: 1, identical: false, a: { file: params }, b: { file: badmagic } });
  });

  test('the image of a capture against a file', () => {
    expect(run('diff', SAMPLE, params, '--image', hash.slice(0, 12)).status).toBe(0);
    const other = run('diff', SAMPLE, badmagic, '--image', hash);
    expect(other.status).toBe(1);
    expect(other.stdout).toContain(`+ ${hash}.ko`);
    const nothing = run('diff', SAMPLE, '--image', hash);
    expect(nothing.status).toBe(2);
    expect(nothing.stderr).toMatch(/mt_params\.ko is not here; name the file to compare with\n$/);
  });

  test('what cannot be compared is one line', () => {
    for (const args of [[params], [params, SAMPLE], [join(folder, 'none'), params]]) {
      const { status, stderr } = run('diff', ...args);
      expect(status).toBe(2);
      expect(stderr).toMatch(/^modtrail: .+\n$/);
      expect(stderr).not.toContain('defect');
    }
    expect(run('diff', params, params, '--certificates', folder).stderr).toContain('there is no certificate in it');
  });
});
