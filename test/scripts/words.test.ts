/** What the pages say of the app's commands, held against the commands. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '#contract/commands.ts';
import { ROOT } from '../../scripts/places.ts';

const PAGES = ['README.md', ...readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'))];

test('an entry that opens a dialog has its name on each page that tells of it', () => {
  const known: readonly string[] = Object.values(COMMANDS).flatMap(({ title, group }) => [
    title,
    `${group} → ${title}`,
  ]);
  const told = PAGES.flatMap((page) => {
    const text = readFileSync(join(ROOT, page === 'README.md' ? '' : 'docs', page), 'utf8').replaceAll('\n', ' ');
    return [...text.matchAll(/_([^_|`]+…)_/g)].map(([, name]) => name);
  });
  expect(told).toContain(COMMANDS.attach.title);
  expect(told.filter((name) => !known.includes(name ?? ''))).toEqual([]);
});
