/** `modtrail modules` and `modtrail processes` on the sample: they count what `attempts` lists. */
import { expect, test } from 'vitest';
import type { Attempt } from '#contract/attempt.ts';
import { SAMPLE } from '../../scripts/places.ts';
import { run } from './run.ts';

function jsonOf<Row>(...words: readonly string[]): Row[] {
  const { stdout, status, stderr } = run(...words, SAMPLE, '--json');
  expect([status, stderr]).toEqual([0, '']);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
}

interface Counted {
  readonly verdicts: Readonly<Record<string, number>>;
  readonly names: { readonly first: readonly string[] };
  readonly sha256?: string;
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, one) => all + one, 0);

const attempts = jsonOf<Attempt>('attempts');

test('modules count every attempt once, by name and by image', () => {
  for (const by of ['name', 'image']) {
    const rows = jsonOf<Counted>('modules', '--by', by);
    expect(rows.reduce((all, { verdicts }) => all + sum(verdicts), 0)).toBe(attempts.length);
  }
  const dummy = jsonOf<Counted>('modules').find(({ names }) => names.first[0] === 'dummy');
  expect(sum(dummy?.verdicts ?? {})).toBe(attempts.filter(({ module }) => module?.name === 'dummy').length);
});

test('processes stand as a tree in which every attempt is somebody’s own', () => {
  const rows = jsonOf<{ own: Record<string, number>; tree: Record<string, number>; parent?: number }>('processes');
  expect(rows.reduce((all, { own }) => all + sum(own), 0)).toBe(attempts.length);
  const roots = rows.filter(({ parent }) => parent === undefined);
  expect(roots.reduce((all, { tree }) => all + sum(tree), 0)).toBe(attempts.length);
});

test('both print a table, and name what they do not know', () => {
  expect(run('modules', SAMPLE).stdout).toMatch(/^MODULES +ATTEMPTS/);
  expect(run('processes', SAMPLE).stdout).toMatch(/^PROCESS +ATTEMPTS OF ITS TREE/);
  const { status, stderr } = run('modules', SAMPLE, '--by', 'host');
  expect(status).toBe(2);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
