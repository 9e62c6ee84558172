/** docs/privileges.md and the filter itself name the same system calls. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../../scripts/places.ts';

/** What lies between two texts. */
function between(text: string, begin: string, end: string): string {
  const from = text.indexOf(begin) + begin.length;
  return text.slice(from, text.indexOf(end, from));
}

const names = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name]) => name ?? '');

test('the calls that are left are those of the table, and those that --keep brings', () => {
  const page = readFileSync(join(ROOT, 'docs/privileges.md'), 'utf8');
  const table = between(page, '## System calls that are left', 'There is no `execve`');
  const cells = table.split('\n').flatMap((line) => line.split('|').slice(1, 3));
  const kept = between(page, 'With it, and\nwith it alone, ', ', are left among the calls');
  const told = [...cells, kept].flatMap((cell) => names(cell, /`([a-z][a-z0-9_]*)`/g));
  const filter = readFileSync(join(ROOT, 'native/seccomp.c'), 'utf8');
  expect(told.toSorted()).toEqual([...new Set(names(filter, /__NR_(\w+)/g))].toSorted());
});
