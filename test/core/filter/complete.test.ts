/** What is proposed at a place of a filter, on the recorded sample. */
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { combineFilter, filterTerm, searchTerm } from '#contract/filter-term.ts';
import { Attempts } from '#core/attempt/attempts.ts';
import { EventReader } from '#core/capture/events.ts';
import { openCapture } from '#core/capture/open.ts';
import { FIELDS } from '#core/filter/fields.ts';
import { Filters } from '#core/filter/filters.ts';
import { parseFilter } from '#core/filter/parse.ts';

const capture = openCapture(join(import.meta.dirname, '../../../samples/sample.modtrail'));
const filters = new Filters(capture, new Attempts(capture, new EventReader(capture)));

afterAll(() => {
  capture.close();
});

/** The | is the caret. */
function completed(text: string, table: 'events' | 'attempts' = 'events') {
  const caret = text.indexOf('|');
  const whole = text.replace('|', '');
  const { from, to, items } = filters.complete(whole, table, caret);
  return { replaced: whole.slice(from, to), texts: items.map((item) => item.text), items };
}

describe('at the beginning of a condition', () => {
  test.each(['|', 'evil and |', '(|', 'not |', 'kind == loss or |', 'kind == loss && |', '!|'])(
    '%s: fields',
    (text) => {
      const { texts } = completed(text);
      expect(texts.slice(0, 3)).toEqual(['seq', 'time', 'kind']);
    },
  );

  test('those that begin so come first, then those that have it in a part of their name', () => {
    expect(completed('pro|').texts.slice(0, 2)).toEqual(['process.comm', 'process.exe']);
    expect(completed('comm|').texts).toEqual(['process.comm']);
    expect(completed('PID|').texts.slice(0, 3)).toEqual(['pid', 'process.pid', 'process.ancestor.pid']);
  });

  test('the word at the caret is replaced as a whole', () => {
    expect(completed('evil and proc|ess.com and x').replaced).toBe('process.com');
  });

  test('fields of events are not proposed for attempts', () => {
    expect(completed('request|', 'events').texts).toEqual(['request.name']);
    expect(completed('request|', 'attempts').texts).toEqual([]);
  });

  test('after has, a field', () => {
    expect(completed('has file.p|').texts).toEqual(['file.path']);
  });

  test('each with what it means', () => {
    expect(completed('process.auid|').items[0]?.detail).toBe('The user who logged in; absent where nobody did.');
  });
});

describe('after a field', () => {
  test('operators that fit its type', () => {
    expect(completed('process.comm |').texts).toEqual(['==', '!=', 'contains', '~', 'in']);
    expect(completed('duration |').texts).toEqual(['==', '!=', '<', '<=', '>', '>=', 'in']);
    expect(completed('process.comm con|').texts).toEqual(['contains']);
    expect(completed('duration >|').texts).toEqual(['>', '>=']);
  });

  test('a field of true and false may stand alone', () => {
    expect(completed('file.deleted |').texts).toEqual(['==', '!=', 'and', 'or']);
  });
});

describe('values', () => {
  test('of a closed list', () => {
    expect(completed('verdict == |').texts).toContain('init-failed');
    expect(completed('kind in { finit_module, mod|').texts.slice(0, 3)).toEqual([
      'module_load',
      'module_free',
      'module_request',
    ]);
    expect(completed('errno == EP|').texts.slice(0, 1)).toEqual(['EPERM']);
    expect(completed('file.deleted == |').texts).toEqual(['true', 'false']);
    expect(completed('module.taints == out|').texts).toEqual([
      ...['"out of specification"', '"out-of-tree module"', '"randomised layout"'],
    ]);
    expect(completed('flags contains VERM|').texts).toEqual(['MODULE_INIT_IGNORE_VERMAGIC']);
  });

  test('from the capture, the commonest first, quoted where they need it', () => {
    const comms = completed('process.comm == |');
    expect(comms.texts).toContain('insmod');
    expect(comms.items[0]).toMatchObject({ kind: 'value', detail: 'process.comm, in this capture' });
    expect(completed('file.path contains "/home|').texts[0]).toMatch(/^\/home\//);
    expect(completed("process.comm == 'insmod'|").texts).toEqual(['insmod']);
    expect(completed('process.argv == "insm|').texts[0]).toMatch(/^".*insmod .*"$/);
  });

  test.each(['process.comm', 'process.exe', 'file.path', 'module.name', 'image.sha256', 'process.uid', 'param_values'])(
    '%s: what is proposed is a filter that keeps rows',
    (field) => {
      const { texts } = completed(`${field} == |`);
      expect(texts.length).toBeGreaterThan(0);
      for (const text of texts.slice(0, 5)) {
        const { where, params } = filters.where(`${field} == ${text}`, 'events');
        const rows = capture.database
          .prepare<unknown[], bigint>(`SELECT count(*) FROM event WHERE ${where}`)
          .pluck()
          .get(...params);
        if (field !== 'file.path') expect(rows, text).toBeGreaterThan(0n);
      }
    },
  );
});

test('after a condition, words that go on', () => {
  for (const text of ['kind == loss |', 'evil |', '(evil) |', 'errno in { EPERM } |', 'has file.path |']) {
    expect(completed(text).texts, text).toEqual(['and', 'or']);
  }
  expect(completed('kind == loss o|').texts).toEqual(['or']);
});

describe('within a text whose quote is not closed', () => {
  test.each([
    ['process.comm == "ins| and errno == EPERM', '"ins', ['insmod']],
    ["process.comm == 'in|smo and errno == EPERM", "'insmo", ['insmod']],
    ['(process.comm == "ins|) and pid > 1', '"ins', ['insmod']],
    ['process.argv contains "insmod /ho|', '"insmod /ho', []],
    ['process.comm == "|', '"', undefined],
  ])('%s: the word at the caret is replaced, and what follows stays', (text, replaced, texts) => {
    const found = completed(text);
    expect(found.replaced).toBe(replaced);
    if (texts) expect(found.texts.filter((one) => one === 'insmod')).toEqual(texts);
  });
});

test('every field is completed without an error', () => {
  for (const { name, type } of FIELDS) {
    const { items } = completed(`${name} == e|`);
    expect(
      items.every(({ kind }) => kind === 'value'),
      `${name}, ${type}`,
    ).toBe(true);
  }
});

describe('terms written for what is chosen', () => {
  test.each([
    'insmod',
    'a b',
    'it"s',
    'back\\slash',
    'and',
    'In',
    '1..2',
    '',
    '\n\t',
    'évil',
    '{x}',
    '/a-b_c.ko',
    '\\u{41}',
    '\\n',
    '🦠',
  ])('%j is read as itself', (value) => {
    const parsed = parseFilter(filterTerm('process.comm', '==', value), 'events');
    expect(parsed.tree).toMatchObject({ kind: 'compare', value });
    const several = parseFilter(filterTerm('process.comm', 'in', [value, 'x']), 'events').tree;
    expect(several).toMatchObject({ kind: 'in', spans: [{ from: value }, { from: 'x' }] });
    if (value !== '') expect(parseFilter(searchTerm(value), 'events').tree).toEqual({ kind: 'search', text: value });
  });

  test.each([
    ['', 'and', 'pid == 1', 'pid == 1'],
    ['  ', 'and not', 'pid == 1', 'not pid == 1'],
    ['evil', 'only', 'pid == 1', 'pid == 1'],
    ['evil', 'and', 'pid == 1', 'evil and pid == 1'],
    ['a or b', 'and', 'pid == 1', '(a or b) and pid == 1'],
    ['a and b', 'or', 'pid == 1', 'a and b or pid == 1'],
    ['(a or b) and c', 'and', 'pid == 1', '(a or b) and c and pid == 1'],
    ['(a or b', 'and', 'pid == 1', '((a or b) and pid == 1'],
    ['process.comm == "a or b"', 'and', 'pid == 1', 'process.comm == "a or b" and pid == 1'],
    ['a||b', 'and not', 'pid == 1 or pid == 2', '(a||b) and not (pid == 1 or pid == 2)'],
    ['evil', 'and', 'a or b', 'evil and (a or b)'],
    ['evil', 'and not', 'two words', 'evil and not (two words)'],
    ['evil', 'or not', 'has file.path', 'evil or not has file.path'],
    ['evil', 'and not', 'errno in { EPERM, ENOENT }', 'evil and not errno in { EPERM, ENOENT }'],
  ] as const)('%j, %s: %s', (existing, how, term, wanted) => {
    expect(combineFilter(existing, how, term)).toBe(wanted);
  });
});
