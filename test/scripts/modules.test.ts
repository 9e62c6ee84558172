import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ROOT } from '../../scripts/places.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modtrail-modules-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each(['modules of another lock file', 'nothing'])('a link to %s is refused, and its target left alone', (what) => {
  const [checkout, shared] = [join(folder, 'checkout'), join(folder, 'shared')];
  mkdirSync(join(checkout, 'scripts'), { recursive: true });
  for (const name of ['bootstrap.mjs', 'modules.mjs'])
    copyFileSync(join(ROOT, 'scripts', name), join(checkout, 'scripts', name));
  writeFileSync(join(checkout, 'package-lock.json'), '{}');
  symlinkSync(shared, join(checkout, 'node_modules'));
  if (what !== 'nothing') {
    mkdirSync(join(shared, '.bin'), { recursive: true });
    for (const name of ['.modtrail-lock', '.bin/node']) writeFileSync(join(shared, name), 'of another checkout');
  }

  // Where it is not refused, there is no npm that could install anything.
  const { status, stderr } = spawnSync(process.execPath, [join(checkout, 'scripts/bootstrap.mjs'), 'setup'], {
    encoding: 'utf8',
    env: { PATH: folder },
  });
  expect(status).toBe(2);
  expect(stderr).toBe(
    'modtrail: node_modules is a link to modules that do not fit package-lock.json; remove the link\n',
  );
  expect(readdirSync(folder).sort()).toEqual(what === 'nothing' ? ['checkout'] : ['checkout', 'shared']);
  if (what !== 'nothing') expect(readdirSync(shared).sort()).toEqual(['.bin', '.modtrail-lock']);
});
