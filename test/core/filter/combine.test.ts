/** A filter that another condition is added to: read again, it is both, and nothing else. */
import { expect, test } from 'vitest';
import { combineFilter, type Combination } from '#contract/filter-term.ts';
import { parseFilter } from '#core/filter/parse.ts';
import type { Tree } from '#core/filter/tree.ts';
import { randomFrom } from './trees.ts';

const treeOf = (text: string): Tree | undefined => parseFilter(text, 'events').tree;

/** Chains within chains of the same kind are one. */
function flat(tree: Tree): Tree {
  if (tree.kind === 'not') return { kind: 'not', part: flat(tree.part) };
  if (tree.kind !== 'and' && tree.kind !== 'or') return tree;
  const parts = tree.parts.map(flat).flatMap((part) => (part.kind === tree.kind ? part.parts : [part]));
  return parts.length === 1 && parts[0] ? parts[0] : { kind: tree.kind, parts };
}

const HOWS: readonly Exclude<Combination, 'only'>[] = ['and', 'or', 'and not', 'or not'];

function expectBoth(existing: string, how: (typeof HOWS)[number], term: string): void {
  const [before, added] = [treeOf(existing), treeOf(term)];
  if (!before || !added) throw new Error(`no filter: ${existing} / ${term}`);
  const second: Tree = how.endsWith('not') ? { kind: 'not', part: added } : added;
  const wanted: Tree = { kind: how.startsWith('and') ? 'and' : 'or', parts: [before, second] };
  const combined = combineFilter(existing, how, term);
  const tree = treeOf(combined);
  expect(tree && flat(tree), `${existing}, ${how}: ${term} => ${combined}`).toEqual(flat(wanted));
}

/** Quotes, joints and brackets wherever they are something else than they look like. */
const CONDITIONS = [
  "process.comm != it's",
  "process.comm == don't",
  "it's",
  "'a or b'",
  "'or'",
  '"a\\"or b"',
  'process.comm == "x\\\\"',
  "process.argv contains '\"'",
  "process.comm == '('",
  'process.comm == ")"',
  'process.comm in { "or", \'}\' }',
  'errno in {EPERM}',
  'foo in-tree',
  'foo contains-x',
  'foo bar',
  'foo "in" x',
  'foo\\',
  'foo #or',
  'a\u00a0b',
  'x"y"',
  'hidden',
  'has pid',
  'not has module.name',
  '!hidden',
  '(pid == 1 or pid == 2)',
  '(it\'s or "(")',
  'pid==1',
];

test('a quote within a word opens no text', () => {
  expect(combineFilter("process.comm != it's or pid == 539", 'and', 'kind == module_load')).toBe(
    "(process.comm != it's or pid == 539) and kind == module_load",
  );
});

test('every condition with every other one', () => {
  for (const existing of CONDITIONS)
    for (const term of CONDITIONS) for (const how of HOWS) expectBoth(existing, how, term);
});

test('chains of conditions', () => {
  const random = randomFrom(3);
  const one = <T>(of: readonly [T, ...T[]] | readonly T[]): T => of[Math.floor(random() * of.length)] as T;
  const chain = (): string => {
    const [first, second, third] = [one(CONDITIONS), one(CONDITIONS), one(CONDITIONS)];
    return `${first}${one([' or ', ' OR\t', '||', ' || ', '\nor '])}${second}${one([' and ', '&&', ' or '])}${third}`;
  };
  let combined = 0;
  for (let count = 0; count < 4000; count++) {
    const [existing, term] = [chain(), chain()];
    if (!treeOf(existing) || !treeOf(term)) continue;
    expectBoth(existing, one(HOWS), term);
    combined++;
  }
  expect(combined).toBeGreaterThan(2000);
});
