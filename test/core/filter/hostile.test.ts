/** Whatever is typed: no crash, no hanging, each error in its place, and nothing of it in the SQL. */
import fc from 'fast-check';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { FILTER_TABLES } from '#contract/filter.ts';
import { ClockMap } from '#core/capture/clock-map.ts';
import { schemaText } from '#core/capture/schema.ts';
import { compileTree } from '#core/filter/compile.ts';
import { completeFilter } from '#core/filter/complete.ts';
import { FIELDS } from '#core/filter/fields.ts';
import { addFilterFunctions } from '#core/filter/functions.ts';
import { KEYWORDS, OPERATORS } from '#core/filter/operators.ts';
import { parseFilter } from '#core/filter/parse.ts';
import { compilePattern } from '#core/filter/pattern.ts';
import { randomFrom } from './trees.ts';

const TIME = { clock: new ClockMap([{ bootNs: 0n, wallNs: 1_700_000_000_000_000_000n }]), startNs: 0n };

const PIECES = [
  ...FIELDS.map(({ name }) => name),
  ...OPERATORS,
  ...KEYWORDS,
  ...[
    '(',
    ')',
    '{',
    '}',
    ',',
    '..',
    '&&',
    '||',
    '!',
    '"',
    "'",
    '\\',
    ' ',
    '\n',
    '=',
    '&',
    '|',
    '<>',
    '~',
    '%',
    '_',
    '*',
  ],
  ...[
    'EPERM',
    '0x2a',
    '-1',
    '1.5ms',
    '64KiB',
    '2026-01-31T00:00:00Z',
    '+5s',
    '"a b"',
    "';DROP TABLE event;--",
    '\0',
    '\ud800',
  ],
  ...[
    'true',
    'loss',
    'finit_module',
    'live',
    'O',
    '0644',
    '"(a+)+$"',
    'évil',
    '🦠',
    'zqzq',
    '\u00a0',
    '__proto__',
    'constructor',
  ],
] as const;

function randomText(random: () => number): string {
  const pieces = Array.from({ length: 1 + Math.floor(random() * 14) }, () => {
    const piece = PIECES[Math.floor(random() * PIECES.length)] ?? '';
    if (random() > 0.15) return piece;
    // A slip of the finger.
    const at = Math.floor(random() * (piece.length + 1));
    return random() < 0.5 ? piece.slice(0, at) + piece.slice(at + 1) : `${piece.slice(0, at)}q${piece.slice(at)}`;
  });
  return pieces.join(random() < 0.8 ? ' ' : '');
}

const database = new Database(':memory:');
database.exec(schemaText());
addFilterFunctions(database, {
  get judge(): never {
    throw new Error('there is no call to judge');
  },
  survey: { verdictAt: () => undefined, sharedLoad: () => undefined, kernelsName: () => undefined },
});

/** Words of the conditions' own making. */
const OWN_SQL = /^[\w\s.,'"()?+|&<>=:*%\\-]*$/;

function examine(text: string, index: number): boolean {
  const table = FILTER_TABLES[index % 2] ?? 'events';
  const { tree, problems, tokens } = parseFilter(text, table);
  for (const { column, length, message } of problems) {
    expect(column, text).toBeGreaterThanOrEqual(1);
    expect(column + length, text).toBeLessThanOrEqual(text.length + 1);
    expect(message, text).toMatch(/^\S[^\n]*[.…:]$/s);
  }
  let end = 0;
  for (const { from, to } of tokens) {
    expect(from >= end && to > from && to <= text.length, text).toBe(true);
    end = to;
  }
  if (!tree) expect(problems.length, text).toBeGreaterThan(0);
  if (!tree || index % 40 !== 0) return tree !== undefined;
  for (const by of ['set', 'row'] as const) {
    const { text: where, params } = compileTree(tree, TIME, by);
    expect(where).toMatch(OWN_SQL);
    expect(where).not.toContain('zqzq');
    expect(where.split('?').length - 1, text).toBe(params.length);
    expect(database.prepare(`SELECT seq FROM event WHERE seq > 0 AND (${where})`).all(...params)).toEqual([]);
  }
  return true;
}

describe('100,000 random and mutated texts', () => {
  test.each([1, 2, 3, 4, 5])('the %i. 20,000', (chunk) => {
    const random = randomFrom(chunk);
    let filters = 0;
    for (let index = 0; index < 20_000; index++) if (examine(randomText(random), index)) filters++;
    // Many are filters: what the compiler makes of them is looked at as well.
    expect(filters).toBeGreaterThan(300);
  });

  test('any characters at all', () => {
    let index = 0;
    const anything = fc.string({ unit: 'binary', maxLength: 60 });
    fc.assert(
      fc.property(anything, (text) => {
        examine(text, index++);
      }),
      { numRuns: 5000 },
    );
  });
});

test('completion answers anything, in its place', () => {
  const random = randomFrom(9);
  for (let index = 0; index < 5000; index++) {
    const text = randomText(random);
    const caret = Math.floor(random() * (text.length + 3));
    const { from, to, items } = completeFilter(database, text, 'events', caret);
    expect(from <= to && from >= 0 && to <= text.length, text).toBe(true);
    expect(from <= Math.min(caret, text.length) && to >= Math.min(caret, text.length), text).toBe(true);
    expect(items.length).toBeLessThanOrEqual(50);
  }
});

test('500 conditions of the longest kinds are one statement', () => {
  for (const term of [
    'evil',
    'module.name == x',
    'verdict == contradiction',
    'process.ancestor == x',
    'contradiction != success-without-load',
  ]) {
    for (const joint of [' and ', ' or ']) {
      const { tree } = parseFilter(
        Array.from({ length: 400 }, () => term)
          .join(joint)
          .slice(0, 9000)
          .replace(/\s+\S*$/, '') +
          joint +
          'hidden',
        'events',
      );
      if (!tree) continue;
      const { text, params } = compileTree(tree, TIME, 'set');
      expect(() => database.prepare(`SELECT seq FROM event WHERE ${text}`).all(...params)).not.toThrow();
    }
  }
});

test('nests of a hundred are one statement', () => {
  const { tree } = parseFilter(`${'not (pid > 1 or '.repeat(50)}evil${')'.repeat(50)}`, 'events');
  const { text, params } = compileTree(tree ?? { kind: 'and', parts: [] }, TIME, 'row');
  expect(tree).toBeDefined();
  expect(database.prepare(`SELECT seq FROM event WHERE ${text}`).all(...params)).toEqual([]);
});

test('regular expressions that hang others do not hang', () => {
  const long = `${'a'.repeat(4000)}!`;
  for (const source of ['^(a+)+$', '^(a|a)*$', '(a*)*b', '(.*a){12}$']) {
    const pattern = compilePattern(source);
    if (typeof pattern === 'string') throw new Error(pattern);
    const started = performance.now();
    pattern.test(long);
    expect(performance.now() - started, source).toBeLessThan(2000);
  }
});
